import type { FailureReading } from '../reading.ts';
import { type LeftOutList, shortText } from './left-out.ts';
import type { NoteOutput, Placed } from './note-output.ts';

/** A tool says why it ended right below its figures: an empty line or its last word may stand between them. */
const mostBetween = 3;

function isOf({ section, reading }: Placed<FailureReading>, { section: own, reading: of }: NoteOutput): boolean {
  const line = reading.lines[0] ?? 0;
  const [first, last] = [of.lines[0] ?? 0, of.lines.at(-1) ?? 0];
  return section === own && reading.tool.name === of.tool.name && line >= first && line <= last + mostBetween;
}

/** Gives failures to the outputs that they ended. The others are listed: they have no figures. */
export function takeFailures(
  failures: readonly Placed<FailureReading>[],
  outputs: readonly NoteOutput[],
  leftOut: LeftOutList,
): void {
  const bySection = Map.groupBy(outputs, ({ section }) => section);
  for (const failure of failures) {
    const { lines, tool, value } = failure.reading;
    const ended = (bySection.get(failure.section) ?? []).filter((output) => isOf(failure, output));
    for (const output of ended) output.failure ??= value.message;
    if (ended.length === 0) leftOut.addLines(lines, `${tool.name}: ${shortText(value.message)}`, 'the tool failed');
  }
}

import type { NoteCommand } from '../command/command.ts';
import type { AnyReading } from '../reading.ts';
import { proseLine } from '../text-lines.ts';
import { topologyOfLead } from './heading-topology.ts';
import type { NotedTopology } from './noted-topology.ts';

export interface LeadSource {
  /** The lines of the block as they stand. */
  readonly lines: readonly string[];
  /** Lines of the note above them. */
  readonly above: number;
  readonly commands: readonly NoteCommand[];
  /** What the running text above the block says. */
  readonly lead: NotedTopology | null;
}

/** Lines of commands and blanks between words and the output that they are about. */
const mostBetween = 8;
const mostWords = 3;

/** Places of lines that commands and outputs stand on. */
function takenLines(
  readings: readonly AnyReading[],
  { commands, above }: LeadSource,
): Map<number, 'output' | 'command'> {
  const taken = new Map<number, 'output' | 'command'>();
  for (const { lines } of readings) for (const line of lines) taken.set(line - above - 1, 'output');
  for (const { line, lastLine, isMentioned } of commands) {
    if (isMentioned) continue;
    for (let at = line; at <= lastLine; at += 1) taken.set(at - above - 1, 'command');
  }
  return taken;
}

/** The lines of words directly above a place, as one text; empty where commands, blanks or another output fill the room. */
function wordsAbove(place: number, lines: readonly string[], taken: ReadonlyMap<number, 'output' | 'command'>): string {
  const isPassed = (at: number): boolean => lines[at]?.trim() === '' || taken.get(at) === 'command';
  let last = place - 1;
  while (last >= 0 && place - last <= mostBetween && isPassed(last)) last -= 1;
  let first = last;
  while (first > 0 && last - first + 1 < mostWords && lines[first - 1]?.trim() !== '' && !taken.has(first - 1))
    first -= 1;
  if (last < 0 || taken.has(last)) return '';
  return lines
    .slice(first, last + 1)
    .map((line) => proseLine(line).trim())
    .join(' ');
}

/** Readings with the topology that words directly above them say, in their block or above it; what is said holds to the end of the block or until something else is said. */
export function withTopology(readings: readonly AnyReading[], source: LeadSource): AnyReading[] {
  const taken = takenLines(readings, source);
  let said = source.lead;
  return readings.map((reading) => {
    const words = wordsAbove((reading.lines[0] ?? 1) - source.above - 1, source.lines, taken);
    said = topologyOfLead(words) ?? said;
    return said === null ? reading : { ...reading, topology: said };
  });
}

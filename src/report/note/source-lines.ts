import type { Run } from '../../record/run.ts';

/** Things left out that are named; of more only the number. */
const mostLeftOut = 6;

function plural(count: number, word: string): string {
  return `${String(count)} ${word}${count === 1 ? '' : 's'}`;
}

function linesText(lines: readonly number[]): string {
  return `${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}`;
}

/** Who wrote it: a measurement of a note has a window only where a report of tapbench carries it. */
function writtenBy({ trials }: Pick<Run, 'trials'>): string {
  const measurements = trials.flatMap((trial) => trial.measurements);
  const reported = measurements.filter(({ window }) => window !== null).length;
  if (reported === 0) return 'written by a person, not measured by tapbench';
  if (reported === measurements.length) return 'read from a report of tapbench';
  const all = plural(measurements.length, 'measurement');
  return `${String(reported)} of ${all} from a report of tapbench, the others written by a person`;
}

/** What every report of a lab note says at its top: that it is one, which, and what of it is in no figure. None for what tapbench measured. */
export function labNoteLines({ source, trials }: Pick<Run, 'source' | 'trials'>): string[] {
  if (source.kind === 'measured') return [];
  const { file, lineCount, leftOut, notRecorded } = source;
  const named = leftOut.slice(0, mostLeftOut).map(({ line, what, why }) => `line ${String(line)} ${what} (${why})`);
  const more = leftOut.length > mostLeftOut ? [`and ${String(leftOut.length - mostLeftOut)} more`] : [];
  return [
    `lab note ${file} (${plural(lineCount, 'line')}): ${writtenBy({ trials })}`,
    leftOut.length === 0
      ? 'nothing in it was left out'
      : `left out, ${plural(leftOut.length, 'thing')} in no figure: ${[...named, ...more].join('; ')}`,
    ...(notRecorded.length === 0 ? [] : [`not recorded: the note has empty blocks on ${linesText(notRecorded)}`]),
  ];
}

import type { Run } from '../../record/run.ts';

/** Things left out that are named; of more only the number. */
const mostLeftOut = 6;

function plural(count: number, word: string): string {
  return `${String(count)} ${word}${count === 1 ? '' : 's'}`;
}

function linesText(lines: readonly number[]): string {
  return `${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}`;
}

/** What every report of a lab note says at its top: that it is one, which, and what of it is in no figure. None for what tapbench measured. */
export function labNoteLines({ source }: Pick<Run, 'source'>): string[] {
  if (source.kind === 'measured') return [];
  const { file, lineCount, leftOut, notRecorded } = source;
  const named = leftOut.slice(0, mostLeftOut).map(({ line, what, why }) => `line ${String(line)} ${what} (${why})`);
  const more = leftOut.length > mostLeftOut ? [`and ${String(leftOut.length - mostLeftOut)} more`] : [];
  return [
    `lab note ${file} (${plural(lineCount, 'line')}): written by a person, not measured by tapbench`,
    leftOut.length === 0
      ? 'nothing in it was left out'
      : `left out, ${plural(leftOut.length, 'thing')} in no figure: ${[...named, ...more].join('; ')}`,
    ...(notRecorded.length === 0 ? [] : [`not recorded: the note has empty blocks on ${linesText(notRecorded)}`]),
  ];
}

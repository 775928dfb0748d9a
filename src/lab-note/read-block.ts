import type { NoteCommand } from './command/command.ts';
import { CommandScan } from './command/command-scan.ts';
import type { NoteSide } from './command/side.ts';
import { readOutputLines } from './output/read-output.ts';
import { figuresInProse } from './prose-figures.ts';
import type { NoteBlock } from './read-markdown.ts';
import type { AnyReading, UnreadLine } from './reading.ts';
import { proseLine, splitLines } from './text-lines.ts';

export interface BlockContent {
  readonly commands: readonly NoteCommand[];
  readonly readings: readonly AnyReading[];
  /** Lines of code that are neither a command, a comment nor any output; of running text those with figures, and those inside of an output. */
  readonly notUnderstood: readonly UnreadLine[];
}

export interface BlockPlace {
  /** Lines of the note above the block's text: lines are those of the text, from 1, plus these. */
  readonly above: number;
  /** The side that the words before the block say. */
  readonly side: NoteSide | null;
}

const shells: ReadonlySet<string> = new Set([
  'bash',
  'sh',
  'shell',
  'console',
  'zsh',
  'fish',
  'shell-session',
  'terminal',
  'shellsession',
  'sh-session',
]);

const firstPlace: BlockPlace = { above: 0, side: null };

/** Reads one block of a note: commands and outputs. */
export function readBlock(
  { kind, language, text }: Pick<NoteBlock, 'kind' | 'language' | 'text'>,
  { above, side }: BlockPlace = firstPlace,
): BlockContent {
  if (kind === 'prose') return readProse(text, above);
  const lines = splitLines(text);
  const isShell = language !== null && shells.has(language);
  const scan = new CommandScan(lines, { above, side, isCode: true });
  const { readings, notUnderstood } = readOutputLines(scan.readSigned(), above);
  const unread = isShell ? notUnderstood.filter((each) => !scan.readUnsigned(each)) : notUnderstood;
  const comments = figuresInProse(scan.comments);
  return { commands: scan.commands(), readings, notUnderstood: inOrder([...unread, ...comments]) };
}

function inOrder(lines: readonly UnreadLine[]): UnreadLine[] {
  return lines.toSorted((a, b) => a.line - b.line);
}

/** Numbers of the lines that stand in one paragraph with a line of an output, from the output's first line on. */
function linesOfOutputs(lines: readonly string[], readings: readonly AnyReading[], above: number): Set<number> {
  const read = new Set(readings.flatMap((each) => each.lines));
  const found = new Set<number>();
  let isInside = false;
  lines.forEach((line, index) => {
    if (line.trim() === '') isInside = false;
    else isInside ||= read.has(above + index + 1);
    if (isInside) found.add(above + index + 1);
  });
  return found;
}

function readProse(text: string, above: number): BlockContent {
  const lines = splitLines(text).map(proseLine);
  const scan = new CommandScan([...lines], { above, side: null, isCode: false });
  const { readings, notUnderstood } = readOutputLines(scan.readSigned(), above);
  const inside = readings.length === 0 ? new Set<number>() : linesOfOutputs(lines, readings, above);
  const listed = new Set(figuresInProse(notUnderstood.filter(({ line }) => !inside.has(line))).map(({ line }) => line));
  return {
    commands: scan.commands(),
    readings,
    notUnderstood: notUnderstood.filter(({ line }) => inside.has(line) || listed.has(line)),
  };
}

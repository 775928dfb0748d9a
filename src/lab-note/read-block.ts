import type { NoteCommand } from './command/command.ts';
import { CommandScan } from './command/command-scan.ts';
import type { NoteSide } from './command/side.ts';
import { withFailureOwners } from './failure-owner.ts';
import { commandMark } from './output/block-line.ts';
import { readOutputLines } from './output/read-output.ts';
import { figuresInProse } from './prose-figures.ts';
import type { NoteBlock } from './read-markdown.ts';
import type { AnyReading, UnreadLine } from './reading.ts';
import { proseLine, splitLines } from './text-lines.ts';
import type { NotedTopology } from './topology/noted-topology.ts';
import { withTopology } from './topology/reading-topology.ts';

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
  /** The two ends that they say. */
  readonly topology: NotedTopology | null;
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

const firstPlace: BlockPlace = { above: 0, side: null, topology: null };

/** Reads one block of a note: commands and outputs. */
export function readBlock(
  { kind, language, text }: Pick<NoteBlock, 'kind' | 'language' | 'text'>,
  { above, side, topology }: BlockPlace = firstPlace,
): BlockContent {
  if (kind === 'prose') return readProse(text, above);
  const lines = splitLines(text);
  const isShell = language !== null && shells.has(language);
  const scan = new CommandScan([...lines], { above, side, isCode: true });
  const signed = scan.readSigned();
  const { readings, notUnderstood } = withFailureOwners(readOutputLines(signed, above), scan.commands());
  const unread = isShell ? notUnderstood.filter((each) => !scan.readUnsigned(each)) : notUnderstood;
  const comments = readComments(scan.comments, { signed, above });
  const commands = scan.commands();
  const all = [...readings, ...comments.readings].sort((a, b) => (a.lines[0] ?? 0) - (b.lines[0] ?? 0));
  return {
    commands,
    readings: withTopology(all, { lines, above, commands, lead: topology }),
    notUnderstood: inOrder([...unread, ...comments.notUnderstood]),
  };
}

/** What a tool printed may stand in comments below the command. Comments that are nothing of it are words, of which those with figures are listed. */
function readComments(
  comments: readonly UnreadLine[],
  { signed, above }: { readonly signed: readonly string[]; readonly above: number },
): Pick<BlockContent, 'readings' | 'notUnderstood'> {
  if (!comments.some(({ text }) => outputInComment.test(text))) {
    return { readings: [], notUnderstood: figuresInProse(comments) };
  }
  const byLine = new Map(comments.map(({ line, text }) => [line, text]));
  const lines = signed.map((line, place) => byLine.get(above + place + 1) ?? (line === commandMark ? line : ''));
  const { readings, notUnderstood } = readOutputLines(lines, above);
  const figures = readings.filter(({ kind }) => kind !== 'failure' && kind !== 'no-figures');
  const read = new Set(figures.flatMap((reading) => reading.lines));
  const inside = linesOfOutputs(lines, figures, above);
  const words = comments.filter(({ line }) => !read.has(line) && !inside.has(line));
  const lost = notUnderstood.filter(({ line }) => inside.has(line));
  return { readings: figures, notUnderstood: [...figuresInProse(words), ...lost] };
}

/** Spares most blocks a second reading. */
const outputInComment = /^(?:\[|@|sockperf:|\s*\d+\.\d+\s+\d)/;

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
  const { readings, notUnderstood } = withFailureOwners(readOutputLines(scan.readSigned(), above), scan.commands());
  const inside = readings.length === 0 ? new Set<number>() : linesOfOutputs(lines, readings, above);
  const listed = new Set(figuresInProse(notUnderstood.filter(({ line }) => !inside.has(line))).map(({ line }) => line));
  const commands = scan.commands();
  return {
    commands,
    readings: withTopology(readings, { lines, above, commands, lead: null }),
    notUnderstood: notUnderstood.filter(({ line }) => inside.has(line) || listed.has(line)),
  };
}

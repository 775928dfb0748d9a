import { readCommandLine } from './command/command-line.ts';
import type { HeadingBlock } from './markdown/block.ts';
import { readOutput } from './output/read-output.ts';
import { cleanLine, splitLines } from './text-lines.ts';

/** Longer ones are looked at in their first lines only. */
const mostLines = 20;

function isCommand(line: string): boolean {
  const { sign, rest } = readCommandLine(line);
  return sign === 'prompt' || (sign === 'known' && rest.trim() === '');
}

function isOutput(source: string): boolean {
  const lines = splitLines(source).slice(0, mostLines);
  if (lines.some((line) => isCommand(cleanLine(line)))) return true;
  return readOutput(lines.join('\n')).readings.length > 0;
}

/** Pasted text that Markdown takes for a heading: root's prompt before a command, or output above one of the rules that tools print. */
export function isPastedHeading({ depth, source, isUnderlined }: HeadingBlock): boolean {
  if (isUnderlined) return isOutput(source);
  return depth === 1 && readCommandLine(`# ${source}`).sign === 'prompt';
}

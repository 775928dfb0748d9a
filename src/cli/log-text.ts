import { printable } from '../report/text/printable.ts';

/**
 * What a CI's log takes for a command: a line that begins with `::`, spaces before it or not, and `##[` or `##vso[` anywhere (GitHub's runner,
 * `ActionCommand.TryParseV2` and `TryParse`; Azure Pipelines, "Logging commands").
 */
const commands = /^([^\S\n]*):(?=:)|#(?=#\w*\[)/gm;

function withoutCommands(text: string): string {
  return text.replaceAll(commands, (_, spaces?: string) => (spaces === undefined ? '\\x23' : `${spaces}\\x3a`));
}

/** A text, which may be from outside, as one line of a log: it can't make another, nor be taken for a command by what reads the log. */
export function logLine(text: string): string {
  return withoutCommands(printable(text));
}

/** What a document has of its own: line breaks and tabs; on a terminal codes of colours, too (ECMA-48, SGR). */
const breaks = /((?:\r?\n|\t)+)/;
const breaksAndColours = /((?:\r?\n|\t|\x1b\[[\d;]*m)+)/;
const unseen = /(?![\r\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** A document that was made for stdout, made sure of: what is from outside should have been made printable where it was put in. */
export function documentText(text: string, isColor: boolean): string {
  if (!unseen.test(text)) return withoutCommands(text);
  const pieces = text.split(isColor ? breaksAndColours : breaks);
  return withoutCommands(pieces.map((piece, index) => (index % 2 === 0 ? printable(piece) : piece)).join(''));
}

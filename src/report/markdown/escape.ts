import { printable } from '../printable.ts';

/** Text inside a paragraph, a list item or a table cell, such that nothing in it is taken for Markdown or HTML. */
export function markdownText(text: string): string {
  return printable(text).replaceAll(/[\\`*_{}[\]<>#|~&!$]/g, (character) =>
    character === '<' ? '&lt;' : character === '>' ? '&gt;' : character === '&' ? '&amp;' : `\\${character}`,
  );
}

/** A longer row of backticks than any in the text: what CommonMark asks of a fence or a code span around it. */
function backticks(text: string, least: number): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
  return '`'.repeat(Math.max(least, longest + 1));
}

/** Text as an inline code span; bars are kept out of table columns. */
export function markdownCode(text: string): string {
  const plain = printable(text).replaceAll('|', '\\|');
  const ticks = backticks(plain, 1);
  const space = plain.startsWith('`') || plain.endsWith('`') || plain === '' ? ' ' : '';
  return `${ticks}${space}${plain}${space}${ticks}`;
}

/** Lines as a fenced block. */
export function fenced(lines: readonly string[], language = ''): string {
  const clean = lines.map(printable);
  const fence = backticks(clean.join('\n'), 3);
  return [`${fence}${language}`, ...clean, fence].join('\n');
}

/** A table; the cells must be Markdown by now. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), `|${' --- |'.repeat(header.length)}`, ...rows.map(line)].join('\n');
}

/** An argument as a shell takes it. */
function shellWord(argument: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** A command line that can be pasted into a shell. */
export function shellLine(argv: readonly string[]): string {
  return argv.map(shellWord).join(' ');
}

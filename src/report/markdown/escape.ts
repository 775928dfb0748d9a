import { printable } from '../text/printable.ts';
import { columnWidths, widthOf } from '../text/table.ts';

/** Parts two characters of which a viewer would make a link: an HTML comment between them shows nothing. */
const apart = '<!-- -->';

/**
 * What GitHub links without being asked: people and addresses (`@name`), issues (`#1`, `GH-1`) and URLs (GitHub Flavored Markdown, "Autolinks (extension)";
 * GitHub Docs, "Autolinked references and URLs"). It looks for them after escapes were undone, so that a backslash does not help.
 */
const linked = /(?<=@)(?=\w)|(?<=\\#)(?=\d)|(?<=\bgh-)(?=\d)|(?<=\bwww)(?=\.)|(?<=:)(?=\/\/)/gi;

/** What begins a list, a rule or a block of code, and `::`, which begins a command in GitHub's log. */
const opening = /^(?:[+-](?=[\s-]|$)|\d+(?=[.)](?:\s|$))|:(?=:))/;

function withoutOpening(text: string): string {
  const start = text.replace(/^ +/, (spaces) => '&#32;'.repeat(spaces.length));
  return start.replace(opening, (begin) => (/\d/.test(begin) ? `${begin}\\` : `\\${begin}`));
}

/** Text inside a paragraph, a list item or a table cell, such that nothing in it is taken for Markdown, HTML or a link. */
export function markdownText(text: string): string {
  const escaped = printable(text).replaceAll(/[\\`*_{}[\]<>#|~&!$]/g, (character) =>
    character === '<' ? '&lt;' : character === '>' ? '&gt;' : character === '&' ? '&amp;' : `\\${character}`,
  );
  return withoutOpening(escaped).replaceAll(linked, apart);
}

/** A longer row of backticks than any in the text: what CommonMark asks of a fence or a code span around it. */
function backticks(text: string, least: number): string {
  let longest = 0;
  for (const [row] of text.matchAll(/`+/g)) longest = Math.max(longest, row.length);
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

/** Wider cells stand out: with them the others of their column would be mostly spaces. */
const widestPadding = 48;

/** A table, its columns lined up for who reads it as text; the cells must be Markdown by now. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lined = [header, ...rows].map((row) => row.map((cell) => (widthOf(cell) > widestPadding ? '' : cell)));
  // Three dashes make a column.
  const widths = columnWidths(lined).map((width) => Math.max(3, width));
  const line = (cells: readonly string[]) => {
    const padded = cells.map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell))));
    return `| ${padded.join(' | ')} |`;
  };
  return [line(header), line(header.map((_, column) => '-'.repeat(widths[column] ?? 3))), ...rows.map(line)].join('\n');
}

/** An argument as a shell takes it. */
function shellWord(argument: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** A command line that can be pasted into a shell. */
export function shellLine(argv: readonly string[]): string {
  return argv.map(shellWord).join(' ');
}

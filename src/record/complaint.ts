import { withoutTerminalCodes } from './terminal-codes.ts';

/** bpftrace complains of these and goes on: RLIMIT_MEMLOCK (newer kernels account BPF memory otherwise), settings under their old names. */
const harmless = /RLIMIT_MEMLOCK|BPFTRACE_\w+ is deprecated/;
/** What marks the place in the line above, which is the user's own: bpftrace, compilers. */
const marks = /^[\s|]*[~^][~^\s-]*$/;
const warning = /^(?:W:|N:)|\bwarn(?:ing)?\b/i;
const error = /^E:|\b(?:error|fatal|panicked)\b/i;
/** Where in a script it is (`stdin:1:18-52: `), and that it is an error: said by whoever repeats it. */
const prefix = /^(?:stdin:\d+:[\d-]+: )?(?:error: )?/i;

function isQuoted(line: string, next: string): boolean {
  return marks.test(next) && !error.test(line);
}

/** Where a tool says more than this, what it complains of first stands in it. */
const mostCharacters = 1024 ** 2;
/** A longer line is no sentence. */
const longestLine = 300;

function cut(line: string): string {
  return line.length > longestLine ? `${line.slice(0, longestLine)}…` : line;
}

/** Lines that say something: no empty ones, none that only quote or mark, nothing harmless. */
function meaningful(text: string): string[] {
  const lines = withoutTerminalCodes(text.slice(0, mostCharacters))
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(cut);
  return lines
    .filter((line, index) => !marks.test(line) && !harmless.test(line) && !isQuoted(line, lines[index + 1] ?? ''))
    .map((line) => line.trim());
}

/**
 * What a tool complained of, on one line: the first line that says so, never the last, which may mark a column or close a table. Where none
 * calls itself an error, the first that is no warning; null where the tool said nothing.
 * @param count how many lines from that one on, joined by `; `
 */
export function firstComplaint(text: string, count = 1): string | null {
  const lines = meaningful(text);
  const start = [error, /^/].map((kind) => lines.findIndex((line) => kind.test(line) && !warning.test(line)));
  const first = start.find((index) => index >= 0) ?? 0;
  const said = lines.slice(first, first + count).map((line) => line.replace(prefix, ''));
  return said.length === 0 ? null : said.join('; ');
}

import { isClause, type NoteCommand, readCommands } from './command/command.ts';
import { readCommandLine } from './command/command-line.ts';
import { type NoteSide, readSide } from './command/side.ts';
import { readOutputLines } from './output/read-output.ts';
import type { NoteBlock } from './read-markdown.ts';
import type { AnyReading, UnreadLine } from './reading.ts';
import { cleanLine, splitLines } from './text-lines.ts';

export interface BlockContent {
  readonly commands: readonly NoteCommand[];
  /** Comment lines (`# ...`), without their sign. Those that name a side are in its commands. */
  readonly comments: readonly UnreadLine[];
  readonly readings: readonly AnyReading[];
  readonly notUnderstood: readonly UnreadLine[];
}

const shells: ReadonlySet<string> = new Set([
  'bash',
  'sh',
  'shell',
  'console',
  'zsh',
  'shell-session',
  'terminal',
  'shellsession',
  'sh-session',
]);
const comment = /^\s*(?:#+|\/\/)\s*(.*)$/;
const oneWord = /^[\p{L}][\p{L}\p{N}_-]{0,30}:?$/u;
const firstWord = /^[\w./~$-][\w./+:~${}-]*(?:\s|$|=)/;

/** Reads commands, and blanks the lines that they stand on. */
class BlockScan {
  readonly commands: NoteCommand[] = [];
  readonly comments: UnreadLine[] = [];
  readonly #lines: string[];
  /** Lines of the note above the block. */
  readonly #above: number;
  #side: NoteSide | null = null;
  /** The comments that name a side; null: one that is not known. */
  readonly #sides: { readonly line: number; readonly side: NoteSide | null }[] = [];
  #nextSide = 0;

  constructor(text: string, above: number) {
    this.#lines = splitLines(text);
    this.#above = above;
  }

  /** @param isCode prose has comments and calls of programs in other meanings: there only prompts count */
  readSigned(isCode: boolean): readonly string[] {
    for (let index = 0; index < this.#lines.length; index += 1) index += this.#takeSigned(index, isCode);
    return this.#lines;
  }

  /** @returns how many further lines belong to it */
  #takeSigned(index: number, isCode: boolean): number {
    const line = this.#lines[index] ?? '';
    const first = line.trimStart()[0];
    if (first === undefined || first === '@' || first === '{' || line.length > 2000) return 0;
    const { text, promptHost, sign } = readCommandLine(cleanLine(line));
    if (sign === 'prompt' || (sign === 'known' && isCode)) {
      const side =
        promptHost === null
          ? this.#side
          : (readSide(promptHost) ?? { place: null, role: null, number: null, text: promptHost });
      return this.#takeCommand(text, index, side);
    }
    if (isCode && (first === '#' || line.trimStart().startsWith('//'))) this.#takeComment(line, index);
    return 0;
  }

  #takeComment(whole: string, index: number): void {
    const text = comment.exec(whole)?.[1] ?? '';
    // sockperf prints such a line of its own.
    if (text.includes('messages = ')) return;
    const line = this.#above + index + 1;
    const side = readSide(text);
    if (side !== null || this.#isOtherSide(text, line)) this.#setSide(side, line);
    this.comments.push({ line, text });
    this.#lines[index] = '';
  }

  #setSide(side: NoteSide | null, line: number): void {
    this.#sides.push({ line, side });
    this.#side = side;
  }

  /** A word alone, where a side was named before and has had its lines, is likely the name of another side: `# host`, `# laptop`. */
  #isOtherSide(text: string, line: number): boolean {
    const last = this.#sides.at(-1);
    if (last === undefined || last.side === null || !oneWord.test(text)) return false;
    if ((this.commands.at(-1)?.line ?? 0) > last.line) return true;
    return this.#lines.slice(last.line - this.#above, line - this.#above - 1).some((each) => each.trim() !== '');
  }

  #takeCommand(text: string, index: number, side: NoteSide | null): number {
    let whole = text;
    let last = index;
    while (whole.endsWith('\\') && last + 1 < this.#lines.length && last - index < 50) {
      last += 1;
      whole = `${whole.slice(0, -1)} ${cleanLine(this.#lines[last] ?? '').trim()}`;
    }
    const { commands, comment: said } = readCommands(whole, {
      side,
      line: this.#above + index + 1,
      lastLine: this.#above + last + 1,
    });
    const own = said === null ? null : readSide(said);
    this.commands.push(...commands.map((each) => (own === null ? each : { ...each, side: own })));
    for (let place = index; place <= last; place += 1) this.#lines[place] = '';
    return last - index;
  }

  /** In a block of shell, what no tool printed is a command. */
  readUnsigned({ line, text }: UnreadLine): boolean {
    if (!firstWord.test(text.trim())) return false;
    const side = this.#sideAt(line);
    const { commands } = readCommands(text.trim(), { side, line, lastLine: line });
    this.commands.push(...commands);
    return commands.length > 0 || isClause(text.trim());
  }

  /** Lines are asked for in ascending order. */
  #sideAt(line: number): NoteSide | null {
    while ((this.#sides[this.#nextSide]?.line ?? Infinity) < line) this.#nextSide += 1;
    return this.#sides[this.#nextSide - 1]?.side ?? null;
  }
}

/**
 * Reads one block of a note: commands, comments, outputs.
 * @param above lines of the note above the block's text: lines are those of the text, from 1, plus these
 */
export function readBlock(
  { kind, language, text }: Pick<NoteBlock, 'kind' | 'language' | 'text'>,
  above = 0,
): BlockContent {
  const scan = new BlockScan(text, above);
  const { readings, notUnderstood } = readOutputLines(scan.readSigned(kind !== 'prose'), above);
  const isShell = language !== null && shells.has(language);
  const unread = isShell ? notUnderstood.filter((each) => !scan.readUnsigned(each)) : notUnderstood;
  scan.commands.sort((a, b) => a.line - b.line);
  return { commands: scan.commands, comments: scan.comments, readings, notUnderstood: unread };
}

import { demandFew } from '../note-bounds.ts';
import { commandMark } from '../output/block-line.ts';
import type { UnreadLine } from '../reading.ts';
import { cleanLine } from '../text-lines.ts';
import { isClause, type NoteCommand, readCommands } from './command.ts';
import { type CommandLine, readCommandLine } from './command-line.ts';
import { looksLikeCommand } from './script-line.ts';
import { sentenceSide } from './sentence-side.ts';
import { type NoteSide, readSide } from './side.ts';
import { hasFurtherWords } from './tool-command.ts';

const comment = /^\s*(?:#+|\/\/)\s*(.*)$/;
/** perf stat writes so below what the command has printed. */
const counted = /^\s*Performance counter stats for '(.{3,400})':$/;
const oneWord = /^[\p{L}][\p{L}\p{N}_-]{0,30}:?$/u;
const codeSpan = /(`{1,3})(?!`)(.{3,400}?)\1(?!`)/g;
/** Longer lines are no commands. */
const longest = 2000;
/** Calls that one line speaks of. */
const mostMentions = 10;
/** Lines that a backslash carries on. */
const mostCarried = 50;

const processLists: ReadonlySet<string> = new Set(['ps', 'pgrep', 'pidof', 'top', 'htop', 'pstree']);
/** A row of `ps aux`, `ps -ef` or `top`: user and numbers, then the time that it has used. */
const processRow = /^\s*[\w+.-]{1,32}\s+\d{1,7}\s+\d[\d.]*\s(?=.{0,60}\s\d{1,4}:\d\d(?::\d\d)?\s)/;
const startsWithPid = /^\s*(?:[A-Za-z_][\w+.-]{0,31}\s+)?\d{1,7}\s/;

export interface ScanPlace {
  /** Lines of the note above the text. */
  readonly above: number;
  /** The side that the words before the text say. */
  readonly side: NoteSide | null;
  /** Running text has comments and calls of programs in other meanings: there only prompts and whole calls count. */
  readonly isCode: boolean;
}

/** Reads the commands of a text, and blanks the lines that they stand on. */
export class CommandScan {
  /** Comment lines, without their sign. Those that name a side are in its commands. */
  readonly comments: UnreadLine[] = [];
  readonly #commands: NoteCommand[] = [];
  readonly #lines: string[];
  readonly #place: ScanPlace;
  #side: NoteSide | null;
  /** The comments that name a side; null: one that is not known. */
  readonly #sides: { readonly line: number; readonly side: NoteSide | null }[] = [];
  #nextSide = 0;
  /** Prompts that stood before a call that is known: what stands behind them elsewhere is a command too. */
  readonly #prompts = new Set<string>();
  readonly #promptLengths = new Set<number>();
  #hasPrompts = false;
  /** The last command lists processes: calls below it ran before, for whatever. */
  #isProcessList = false;
  /** Lines that speak of calls. */
  readonly #mentionLines = new Set<number>();

  constructor(lines: string[], place: ScanPlace) {
    this.#lines = lines;
    this.#place = place;
    this.#side = place.side;
  }

  /** @returns the lines without those of commands */
  readSigned(): readonly string[] {
    let calls = 0;
    const read = this.#lines.map((line) => {
      const one = this.#commandLine(line);
      if (one.sign !== null) calls += 1;
      demandFew('commands', calls);
      return one;
    });
    for (const { sign, prompt } of read) {
      if (sign !== 'prompt') continue;
      this.#hasPrompts = true;
      if (prompt.length <= 2) continue;
      this.#prompts.add(prompt);
      this.#promptLengths.add(prompt.length);
    }
    for (let index = 0; index < this.#lines.length; index += 1) {
      const one = read[index];
      if (one !== undefined) index += this.#takeLine(one, index);
    }
    return this.#lines;
  }

  commands(): readonly NoteCommand[] {
    return this.#commands.toSorted((a, b) => a.line - b.line);
  }

  #add(commands: readonly NoteCommand[]): void {
    this.#commands.push(...commands);
    demandFew('commands', this.#commands.length);
  }

  #commandLine(raw: string): CommandLine {
    const first = raw.trimStart()[0];
    const nothing = { text: '', prompt: '', promptHost: null, sign: null, rest: '' };
    if (first === undefined || first === '@' || first === '{' || raw.length > longest) return nothing;
    const line = cleanLine(raw);
    return readCommandLine(this.#place.isCode ? line : withoutMarkup(line));
  }

  /** @returns how many further lines belong to it */
  #takeLine(read: CommandLine, index: number): number {
    const { text, promptHost, sign, rest } = read;
    const raw = this.#lines[index] ?? '';
    const { isCode } = this.#place;
    if (this.#takeCounted(raw, index)) return 0;
    if (sign !== 'prompt' && this.#isProcess(raw)) return 0;
    if (sign === 'prompt' || (sign === 'known' && (isCode || (rest.trim() === '' && isWholeCall(text)))))
      return this.#takeCommand(text, index, this.#sideOf(promptHost));
    const isOfSpans = !isCode && this.#takeSpans(raw, index);
    if (sign !== null && !isOfSpans) this.#mention(read, index);
    if (!isCode) return 0;
    if (/^\s*(?:#|\/\/)/.test(raw)) this.#takeComment(raw, index);
    else if (sign === null) return this.#takePrompted(raw, index);
    return 0;
  }

  /** @returns whether the line is the heading of perf stat */
  #takeCounted(raw: string, index: number): boolean {
    const call = raw.includes('counter stats') ? counted.exec(cleanLine(raw))?.[1] : undefined;
    if (call === undefined) return false;
    const line = this.#place.above + index + 1;
    const { commands } = readCommands(call, { side: this.#side, line, lastLine: line });
    this.#add(commands.map((each) => ({ ...each, isBelowOutput: true as const })));
    this.#lines[index] = commandMark;
    return true;
  }

  #isProcess(raw: string): boolean {
    if (raw.trim() === '') this.#isProcessList = false;
    return processRow.test(raw) || (this.#isProcessList && startsWithPid.test(raw));
  }

  /** The prompt's own words say where, else the comment above does. */
  #sideOf(promptHost: string | null): NoteSide | null {
    if (promptHost === null) return this.#side;
    const own = readSide(promptHost);
    if (own !== null) return own;
    return this.#side?.place === undefined || this.#side.place === null
      ? { place: null, role: null, number: null, text: promptHost }
      : this.#side;
  }

  /** The calls that a line speaks of. */
  #mention(first: CommandLine, index: number, said: NoteSide | null = null): void {
    const line = this.#place.above + index + 1;
    this.#mentionLines.add(line);
    let read = first;
    for (let count = 0; read.sign !== null && count < mostMentions; count += 1) {
      const side = said ?? sentenceSide('', read.rest);
      const { commands } = readCommands(read.text, { side, line, lastLine: line });
      this.#add(commands.map((each) => ({ ...each, isMentioned: true })));
      read = readCommandLine(read.rest);
    }
  }

  /** @returns whether a call stands in a code span of the line */
  #takeSpans(raw: string, index: number): boolean {
    if (!raw.includes('`')) return false;
    const line = cleanLine(raw);
    const calls = [...line.matchAll(codeSpan)]
      .map(({ index: at, 0: whole, 2: span = '' }) => {
        const side = sentenceSide(line.slice(0, at), line.slice(at + whole.length));
        return { read: readCommandLine(span), side };
      })
      .filter(({ read }) => read.sign !== null);
    for (const { read, side } of calls) this.#mention({ ...read, rest: '' }, index, side);
    return calls.length > 0;
  }

  /** A further command behind a prompt that is known by now. */
  #takePrompted(raw: string, index: number): number {
    if (this.#prompts.size === 0) return 0;
    const text = cleanLine(raw).trim();
    for (const length of this.#promptLengths) {
      if (this.#prompts.has(text.slice(0, length))) return this.#takeCommand(text.slice(length), index, this.#side);
    }
    return 0;
  }

  #takeComment(whole: string, index: number): void {
    const text = comment.exec(whole)?.[1] ?? '';
    // sockperf prints such a line of its own.
    if (text.includes('messages = ')) return;
    const line = this.#place.above + index + 1;
    const side = readSide(text);
    if (side !== null || this.#isOtherSide(text, line)) this.#setSide(side, line);
    this.comments.push({ line, text });
    // Outputs below it are of that side.
    this.#lines[index] = side === null ? '' : `--- ${side.text} ---`;
  }

  #setSide(side: NoteSide | null, line: number): void {
    this.#sides.push({ line, side });
    this.#side = side;
  }

  /** A word alone, where a side was named before and has had its lines, is likely the name of another side: `# host`, `# laptop`. */
  #isOtherSide(text: string, line: number): boolean {
    const last = this.#sides.at(-1);
    if (last === undefined || last.side === null || !oneWord.test(text)) return false;
    if ((this.#commands.at(-1)?.line ?? 0) > last.line) return true;
    const { above } = this.#place;
    return this.#lines.slice(last.line - above, line - above - 1).some((each) => each.trim() !== '');
  }

  #takeCommand(text: string, index: number, side: NoteSide | null): number {
    const { above } = this.#place;
    let whole = text;
    let last = index;
    while (/[\\`^]$/.test(whole) && last + 1 < this.#lines.length && last - index < mostCarried) {
      last += 1;
      whole = `${whole.slice(0, -1)} ${cleanLine(this.#lines[last] ?? '').trim()}`;
    }
    const place = { side, line: above + index + 1, lastLine: above + last + 1 };
    const { commands, comment: said } = readCommands(whole, place);
    const own = said === null ? null : readSide(said);
    this.#add(commands.map((each) => (own === null ? each : { ...each, side: own })));
    this.#isProcessList = commands.some(({ program }) => processLists.has(program));
    this.#lines[index] = commandMark;
    for (let at = index + 1; at <= last; at += 1) this.#lines[at] = '';
    return last - index;
  }

  /** In a script what no tool printed is a command, where it looks like one. A transcript has its commands behind prompts. */
  readUnsigned({ line, text }: UnreadLine): boolean {
    const trimmed = text.trim();
    if (isClause(trimmed)) return true;
    if (this.#hasPrompts || this.#mentionLines.has(line) || !looksLikeCommand(trimmed)) return false;
    const { commands } = readCommands(trimmed, { side: this.#sideAt(line), line, lastLine: line });
    this.#add(commands);
    return commands.length > 0;
  }

  /** Lines are asked for in ascending order. */
  #sideAt(line: number): NoteSide | null {
    while ((this.#sides[this.#nextSide]?.line ?? Infinity) < line) this.#nextSide += 1;
    return this.#nextSide === 0 ? this.#place.side : (this.#sides[this.#nextSide - 1]?.side ?? null);
  }
}

/** Without the sign of a list's item and the marks around code and emphasis. */
function withoutMarkup(line: string): string {
  const item = line.trim().replace(/^(?:[-*+]|\d{1,3}[.)])\s+/, '');
  const [, marks = '', inner = ''] = /^([`*_]{1,3})(.*)$/.exec(item) ?? [];
  return marks === '' ? item : inner.endsWith(marks) ? inner.slice(0, -marks.length) : inner;
}

/** Nothing but a call: running text goes on behind one. */
function isWholeCall(text: string): boolean {
  const { commands } = readCommands(text, { side: null, line: 0, lastLine: 0 });
  return commands.length > 0 && commands.every((each) => !hasFurtherWords(each));
}

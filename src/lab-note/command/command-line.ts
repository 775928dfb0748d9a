import { callExtent } from './call-extent.ts';
import { readCommands } from './command.ts';
import { beginsAsCall, subjectPlace, takesNamesOnly } from './programs.ts';
import { readSide } from './side.ts';
import { beginsWithWrapper } from './wrapper.ts';

/** How a line of a block could be a command. */
export interface CommandLine {
  /** Without its prompt. */
  readonly text: string;
  /** What stands before it: the prompt, with its sign; empty where there is none. */
  readonly prompt: string;
  /** `user@host` or a host's name of the prompt; null where there is no prompt, or it names none. */
  readonly promptHost: string | null;
  /**
   * `prompt`: it says so itself; `known`: it begins like a call of a program that is known; `mention`: such a call stands in it behind other words; null: it may
   * be anything.
   */
  readonly sign: 'prompt' | 'known' | 'mention' | null;
  /** What stands behind a call that is only mentioned: there may be further ones. */
  readonly rest: string;
}

const userPrompt = /^\[?[\w.-]{1,32}@([\w.-]{1,64})[:\s]?[^\]$#>@%]{0,60}\]?\s?[$#>%]\s+(?=\S)/;
const hostPrompt = /^([A-Za-z][\w.-]{0,24})(?:[:\s][~/][^\s$#>%]{0,60})?\s?[$#]\s+(?=\S)/;
/** `[host]$ `, `(vm) # ` */
const bracketPrompt = /^[[(]([A-Za-z][\w .-]{0,24})[\])]\s?[$#>]\s+(?=\S)/;
const powerShell = /^PS [A-Za-z]:\\[^>]{0,100}>\s*(?=\S)/;
const barePrompt = /^[$%>]\s+(?=\S)/;
const rootPrompt = /^#\s+(?=\S)/;

/** Signs that prompts end in, or begin with. */
const sign = /[$#%>❯➜λ»›▶⟩✗✓]/gu;
/** `host: `, `[vm]`, `client side:` */
const label = /^[#\s]*[[(]?([A-Za-z][\w.@-]{0,24}(?: [\w.-]{1,16}){0,2})[\])]?\s?:?\s*$/;
const userInPrompt = /@([\w.-]{1,64})/;
const nameInPrompt = /^[[(]?([A-Za-z][\w.-]{1,24})[\])]?(?=[:\s$#>%]|$)/;

/** `%` is no prompt of csh there. */
const straceHeader = /^% time\s+seconds\b/;
const longest = 2000;
const hasOption = /\s-{1,2}[A-Za-z]/;
/** Longer prefixes of a command are no prompts. */
const longestPrompt = 160;

function line(
  text: string,
  as: CommandLine['sign'],
  { prompt = '', promptHost = null, rest = '' }: Partial<Pick<CommandLine, 'prompt' | 'promptHost' | 'rest'>> = {},
): CommandLine {
  return { text, prompt, promptHost, sign: as, rest };
}

/** The call inside of wrappers and variables is of a program that is known, or of one by its path (`./bpftrace.sh`). */
function isKnownCall(text: string): boolean {
  if (text.length > longest) return false;
  if (/^\.{1,2}\/[\w./-]+(?:\s|$)/.test(text) || beginsAsCall(text)) return true;
  if (!beginsWithWrapper(text)) return false;
  const { commands } = readCommands(text, { side: null, line: 0, lastLine: 0 });
  const call = commands[0]?.argv.join(' ') ?? '';
  return beginsAsCall(call) || /^\.{1,2}\/[\w./-]+(?:\s|$)/.test(call);
}

/** Where the command begins that the words before a program belong to; null where no sign of a prompt ends before it. */
function behindSign(text: string, program: number): number | null {
  for (const match of text.slice(0, program).matchAll(sign)) {
    const at = match.index + match[0].length;
    const rest = text.slice(at, program);
    const blank = /^\s*/.exec(rest)?.[0].length ?? 0;
    // `#` before words that are no wrappers begins a comment.
    if (rest.trim() === '' || beginsWithWrapper(`${rest.slice(blank)} `) || /[;&|]/.test(rest)) return at + blank;
  }
  return null;
}

/** Place of the first word of wrappers before the program, else of the program. */
function wrappersPlace(text: string, program: number): number {
  for (const { index, 0: word } of text.slice(0, program).matchAll(/\S+\s*/g))
    if (beginsWithWrapper(`${word.trim()} `)) return index;
  return program;
}

/** The side that words before a call name: `host: `, `[vm]`; undefined where they are no label. */
function labelHost(before: string): string | null | undefined {
  if (/^[`*_"'\s|>-]*$/.test(before)) return null;
  const named = label.exec(before);
  if (named === null) return undefined;
  return readSide(named[1] ?? '') === null ? null : (named[1] ?? null);
}

/** A call without a prompt: with nothing or a label before it and no sentence behind it, it was run; else words speak of it. */
function unpromptedLine(text: string, start: number, program: number): CommandLine {
  const before = text.slice(0, start);
  const wrappers = text.slice(start, program);
  // Quotes that a wrapper opens belong to the call.
  const isQuoted = /["'`]/.test(wrappers);
  const {
    text: call,
    rest,
    isSentence,
  } = isQuoted ? { text: text.slice(program), rest: '', isSentence: false } : callExtent(text.slice(program), before);
  const promptHost = labelHost(before);
  if (promptHost !== undefined && !isSentence) return line(wrappers + call, 'known', { promptHost, rest });
  const isCall = hasOption.test(call) || (!isSentence && rest.trim() === '');
  return isCall ? line(wrappers + call, 'mention', { rest }) : line(text, null);
}

/** A call of a program that notes are about, whatever stands before it. */
function calledLine(text: string, program: number): CommandLine {
  const prefix = text.slice(0, program);
  if (prefix === '' || beginsWithWrapper(text)) return unpromptedLine(text, 0, program);
  const behind = prefix.length > longestPrompt ? null : behindSign(text, program);
  const promptHost = (userInPrompt.exec(prefix) ?? nameInPrompt.exec(prefix))?.[1] ?? null;
  if (behind !== null) return line(text.slice(behind), 'prompt', { prompt: text.slice(0, behind), promptHost });
  const start = wrappersPlace(text, program);
  const before = text.slice(0, start);
  if (/^[➜❯λ»›▶⟩]/u.test(before)) return line(text.slice(start), 'prompt');
  if (takesNamesOnly(/\w+/.exec(before)?.[0] ?? '')) return line(text, null);
  return unpromptedLine(text, start, program);
}

function promptedLine(text: string): CommandLine | null {
  const prompt =
    userPrompt.exec(text) ??
    barePrompt.exec(text) ??
    bracketPrompt.exec(text) ??
    powerShell.exec(text) ??
    hostPrompt.exec(text);
  if (prompt !== null) {
    const rest = text.slice(prompt[0].length);
    // `name # comment` and `name $5` are no prompts without a call behind them; `user@host` is.
    const isSure = prompt[0].includes('@') || /^(?:[$%]|PS )/.test(prompt[0]) || isKnownCall(rest);
    if (isSure) return line(rest, 'prompt', { prompt: prompt[0], promptHost: prompt[1] ?? null });
  }
  // `# ` is root's prompt, or begins a comment.
  const root = rootPrompt.exec(text);
  if (root === null || !isKnownCall(text.slice(root[0].length))) return null;
  return line(text.slice(root[0].length), 'prompt', { prompt: root[0] });
}

/** Spares most lines of output the patterns: what has no sign of a prompt and begins as no known call. */
function isOutOfQuestion(text: string, program: number): boolean {
  if (straceHeader.test(text) || text.length > longest) return true;
  if (text.startsWith('[') && !text.includes('@') && !bracketPrompt.test(text)) return program < 0;
  return program < 0 && !/^[^$#%>]{0,100}[$#%>]/.test(text) && !beginsWithWrapper(text) && !isKnownCall(text);
}

const gap = /\t{2,}| {4,}/g;
const words = /^[A-Za-z(][A-Za-z ,()'-]*$/;

/** Far behind a call with options may stand words about it. */
function withoutRemark(text: string, program: number): string {
  if (program < 0 || !(text.includes('\t\t') || text.includes('    '))) return text;
  const [last] = [...text.matchAll(gap)].slice(-1);
  if (last === undefined || last.index <= program || !words.test(text.slice(last.index + last[0].length))) return text;
  return hasOption.test(text.slice(program, last.index)) ? text.slice(0, last.index) : text;
}

export function readCommandLine(whole: string): CommandLine {
  const trimmed = whole.trim();
  const program = trimmed.length > longest ? -1 : subjectPlace(trimmed);
  const text = withoutRemark(trimmed, program);
  if (isOutOfQuestion(text, program)) return line(text, null);
  const prompted = promptedLine(text);
  if (prompted !== null) return prompted;
  if (program >= 0) return calledLine(text, program);
  return line(text, isKnownCall(text) ? 'known' : null);
}

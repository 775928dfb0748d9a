import { readShellLine } from './shell-words.ts';
import { type NoteSide, readSide } from './side.ts';

/** A command as a note has it. */
export interface NoteCommand {
  /** Name of the program without its folder: `iperf3`, `bpftrace.sh`. */
  readonly program: string;
  /** The program as it was called, and its arguments; without wrappers and redirections. */
  readonly argv: readonly string[];
  /** Commands around it, outermost first: `sudo`, `ip netns exec X`, `taskset -c 1`. */
  readonly wrappers: readonly (readonly string[])[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly isBackground: boolean;
  /** null where neither a comment nor a prompt says it. */
  readonly side: NoteSide | null;
  /** First and last line (a backslash carries on), from 1 in the text that was read. */
  readonly line: number;
  readonly lastLine: number;
  /** The line as it stands, without its prompt. */
  readonly text: string;
}

const assignment = /^([A-Za-z_]\w{0,60})=(.*)$/s;

/** Wrappers with the options that take a word of their own, and how many words they have before the command. */
const wrappers: Readonly<Record<string, { readonly valued: RegExp; readonly operands: number }>> = {
  sudo: { valued: /^-[ugpCDhrtT]$/, operands: 0 },
  doas: { valued: /^-[uC]$/, operands: 0 },
  nohup: { valued: /^$/, operands: 0 },
  time: { valued: /^-[fo]$/, operands: 0 },
  stdbuf: { valued: /^-[ioe]$/, operands: 0 },
  nice: { valued: /^-n$/, operands: 0 },
  ionice: { valued: /^-[cn]$/, operands: 0 },
  setsid: { valued: /^$/, operands: 0 },
  exec: { valued: /^-a$/, operands: 0 },
  env: { valued: /^-[uC]$/, operands: 0 },
  numactl: { valued: /^-[NCmpi]$/, operands: 0 },
  nsenter: { valued: /^-[tSG]$/, operands: 0 },
  chrt: { valued: /^-[TPD]$/, operands: 1 },
  taskset: { valued: /^$/, operands: 1 },
  timeout: { valued: /^-[ks]$/, operands: 1 },
};

/** How many words the wrapper at `start` has; 0 where there is none. */
function wrapperLength(words: readonly string[], start: number): number {
  if (words[start] === 'ip' && words[start + 1] === 'netns' && words[start + 2] === 'exec') return 4;
  const wrapper = Object.hasOwn(wrappers, words[start] ?? '') ? wrappers[words[start] ?? ''] : undefined;
  if (wrapper === undefined) return 0;
  let place = start + 1;
  for (; words[place]?.startsWith('-') === true; place += 1) {
    if (words[place] === '--') {
      place += 1;
      break;
    }
    if (wrapper.valued.test(words[place] ?? '')) place += 1;
  }
  return place + wrapper.operands - start;
}

interface Unwrapped {
  readonly argv: readonly string[];
  readonly wrappers: readonly (readonly string[])[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
}

function unwrap(words: readonly string[]): Unwrapped {
  const environment: { name: string; value: string }[] = [];
  const around: (readonly string[])[] = [];
  let place = 0;
  while (place < words.length) {
    const match = assignment.exec(words[place] ?? '');
    const length = match === null ? wrapperLength(words, place) : 1;
    if (length === 0) break;
    if (match !== null) environment.push({ name: match[1] ?? '', value: match[2] ?? '' });
    else around.push(words.slice(place, place + length));
    place += length;
  }
  return { argv: words.slice(place), wrappers: around, environment };
}

export interface CommandPlace {
  readonly side: NoteSide | null;
  readonly line: number;
  readonly lastLine: number;
}

/** Words of the shell's own that stand before a command, and those that are a part of a loop or a branch by themselves. */
const keywords = new Set(['do', 'then', 'else', 'if', 'elif', 'while', 'until', '!', '{']);
const clauses = new Set(['for', 'select', 'case', 'done', 'fi', 'esac', '}']);

function withoutKeywords(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => !keywords.has(word));
  const rest = first < 0 ? [] : words.slice(first);
  return clauses.has(rest[0] ?? '') ? [] : rest;
}

/** Part of a loop or a branch that has no command in it. */
export function isClause(text: string): boolean {
  const words = readShellLine(text).commands.map((command) => command.words);
  return words.length > 0 && words.every((each) => withoutKeywords(each).length === 0);
}

const sshValued = /^-[BbcDEeFIiJLlmOopQRSWw]$/;

/** The command that ssh runs at the other end, and where; null where it is no ssh, or runs none. */
function throughSsh(words: readonly string[]): { words: readonly string[]; side: NoteSide } | null {
  if (words[0] !== 'ssh') return null;
  let place = 1;
  while (words[place]?.startsWith('-') === true) place += sshValued.test(words[place] ?? '') ? 2 : 1;
  const [host = '', ...rest] = words.slice(place);
  if (rest.length === 0) return null;
  const side = readSide(host) ?? { place: null, role: null, number: null, text: host };
  return { words: readShellLine(rest.join(' ')).commands[0]?.words ?? [], side };
}

/** The commands of one line of shell. What stands behind a pipe is left out: it only works on what was printed. */
export function readCommands(text: string, place: CommandPlace): { commands: NoteCommand[]; comment: string | null } {
  const { commands, comment } = readShellLine(text);
  const found: NoteCommand[] = [];
  let isPiped = false;
  for (const { words, operator } of commands) {
    const near = unwrap(withoutKeywords(words));
    const remote = throughSsh(near.argv);
    const { argv, wrappers: around, environment } = remote === null ? near : unwrap(remote.words);
    const program = argv[0]?.split('/').at(-1) ?? '';
    const isOwn = !isPiped && program !== '';
    isPiped = operator === '|';
    if (!isOwn) continue;
    found.push({
      program,
      argv,
      wrappers: around,
      environment,
      isBackground: operator === '&',
      ...place,
      side: remote?.side ?? place.side,
      text: text.trim(),
    });
  }
  return { commands: found, comment };
}

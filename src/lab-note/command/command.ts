import { withTypedDashes } from './dashes.ts';
import { isSubjectCall, programName, subjectPlace, withoutWindowsFolder } from './programs.ts';
import { readShellLine, type SimpleCommand } from './shell-words.ts';
import { type NoteSide, readSide } from './side.ts';
import { unwrap } from './wrapper.ts';

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
  /** It stands in running text or behind words of a sentence: it may tell of something else than was run. */
  readonly isMentioned: boolean;
  /** It stands below what it printed: perf stat names the command then. */
  readonly isBelowOutput?: true;
  /** null where neither a comment nor a prompt says it. */
  readonly side: NoteSide | null;
  /** First and last line (a backslash carries on), from 1 in the text that was read. */
  readonly line: number;
  readonly lastLine: number;
  /** The line as it stands, without its prompt. */
  readonly text: string;
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

interface Remote {
  /** What runs at the other end, as one line of shell. */
  readonly line: string;
  readonly side: NoteSide;
}

/** The command that ssh runs at the other end, and where; null where it is no ssh, or runs none. */
function throughSsh(words: readonly string[]): Remote | null {
  if (words[0] !== 'ssh') return null;
  let place = 1;
  while (words[place]?.startsWith('-') === true) place += sshValued.test(words[place] ?? '') ? 2 : 1;
  const [host = '', ...rest] = words.slice(place);
  if (rest.length === 0) return null;
  const side = readSide(host) ?? { place: null, role: null, number: null, text: host };
  return { line: rest.join(' '), side };
}

/** A word that is a line of shell itself, with a call that notes are about: `bash -c 'iperf3 -s'`. */
function quotedLine(argv: readonly string[]): string | null {
  if (isSubjectCall(argv[0] ?? '', argv[1])) return null;
  return argv.slice(1).find((word) => /\s/.test(word) && subjectPlace(word) >= 0) ?? null;
}

/** Shells in shells, no deeper. */
const deepest = 3;

interface Around extends CommandPlace {
  readonly text: string;
  readonly wrappers: readonly (readonly string[])[];
  readonly depth: number;
}

/** The commands of the line that another end or a further shell runs; those that notes are about where there are any. */
function innerCommands(line: string, around: Around): NoteCommand[] {
  const all = commandsOf(line, around).commands;
  const wanted = all.filter(({ argv }) => isSubjectCall(argv[0] ?? '', argv[1]));
  return wanted.length > 0 ? wanted : all.slice(0, 1);
}

function simpleCommand({ words, operator }: SimpleCommand, around: Around): NoteCommand[] {
  const { text, depth, line, lastLine } = around;
  const near = unwrap(withoutKeywords(words));
  const remote = throughSsh(near.argv);
  const side = remote?.side ?? around.side;
  const wrappers = [...around.wrappers, ...near.wrappers];
  const inner = depth >= deepest ? null : (remote?.line ?? quotedLine(near.argv));
  const isBackground = operator === '&';
  if (inner !== null) {
    const own = remote === null ? [...wrappers, near.argv.filter((word) => word !== inner)] : wrappers;
    const found = innerCommands(inner, { ...around, side, wrappers: own, depth: depth + 1 });
    return found.map((each) => ({ ...each, isBackground: each.isBackground || isBackground }));
  }
  const program = programName(near.argv[0] ?? '');
  if (program === '') return [];
  const { argv, environment } = near;
  return [{ program, argv, wrappers, environment, isBackground, isMentioned: false, side, line, lastLine, text }];
}

function commandsOf(line: string, around: Around): { commands: NoteCommand[]; comment: string | null } {
  const { commands, comment } = readShellLine(line);
  const found: NoteCommand[] = [];
  let isPiped = false;
  for (const each of commands) {
    if (!isPiped) found.push(...simpleCommand(each, around));
    isPiped = each.operator === '|';
  }
  return { commands: found, comment };
}

/** The commands of one line of shell. What stands behind a pipe is left out: it only works on what was printed. */
export function readCommands(text: string, place: CommandPlace): { commands: NoteCommand[]; comment: string | null } {
  const typed = withTypedDashes(withoutWindowsFolder(text));
  return commandsOf(typed, { ...place, text: text.trim(), wrappers: [], depth: 0 });
}

import { firstComplaint } from '../../record/complaint.ts';
import { TapbenchError } from '../../record/error.ts';
import type { RootfsFacts } from '../../record/guest.ts';
import { rootfsScriptPath } from '../image/tool-runner.ts';
import type { Guest } from '../machine.ts';
import { quote } from '../quote.ts';
import { agentVersion } from './agent.ts';
import type { RootfsType } from './file-system.ts';

/** What a guest says of the root file system that it has entered. */
export type RootfsWords = Pick<RootfsFacts, 'system' | 'libc' | 'programs' | 'init'>;

/** Of what the guest prints of it: a line or three each. */
const mostBytes = 64 * 1024;
/** Of a name or a version in a record. */
const longestWord = 100;

export interface RootfsEntry {
  readonly type: RootfsType;
  readonly tools: 'image' | 'rootfs';
  /** That are run in it. */
  readonly programs: readonly string[];
  /** Whose init is the first program. */
  readonly init: 'ours' | 'theirs';
}

/** What a guest is asked for a root file system of the user's own, each for its shell: see enter.sh. */
export interface RootfsSteps {
  /** What mounts it and gives the place of PID 1 to its own init, whose service starts the agent; null: ours stays. */
  readonly ownInit: { readonly ready: string; readonly become: string } | null;
  /** What then runs the programs in it. */
  readonly enter: string;
}

export function rootfsSteps({ type, tools, programs, init }: RootfsEntry): RootfsSteps {
  const step = (...words: readonly string[]) => `. /${rootfsScriptPath}; ${quote(words)}`;
  if (init === 'ours') return { ownInit: null, enter: step('enter', type, tools, ...programs) };
  return {
    ownInit: { ready: step('ready', type, agentVersion), become: step('become') },
    enter: step('enter_booted', tools, ...programs),
  };
}

/** `musl libc (x86_64)` and `Version 1.2.3`; `ld.so (Debian GLIBC 2.36-9) stable release version 2.36.` Older loaders of glibc don't say it. */
function libcOf(text: string): string | null {
  if (text === '') return null;
  const musl = /^musl libc.*\nVersion (\S+)/m.exec(text)?.[1];
  if (musl !== undefined) return `musl ${musl}`;
  const glibc = /release version (\d+\.\d+)/.exec(text)?.[1];
  return glibc === undefined ? 'unknown' : `glibc ${glibc}`;
}

/** Reads what `enter` of enter.sh printed. */
export function parseRootfsWords(text: string): RootfsWords {
  const [, ...parts] = text.split(/^=== (.+)$/m);
  const sections = new Map<string, string>();
  for (let index = 0; index + 1 < parts.length; index += 2)
    sections.set(parts[index] ?? '', (parts[index + 1] ?? '').trim());
  const { system = '', libc = '', init, ...programs } = Object.fromEntries(sections);
  const name = system.replace(/^"(.*)"$/, '$1').slice(0, longestWord);
  const versions = Object.entries(programs).map(([program, said]): [string, string] => {
    return [program, /(?<![\d.])\d+\.\d+[\w.+~-]*/.exec(said)?.[0].slice(0, longestWord) ?? 'unknown'];
  });
  return {
    system: name === '' ? null : name,
    libc: libcOf(libc)?.slice(0, longestWord) ?? null,
    programs: Object.fromEntries(versions),
    ...(init === undefined ? {} : { init: init.slice(0, longestWord) }),
  };
}

/**
 * Has a guest mount its root file system, boot the init in it where that is wanted, and run from now on the programs in it.
 * @throws TapbenchError `GUEST_FAILED` with what the guest says of it
 */
export async function enterRootfs(
  guest: Guest,
  { ownInit, enter }: RootfsSteps,
  leftMs: () => number,
): Promise<RootfsWords> {
  if (ownInit !== null) {
    await step(guest, ownInit.ready, leftMs());
    await guest.channel.becomeInit(ownInit.become, leftMs());
  }
  return parseRootfsWords(await step(guest, enter, leftMs()));
}

async function step(guest: Guest, command: string, deadlineMs: number): Promise<string> {
  const { exitStatus, stdout, stderr } = await guest.evaluate(command, deadlineMs, mostBytes);
  if (exitStatus === 0) return stdout;
  // It refuses with its last line; what a program of it complained of stands before.
  const said = firstComplaint(stderr.trim().split('\n').at(-1) ?? '') ?? 'it says nothing';
  throw new TapbenchError('GUEST_FAILED', `the guest can't use its root file system: ${said}`);
}

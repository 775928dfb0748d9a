import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { cacheFolder } from '../../../src/host/folders.ts';
import { type ProcessResult, run, type StartedProcess, start } from '../../../src/lab/process.ts';
import { waitFor } from '../../../src/lab/wait.ts';

const repository = dirname(dirname(dirname(import.meta.dirname)));
const main = join(repository, 'src/cli/main.ts');
const deadlineMs = 120_000;

/** A process that carries the mark of a session in its environment. */
export interface SessionProcess {
  readonly pid: number;
  /** As the kernel cuts it: 15 characters. */
  readonly name: string;
}

export interface CommandOptions {
  /** In front of the command line, such as `unshare --mount`. */
  readonly wrapper?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to stdin, which is then closed; null: it stays open. */
  readonly input?: string | null;
}

/** A started tapbench; its stdout and stderr are kept. */
export type StartedCommand = StartedProcess;

/** Its variables, each with a NUL at its end; nothing where it is gone. */
async function environmentOf(pid: string): Promise<string> {
  return await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
}

async function names(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []);
}

/**
 * One user of this machine: home, store, runtime folder and temporary folder are its own, and the image cache is everybody's.
 * Every process that tapbench starts for it carries its runtime folder in the environment, so that none can hide.
 */
export class Session implements AsyncDisposable {
  readonly folder: string;
  readonly #started: StartedCommand[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<Session> {
    const session = new Session(await mkdtemp(join(tmpdir(), 'integration-')));
    for (const name of ['home', 'run', 'tmp', 'bin']) await mkdir(join(session.folder, name));
    return session;
  }

  get store(): string {
    return join(this.folder, 'store');
  }

  get runtime(): string {
    return join(this.folder, 'run');
  }

  get #environment(): Record<string, string | undefined> {
    return {
      HOME: join(this.folder, 'home'),
      PATH: `${join(this.folder, 'bin')}:${process.env['PATH'] ?? ''}`,
      TMPDIR: join(this.folder, 'tmp'),
      TAPBENCH_RUNTIME_DIR: this.runtime,
      TAPBENCH_STORE: this.store,
      XDG_CACHE_HOME: dirname(cacheFolder()),
      XDG_DATA_HOME: undefined,
      // A warning of Node's own on stderr would be taken for ours.
      NODE_OPTIONS: undefined,
    };
  }

  async start(words: readonly string[], options: CommandOptions = {}): Promise<StartedCommand> {
    const argv = [...(options.wrapper ?? []), process.execPath, main, ...words];
    const env = { ...this.#environment, ...options.env };
    const command = await start(argv, { env, cwd: this.folder, stdin: 'pipe' });
    if (options.input !== null) command.stdin?.end(options.input ?? '');
    this.#started.push(command);
    return command;
  }

  /** To its end, whatever the exit status. */
  async run(words: readonly string[], options: CommandOptions = {}): Promise<ProcessResult> {
    const command = await this.start(words, options);
    const deadline = setTimeout(() => command.signal('SIGKILL'), deadlineMs);
    const result = await command.ended;
    clearTimeout(deadline);
    return result;
  }

  /** Puts a program in front of the host's own that runs these lines of shell. */
  async fake(name: string, script: string): Promise<void> {
    await writeFile(join(this.folder, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  /** What runs for this session now, the started commands themselves too. */
  async processes(): Promise<SessionProcess[]> {
    const mark = `TAPBENCH_RUNTIME_DIR=${this.runtime}\0`;
    const pids = (await names('/proc')).filter((name) => /^\d+$/.test(name));
    const found: SessionProcess[] = [];
    for (const pid of pids) {
      if (!(await environmentOf(pid)).includes(mark)) continue;
      const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
      if (name !== '') found.push({ pid: Number(pid), name });
    }
    return found;
  }

  /** Waits for a process of this name (as the kernel cuts it). */
  async process(name: string): Promise<SessionProcess> {
    return await condition(`a process ${name}`, async () => {
      return (await this.processes()).find((one) => one.name === name) ?? null;
    });
  }

  async #namespaces(): Promise<string[]> {
    const ours = new Set(this.#started.map(({ pid }) => String(pid)));
    return (await names('/run/netns')).filter((name) => ours.has(/^tapbench-(\d+)-/.exec(name)?.[1] ?? ''));
  }

  /** In the cache, which is everybody's: folders of runs carry the run's pid. */
  async #workFolders(): Promise<string[]> {
    const ours = new Set(this.#started.map(({ pid }) => String(pid)));
    return (await names(join(cacheFolder(), 'work'))).filter((name) => ours.has(name.split('-')[1] ?? ''));
  }

  /** What is left of the session's commands outside of the store: nothing, when all is well. */
  async leaks(): Promise<string[]> {
    const processes = await this.processes();
    const runtime = await readdir(this.runtime, { recursive: true }).catch(() => []);
    return [
      ...processes.map(({ pid, name }) => `process ${String(pid)} (${name})`),
      ...(await this.#namespaces()).map((name) => `namespace ${name}`),
      ...runtime.map((name) => `${this.runtime}/${name}`),
      ...(await this.#workFolders()).map((name) => `work folder ${name}`),
      ...(await names(join(this.folder, 'tmp'))).map((name) => `temporary ${name}`),
    ];
  }

  /** Removes everything, also what a failed test left. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { pid } of await this.processes()) killIfThere(pid);
    await Promise.all(this.#started.map(async ({ ended }) => await ended));
    for (const name of await this.#namespaces()) {
      await run(['ip', 'netns', 'delete', name], { deadlineMs, acceptsFailure: true });
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

/** Waits until something is there. @throws Error naming it, after half a minute */
export async function condition<T>(what: string, look: () => T | null | Promise<T | null>): Promise<T> {
  const value = await waitFor(look, { deadlineMs: 30_000, intervalMs: 5 });
  if (value === null) throw new Error(`never came: ${what}`);
  return value;
}

/** Waits for a line of a command's progress. @throws Error with its stderr, where the command ends without it */
export async function progressOf(command: StartedCommand, pattern: RegExp): Promise<void> {
  await condition(`${String(pattern)} on stderr`, () => {
    const text = command.stderrSoFar();
    if (pattern.test(text)) return true;
    if (command.hasEnded) throw new Error(`ended without ${String(pattern)}:\n${text}`);
    return null;
  });
}

/** Bytes that went from the guest into its tap so far; null while there is none. */
async function bytesFromGuest(vmm: SessionProcess): Promise<number | null> {
  const text = await readFile(`/proc/${String(vmm.pid)}/net/dev`, 'utf8').catch(() => '');
  const line = text.split('\n').find((one) => one.trim().startsWith('tap0:'));
  return line === undefined ? null : Number(line.split(':')[1]?.trim().split(/\s+/)[0]);
}

/** More than the control connection of a tool, less than a millisecond of a bulk transfer. */
const trafficBytes = 200_000;

/** Waits until the guest sends in bulk, from now on: the middle of a window. Gives the VMM that carries it. */
export async function traffic(session: Session): Promise<SessionProcess> {
  const vmm = await session.process('qemu-system-x86');
  const before = (await bytesFromGuest(vmm)) ?? 0;
  await condition('bulk traffic', async () => {
    return ((await bytesFromGuest(vmm)) ?? 0) > before + trafficBytes ? true : null;
  });
  return vmm;
}

/** A session for each test of the surrounding `describe`; after each, what is left on the machine fails the test. */
export function useSession(): () => Session {
  let session: Session | null = null;
  beforeEach(async () => {
    session = await Session.create();
  });
  afterEach(async () => {
    const leaks = (await session?.leaks()) ?? [];
    await session?.[Symbol.asyncDispose]();
    session = null;
    expect(leaks).toEqual([]);
  });
  return () => {
    if (session === null) throw new Error('a session is there inside of tests only');
    return session;
  };
}

import { open, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { GuestImage } from '../guest/image/image-cache.ts';
import { machineFiles } from '../host/machine-files.ts';
import { memoryInfoBytes } from '../host/memory-facts.ts';
import { findExecutable } from '../lab/executable.ts';
import { withFileLimit } from '../lab/file-limit.ts';
import type { Ledger } from '../lab/ledger.ts';
import { start } from '../lab/process.ts';
import { identityOf } from '../lab/process-identity.ts';
import { makeRunFolder } from '../lab/run-folder.ts';
import { readUntrusted } from '../lab/untrusted-file.ts';
import { TapbenchError } from '../record/error.ts';
import type { NestedCommand } from './job.ts';
import { makeJobDisk } from './job-disk.ts';
import { buildLevelOne } from './level-one/build.ts';
import { levelOneCommand } from './level-one/command.ts';
import { levelOneSession } from './level-one/session.ts';
import { unpackResults } from './unpack-results.ts';

const gibibyte = 1024 ** 3;
const memoryBytes = 3 * gibibyte;
/** More do not help: each is a thread of the host that emulates, and two keep VMM and vCPU apart. */
const cpus = 2;
/** Sparse: it takes what is written to it. */
const resultDiskBytes = 4 * gibibyte;
/** Of the kernel's console, for an error. */
const consoleTailLines = 8;
const consoleTailBytes = 65_536;
/** Of what a command in it printed. */
const mostTextBytes = 16 * 1024 ** 2;
/** More than its disks and what is written over them; the kernel's console is a file, too. */
const mostFileBytes = 8 * gibibyte;

export interface NestedOptions {
  /** Run one after another in one machine. */
  readonly commands: readonly NestedCommand[];
  readonly image: GuestImage;
  readonly cacheFolder: string;
  /** Folder for the disks of this machine, which are removed. */
  readonly workFolder: string;
  /** Folder that is made for what comes back; must not exist. */
  readonly resultFolder: string;
  /** `TAPBENCH_VMM_DIR`: all that is in it goes along; null for none. */
  readonly vmmDirectory: string | null;
  /** Further programs of this host, at the same paths there, with their libraries. */
  readonly programs?: readonly string[];
  /** Further files of this host, and folders with all their files, at the same paths there. */
  readonly files?: readonly string[];
  /** Folders that are root file systems, at the same paths there, with owners and rights. */
  readonly trees?: readonly string[];
  /** Texts to write there, by path. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Where the commands are run, so that relative paths mean what they mean here. Default: /root. */
  readonly workingFolder?: string;
  readonly ledger: Ledger;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  /** Steps of our own, and each line that a command prints on stderr. */
  readonly onStep: (text: string) => void;
  readonly onLine: (text: string) => void;
}

/** How one command ended, with what it printed; `exitStatus` null: it was not begun, or cut off. */
export interface NestedResult {
  readonly name: string;
  readonly exitStatus: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function demandQemu(): Promise<string> {
  const qemu = await findExecutable('qemu-system-x86_64');
  if (qemu === null) {
    throw new TapbenchError('HOST_INCAPABLE', 'qemu-system-x86_64 is not installed: it emulates the nested machine', {
      hint: 'apt-get install qemu-system-x86',
    });
  }
  const available = memoryInfoBytes(machineFiles(), 'MemAvailable');
  if (available !== null && available < memoryBytes) {
    throw new TapbenchError(
      'HOST_INCAPABLE',
      `the nested machine needs ${String(memoryBytes / gibibyte)} GiB of memory, and ${(available / gibibyte).toFixed(1)} GiB are free`,
      { hint: 'end what takes memory on this machine' },
    );
  }
  return qemu;
}

function textOf(path: string, mostBytes: number, end: 'start' | 'end' = 'start'): string {
  try {
    return readUntrusted(path, mostBytes, end);
  } catch {
    return '';
  }
}

function resultOf(folder: string, name: string): NestedResult {
  const [status, stdout, stderr] = ['status', 'stdout', 'stderr'].map((suffix) =>
    textOf(join(folder, `${name}.${suffix}`), mostTextBytes),
  );
  const [, digits] = /^(\d{1,3})\s*$/.exec(status ?? '') ?? [];
  return { name, exitStatus: digits === undefined ? null : Number(digits), stdout: stdout ?? '', stderr: stderr ?? '' };
}

/** Adds the last words of the level-one kernel to an error of the machine. */
function withConsole(error: unknown, consoleLog: string): unknown {
  if (!(error instanceof TapbenchError) || error.code !== 'VMM_FAILED') return error;
  const text = textOf(consoleLog, consoleTailBytes, 'end');
  const tail = text.trim() === '' ? [] : text.trim().split('\n').slice(-consoleTailLines);
  const said = tail.length === 0 ? 'its console is empty' : 'its console ends with:';
  return new TapbenchError('VMM_FAILED', `${error.message}; ${said}`, { cause: error, lines: tail });
}

interface Machine {
  readonly argv: readonly string[];
  readonly consoleLog: string;
  readonly folder: string;
}

async function runMachine({ argv, consoleLog, folder }: Machine, options: NestedOptions): Promise<number> {
  // QEMU keeps what is written under snapshot=on in TMPDIR.
  await using machine = await start(withFileLimit(argv, mostFileBytes), {
    stdin: 'pipe',
    stdout: 'pipe',
    env: { TMPDIR: folder },
  });
  const identity = identityOf(machine.pid);
  const settle =
    identity === null ? () => undefined : options.ledger.note({ kind: 'process', ...identity, what: 'nested machine' });
  try {
    const { onLine, onStep, signal, deadlineMs } = options;
    const onUp = (): void => {
      onStep('the nested machine is up');
    };
    return await levelOneSession({ machine, onLine, onUp, signal, deadlineMs });
  } catch (error) {
    throw withConsole(error, consoleLog);
  } finally {
    await machine.stop();
    settle();
  }
}

/**
 * Runs commands of tapbench in a machine that is emulated as a whole, whose processor offers virtualisation: real KVM where this machine
 * has none. Needs no root. Everything that the commands leave in their store is in `resultFolder` afterwards, under `store`.
 * @throws TapbenchError `HOST_INCAPABLE`, `IMAGE_FAILED`, `VMM_FAILED` where the machine hung or died, `INTERRUPTED`
 */
export async function runNested(options: NestedOptions): Promise<NestedResult[]> {
  const { commands, image, cacheFolder, ledger, onStep } = options;
  const qemu = await demandQemu();
  using made = makeRunFolder(ledger, options.workFolder, `nested-${String(process.pid)}-`);
  const folder = made.path;
  const levelOne = await buildLevelOne({ cacheFolder, image, onStep });
  const jobDisk = join(folder, 'job.ext4');
  const resultDisk = join(folder, 'results.raw');
  const consoleLog = join(folder, 'console.log');
  onStep('making the disk of the job');
  const { vmmDirectory, programs = [], files = [], trees = [], texts = {}, workingFolder = '/root' } = options;
  const carried = { image, present: levelOne.paths, vmmDirectory, programs, files, trees, texts };
  await makeJobDisk({
    commands,
    ...carried,
    workingFolder,
    file: jobDisk,
    workFolder: join(folder, 'work'),
    signal: options.signal,
  });
  await rm(join(folder, 'work'), { recursive: true });
  await (await open(resultDisk, 'w')).close();
  await truncate(resultDisk, resultDiskBytes);
  onStep('starting the nested machine');
  const argv = levelOneCommand({ qemu, levelOne, jobDisk, resultDisk, consoleLog, cpus, memoryBytes });
  const bytes = await runMachine({ argv, consoleLog, folder }, options);
  await unpackResults(resultDisk, bytes, options.resultFolder);
  return commands.map(({ name }) => resultOf(options.resultFolder, name));
}

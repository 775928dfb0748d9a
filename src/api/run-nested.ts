import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type ExperimentChoice, loadExperiment } from '../experiment/file/experiment-file.ts';
import type { GuestImage } from '../guest/image/image-cache.ts';
import { cacheFolder, madeCacheFolder, runtimeFolder, storeFolder } from '../host/folders.ts';
import { findExecutable } from '../lab/executable.ts';
import { Ledger } from '../lab/ledger.ts';
import { makeRunFolder } from '../lab/run-folder.ts';
import { takeRunLock } from '../lab/run-lock.ts';
import { ledgerFolder } from '../lab/runtime-folder.ts';
import { type NestedResult, runNested } from '../nested/run-nested.ts';
import { bootImages } from '../preflight/boot-files.ts';
import { demandVmm } from '../preflight/find-vmm.ts';
import { demandGuestFiles } from '../preflight/guest-files.ts';
import { guestImage } from '../preflight/image.ts';
import { type ErrorCode, TapbenchError } from '../record/error.ts';
import type { Configuration, Experiment } from '../record/experiment.ts';
import { type AlikeVms, alikeVms } from '../record/topology.ts';
import { Store } from '../store/store.ts';
import { driverOf } from '../vmm/drivers.ts';
import { archiveRun, importRun } from './archive.ts';
import { readRun } from './read.ts';
import type { RunOptions, RunResult } from './run.ts';

/** Of the whole machine. An experiment that is meant to take longer has a `timeout` of its own, which goes over this. */
const defaultDeadlineMs = 2 * 3600_000;
/** Boot of the machine, carrying in and out. */
const aroundMs = 600_000;

/** KVM is what the machine is there for; who asks for something else gets that. */
function onKvm(choice: ExperimentChoice): ExperimentChoice {
  const isChosen = choice.overrides.some((text) => text.startsWith('vmm.accel='));
  return isChosen ? choice : { ...choice, overrides: [...choice.overrides, 'vmm.accel=kvm'] };
}

/** The VMM of alike VMs as it is found on this host, with the programs that it needs beside it. */
async function vmmPrograms({ configuration }: AlikeVms): Promise<string[]> {
  const { kind, binary } = configuration.vmm;
  const driver = driverOf(kind);
  // What a package brings is on the machine's own disk.
  if (binary === null && driver.debianPackage !== null) return [];
  // Not there either, and a minute is lost until the run there says so.
  const found = await demandVmm(driver, binary);
  const needed = driver.needs(configuration).filter((need) => need.kind === 'program');
  const beside = await Promise.all(
    needed.map(async ({ name }) => await findExecutable(join(dirname(found.path), name))),
  );
  // What is missing is said by the run itself, as it is on any host.
  return [found.path, ...beside.filter((path) => path !== null)];
}

/** What the experiment names on this host: it goes along at the same paths. */
async function named({ configurations }: Experiment): Promise<Record<'programs' | 'files' | 'trees', string[]>> {
  const found = (await Promise.all(configurations.flatMap(alikeVms).map(vmmPrograms))).flat();
  const unique = (paths: readonly (string | null | undefined)[]): string[] => [
    ...new Set(paths.filter((path) => typeof path === 'string').map((path) => resolve(path))),
  ];
  const isFolder = (path: string): boolean => statSync(path).isDirectory();
  const rootfs = unique(configurations.map(({ guest }) => guest.rootfs));
  const others = unique(configurations.flatMap(({ guest }) => [guest.kernel, guest.initrd, guest.modules]));
  return {
    programs: unique(found),
    files: [...others, ...rootfs.filter((path) => !isFolder(path))],
    trees: rootfs.filter(isFolder),
  };
}

/** The one image that goes along. @throws TapbenchError `EXPERIMENT_INVALID`, `IMAGE_FAILED` */
async function carriedImage(
  configurations: readonly Configuration[],
  onNote: (text: string) => void,
): Promise<GuestImage> {
  const { usual, withRootfs } = await bootImages(onNote, configurations);
  if (usual !== null && withRootfs !== null) {
    const message = 'guest.rootfs: a nested machine is given one image: all configurations must have it, or none';
    throw new TapbenchError('EXPERIMENT_INVALID', message);
  }
  return withRootfs ?? usual ?? (await guestImage(onNote));
}

/** The code of an error that a command ended with, as near as its exit status tells. */
function codeOf(exitStatus: number | null): ErrorCode {
  if (exitStatus === 2) return 'EXPERIMENT_INVALID';
  return exitStatus === 3 ? 'HOST_INCAPABLE' : 'TRIAL_FAILED';
}

function withoutRun({ exitStatus, stderr }: NestedResult): TapbenchError {
  const [said = '', ...lines] = stderr.trim().split('\n').slice(-5);
  const status = exitStatus === null ? 'was cut off' : `ended with status ${String(exitStatus)}`;
  return new TapbenchError(codeOf(exitStatus), `the run in the nested machine ${status}: ${said}`, { lines });
}

/** The reason why a run that came back was cut short; null for one that went through. */
function interruption(signal: AbortSignal | undefined): TapbenchError | null {
  if (signal?.aborted !== true) return null;
  const reason: unknown = signal.reason;
  return reason instanceof TapbenchError ? reason : new TapbenchError('INTERRUPTED', 'interrupted');
}

/** Takes a run over into the user's store, checked as any archive is. */
async function takeOver(from: string, options: RunOptions, workFolder: string): Promise<string | null> {
  const [summary] = await Store.open(from).listRuns();
  if (summary === undefined) return null;
  const { runId } = summary;
  const output = join(workFolder, `${runId}.tar.gz`);
  await archiveRun(runId, { store: from, output });
  return (await importRun(output, { store: options.store })).folder;
}

/**
 * Runs an experiment in a machine that is emulated as a whole and has KVM; the run is in this machine's store afterwards.
 * Needs no root. Its host is recorded as `qemu-tcg`, and every report says that its times are not those of hardware.
 * @throws TapbenchError as `run` does, and `VMM_FAILED` where the machine hung or died
 */
export async function runInNested(options: RunOptions): Promise<RunResult> {
  const { experiment, source } = await loadExperiment(onKvm(options.choice));
  demandGuestFiles(experiment);
  const goingAlong = await named(experiment);
  const store = Store.open(storeFolder(options.store));
  await store.checkWritable();
  const command = (options.command ?? []).join(' ');
  using _lock = takeRunLock(runtimeFolder(), command);
  using ledger = Ledger.open(ledgerFolder(runtimeFolder()), command);
  const onNote = (text: string): void => options.onProgress?.({ kind: 'note', text });
  const workFolder = madeCacheFolder('work');
  using folder = makeRunFolder(ledger, workFolder, `results-${String(process.pid)}-`);
  const file = `/root/${experiment.name}.yaml`;
  const resultFolder = join(folder.path, 'results');
  const [result] = await runNested({
    commands: [{ name: 'run', argv: ['run', file] }],
    image: await carriedImage(experiment.configurations, onNote),
    cacheFolder: cacheFolder(),
    workFolder,
    resultFolder,
    vmmDirectory: process.env['TAPBENCH_VMM_DIR'] ?? null,
    ...goingAlong,
    texts: { [file]: source },
    workingFolder: process.cwd(),
    ledger,
    deadlineMs: experiment.timeoutNs === null ? defaultDeadlineMs : experiment.timeoutNs / 1e6 + aroundMs,
    signal: options.signal ?? new AbortController().signal,
    onStep: onNote,
    onLine: onNote,
  });
  const taken = await takeOver(join(resultFolder, 'store'), options, folder.path);
  if (taken === null && result !== undefined) throw withoutRun(result);
  if (taken === null) throw new TapbenchError('VMM_FAILED', 'the nested machine brought no run');
  return { run: (await readRun(taken)).run, folder: taken, error: interruption(options.signal) };
}

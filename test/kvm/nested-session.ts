import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRun } from '../../src/api/read.ts';
import { cacheFolder, madeCacheFolder } from '../../src/host/folders.ts';
import { Ledger } from '../../src/lab/ledger.ts';
import { type NestedCommand, nestedPaths } from '../../src/nested/job.ts';
import { type NestedResult, runNested } from '../../src/nested/run-nested.ts';
import { guestImage } from '../../src/preflight/image.ts';
import type { Run } from '../../src/record/run.ts';

/** Boot of the machine, `doctor`, carrying in and out. */
const aroundMs = 180_000;
/** Four boots of QEMU take 150 s on two quiet CPUs; three times that on busy ones. */
const commandDeadlineMs = 450_000;

/** What one nested machine brought. */
export interface NestedSession {
  /** How the command ended, with what it printed. */
  result(name: string): NestedResult;
  /** The run that the command left. */
  run(name: string): Promise<Run>;
  [Symbol.asyncDispose](): Promise<void>;
}

function tell(startMs: number, text: string): void {
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  console.error(`${seconds.padStart(6)} s  ${text}`);
}

/** An experiment to run there: YAML, under the name that its command and its store have. */
export interface NestedExperiment {
  readonly name: string;
  readonly yaml: string;
}

/** Runs `doctor` and the experiments, one after another, in one nested machine. */
export async function nestedSession(experiments: readonly NestedExperiment[]): Promise<NestedSession> {
  const startMs = performance.now();
  const onLine = (text: string): void => {
    tell(startMs, text);
  };
  const folder = await mkdtemp(join(tmpdir(), 'tapbench-test-kvm-'));
  const resultFolder = join(folder, 'results');
  using ledger = Ledger.open(join(folder, 'ledger'), 'test:kvm');
  const file = (name: string): string => `/root/${name}.yaml`;
  const commands: NestedCommand[] = [
    { name: 'doctor', argv: ['doctor', '--json', '--no-score'] },
    ...experiments.map(({ name }) => ({
      name,
      argv: ['run', file(name), '--store', `${nestedPaths.results}/runs-${name}`],
    })),
  ];
  const results = await runNested({
    commands,
    image: await guestImage(onLine),
    cacheFolder: cacheFolder(),
    workFolder: madeCacheFolder('work'),
    resultFolder,
    vmmDirectory: process.env['TAPBENCH_VMM_DIR'] ?? null,
    texts: Object.fromEntries(experiments.map(({ name, yaml }) => [file(name), yaml])),
    ledger,
    deadlineMs: aroundMs + experiments.length * commandDeadlineMs,
    signal: new AbortController().signal,
    onStep: onLine,
    onLine,
  });
  tell(startMs, 'the nested machine is done');
  return {
    result: (name) => {
      const found = results.find((result) => result.name === name);
      if (found === undefined) throw new Error(`no command ${name}`);
      return found;
    },
    run: async (name) => (await readRun('latest', { store: join(resultFolder, `runs-${name}`) })).run,
    [Symbol.asyncDispose]: async () => {
      const kept = process.env['TAPBENCH_KEEP_RESULTS'];
      if (kept === undefined) await rm(folder, { recursive: true, force: true });
      else tell(startMs, `kept: ${resultFolder}`);
    },
  };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from '../../src/lab/process.ts';
import { median } from '../ratio.ts';
import { makeRun, makeStore } from './make-store.ts';

/**
 * How fast the store is, on a store of its own that is removed afterwards: a list with a filter, a comparison of two configurations, a rebuild of the index.
 * Exits 1 where a goal is missed. `--runs` makes it smaller; the goals are for 1,000 runs of 2 x 50 boots.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    boots: { type: 'string', default: '50' },
    'compare-boots': { type: 'string', default: '500' },
    times: { type: 'string', default: '7' },
    // Runs of the store whose trials have 64 flows each: 0 for none of it.
    'pair-runs': { type: 'string', default: '9' },
  },
});
const runs = Number(values.runs);
const boots = Number(values.boots);
const compareBoots = Number(values['compare-boots']);
const times = Number(values.times);
const pairRuns = Number(values['pair-runs']);
/** As many as a trial may have. */
const pairs = 64;

const goals = {
  /** Of a list with a filter, the whole command. */
  listSeconds: 0.3,
  /** Of `compare` on one run with two configurations of 500 boots, the whole command. */
  compareSeconds: 1.5,
  trialsPerSecond: 2_000,
  /** Of trials with 64 flows and VMs each: as fast for each of them as for a trial with one. */
  flowsPerSecond: 2_000,
  /** Peak resident set of a rebuild with all runs, over the largest of three with a tenth of them. */
  memoryRatio: 1.2,
};
const root = join(import.meta.dirname, '../..');
const deadlineMs = 1_800_000;

interface Measured {
  readonly seconds: number;
  /** Largest resident set of the process, bytes. */
  readonly residentBytes: number;
  readonly stdout: string;
}

/** One call of the command line, as a user makes it, with GNU time for its memory. */
async function tapbench(words: readonly string[], store: string): Promise<Measured> {
  const argv = ['/usr/bin/time', '-f', '%M', join(root, 'tapbench'), ...words, '--store', store];
  const { durationNs, stdout, stderr } = await run(argv, { cwd: root, deadlineMs });
  const residentBytes = Number(stderr.trim().split('\n').at(-1)) * 1024;
  return { seconds: durationNs / 1e9, residentBytes, stdout };
}

async function medianSeconds(words: readonly string[], store: string): Promise<number> {
  const seconds: number[] = [];
  for (let time = 0; time < times; time += 1) seconds.push((await tapbench(words, store)).seconds);
  return median(seconds);
}

let missed = 0;

function row(name: string, figure: string, isMet: boolean): void {
  if (!isMet) missed += 1;
  console.log(`${name.padEnd(62)} ${figure.padStart(16)}  ${isMet ? 'met' : 'MISSED'}`);
}

interface Rebuild {
  readonly trialsPerSecond: number;
  readonly residentBytes: number;
}

async function rebuild(store: string, trials: number): Promise<Rebuild> {
  const { stdout, seconds, residentBytes } = await tapbench(['reindex', '--json'], store);
  if (!stdout.includes(`"trials":${trials},`)) throw new Error(`reindex read other than ${trials} trials: ${stdout}`);
  return { trialsPerSecond: trials / seconds, residentBytes };
}

/** The same of a store with few trials that have many flows. */
async function measureFlows(folder: string): Promise<void> {
  const few = join(folder, 'few-flows');
  // A third, as of trials with one flow; of fewer trials than 200 no thread is started, and its heap would be missing.
  const fewRuns = Math.max(1, Math.round(pairRuns / 3));
  makeStore({ folder: few, runs: fewRuns, boots, pairs });
  const one = await rebuild(few, fewRuns * boots * 2);
  rmSync(few, { recursive: true });
  const many = join(folder, 'many-flows');
  makeStore({ folder: many, runs: pairRuns, boots, pairs });
  const all = await rebuild(many, pairRuns * boots * 2);
  const speed = all.trialsPerSecond * pairs;
  row(
    `reindex of trials of ${pairs} flows, flows a second (goal: ${goals.flowsPerSecond})`,
    speed.toFixed(0),
    speed >= goals.flowsPerSecond,
  );
  const ratio = all.residentBytes / one.residentBytes;
  row(
    `its peak memory, against a third of the trials (goal: x ${goals.memoryRatio})`,
    `${(all.residentBytes / 2 ** 20).toFixed(0)} MiB, x ${ratio.toFixed(2)}`,
    ratio <= goals.memoryRatio,
  );
}

async function measure(folder: string): Promise<void> {
  const [small, large, single] = ['small', 'large', 'single'].map((name) => join(folder, name));
  if (small === undefined || large === undefined || single === undefined) return;
  // A third: the heaps of the threads grow over the first ten thousand trials or so, and from then on must not.
  const fewRuns = Math.max(1, Math.round(runs / 3));
  makeStore({ folder: small, runs: fewRuns, boots });
  const few: Rebuild[] = [];
  // How far V8 lets its heaps grow differs from one rebuild to the next.
  for (let time = 0; time < 2; time += 1) few.push(await rebuild(small, fewRuns * boots * 2));
  rmSync(small, { recursive: true });
  makeStore({ folder: large, runs, boots });
  const all = await rebuild(large, runs * boots * 2);
  const trials = runs * boots * 2;
  const ratio = all.residentBytes / Math.max(...few.map(({ residentBytes }) => residentBytes));
  row(
    `reindex of ${trials} trials, a second (goal: ${goals.trialsPerSecond})`,
    all.trialsPerSecond.toFixed(0),
    all.trialsPerSecond >= goals.trialsPerSecond,
  );
  row(
    `its peak memory, against a third of the trials (goal: x ${goals.memoryRatio})`,
    `${(all.residentBytes / 2 ** 20).toFixed(0)} MiB, x ${ratio.toFixed(2)}`,
    ratio <= goals.memoryRatio,
  );
  const filters = ['--where', 'vmm.vcpus=2', '--where', 'nic.mtu=9000', '--since', '2026-01-10'];
  const list = await medianSeconds(['list', ...filters], large);
  row(
    `list with a filter, the whole command (goal: ${goals.listSeconds} s)`,
    `${list.toFixed(3)} s`,
    list < goals.listSeconds,
  );
  rmSync(large, { recursive: true });
  const runId = makeRun({ folder: single, boots: compareBoots }, 0);
  const compare = await medianSeconds(['compare', runId], single);
  row(
    `compare of 2 x ${compareBoots} boots, the whole command (goal: ${goals.compareSeconds} s)`,
    `${compare.toFixed(3)} s`,
    compare < goals.compareSeconds,
  );
}

const folder = mkdtempSync(join(tmpdir(), 'tapbench-bench-store-'));
try {
  if (runs > 0) await measure(folder);
  if (pairRuns > 0) await measureFlows(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (missed > 0) process.exitCode = 1;

/**
 * What the instrument itself takes as flows are added: `npm run bench:scale`. Needs root, no VM. Each number of host-to-host pairs is run with real
 * traffic; figures are the median of its boots, but for the memory, which is the most that the process ever had. Exits 1 where a goal is missed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run as execute } from '../../src/lab/process.ts';
import { run as runSchema } from '../../src/record/run.ts';
import type { Trial } from '../../src/record/trial.ts';
import { median } from '../ratio.ts';
import { measureAttach } from './attach.ts';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '1,2,4,8,16,32,64' },
    boots: { type: 'string', default: '3' },
    duration: { type: 'string', default: '3s' },
    workload: { type: 'string', default: 'iperf3' },
    // Of each number of processes that the tracer attaches to: 0 for none of it.
    attach: { type: 'string', default: '7' },
  },
});
const counts = values.pairs.split(',').map(Number);

const goals = {
  /** Set-up and teardown of one trial with 64 pairs, s. */
  labSeconds: 3,
  /** Of a core, in windows. */
  cpuShare: 0.02,
  residentBytes: 250e6,
};
const deadlineMs = 600_000;
const program = join(import.meta.dirname, '../../tapbench');

interface Row {
  readonly pairs: number;
  readonly setUpNs: number;
  readonly teardownNs: number;
  readonly cpuShare: number;
  readonly residentBytes: number;
  readonly bitsPerSecond: number;
}

function phaseNs(trial: Trial, name: string): number {
  return trial.phases
    .filter((phase) => phase.name === name)
    .reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0);
}

/** The number that GNU time prints last: the largest resident set, KiB. */
function peakBytes(stderr: string): number {
  return Number(stderr.trim().split('\n').at(-1)) * 1024;
}

async function measured(pairs: number): Promise<Row> {
  const store = mkdtempSync(join(tmpdir(), 'tapbench-bench-'));
  const { boots, duration, workload } = values;
  try {
    const words = ['run', 'quick', '--json', '--quiet', '--store', store, '--boots', boots, '--duration', duration];
    const chosen = ['--workload', workload, '--set', 'topology=host-to-host', '--set', `pairs=${String(pairs)}`];
    const argv = ['/usr/bin/time', '-f', '%M', program, ...words, ...chosen];
    const { stdout, stderr } = await execute(argv, { deadlineMs, acceptsFailure: true });
    const { trials, overhead } = runSchema.parse(JSON.parse(stdout));
    const failed = trials.find(({ failure }) => failure !== null);
    if (failed !== undefined) throw new Error(`${String(pairs)} pairs: ${failed.failure?.message ?? ''}`);
    const rate = (trial: Trial): number => trial.measurements[0]?.throughput?.bitsPerSecond ?? Number.NaN;
    return {
      pairs,
      setUpNs: median(trials.map((trial) => phaseNs(trial, 'lab and VMM start'))),
      teardownNs: median(trials.map((trial) => phaseNs(trial, 'teardown'))),
      cpuShare: (overhead?.toolCpuInWindowsNs ?? Number.NaN) / (overhead?.measuredNs ?? Number.NaN),
      residentBytes: peakBytes(stderr),
      bitsPerSecond: median(trials.map(rate)),
    };
  } finally {
    rmSync(store, { recursive: true, force: true });
  }
}

function cells({ pairs, setUpNs, teardownNs, cpuShare, residentBytes, bitsPerSecond }: Row): string[] {
  return [
    String(pairs),
    `${(setUpNs / 1e6).toFixed(0)} ms`,
    `${(teardownNs / 1e6).toFixed(0)} ms`,
    `${((setUpNs + teardownNs) / pairs / 1e6).toFixed(1)} ms`,
    `${(cpuShare * 100).toFixed(2)} %`,
    `${(residentBytes / 1e6).toFixed(0)} MB`,
    `${(bitsPerSecond / 1e9).toFixed(2)} Gbit/s`,
  ];
}

console.log('| pairs | set-up | teardown | both, a pair | own CPU in windows, of a core | peak memory | all flows |');
console.log('|---|---|---|---|---|---|---|');
let missed = 0;
for (const pairs of counts) {
  const row = await measured(pairs);
  console.log(`| ${cells(row).join(' | ')} |`);
  const isMet =
    (row.setUpNs + row.teardownNs) / 1e9 <= goals.labSeconds &&
    row.cpuShare < goals.cpuShare &&
    row.residentBytes < goals.residentBytes;
  if (!isMet) missed += 1;
}
console.log(
  `\nGoals at each: set-up and teardown at most ${String(goals.labSeconds)} s in all, CPU under ${String(goals.cpuShare * 100)} % of a core, memory under ${String(goals.residentBytes / 1e6)} MB. ${missed === 0 ? 'Met.' : `MISSED by ${String(missed)}.`}`,
);
if (Number(values.attach) > 0) await measureAttach(Number(values.attach));
if (missed > 0) process.exitCode = 1;

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monotonicNs } from '../src/lab/clock.ts';
import { run as execute } from '../src/lab/process.ts';
import { run as runSchema } from '../src/record/run.ts';
import type { Sample } from './by-hand.ts';

const deadlineMs = 180_000;
const program = join(import.meta.dirname, '..', 'tapbench');

export interface OurSample extends Sample {
  /** From the VMM's start to the guest's hello, ns. */
  readonly bootNs: number;
  readonly toolCpuShare: number;
  readonly toolResidentBytes: number;
}

/** `tapbench run quick` as a user starts it. */
export async function withTapbench(seconds: number, flags: readonly string[]): Promise<OurSample> {
  const store = mkdtempSync(join(tmpdir(), 'tapbench-bench-'));
  try {
    const startNs = monotonicNs();
    const argv = [
      program,
      'run',
      'quick',
      '--json',
      '--quiet',
      '--store',
      store,
      '--duration',
      `${String(seconds)}s`,
      ...flags,
    ];
    const { stdout } = await execute(argv, { deadlineMs, acceptsFailure: true });
    const wallNs = monotonicNs() - startNs;
    const run = runSchema.parse(JSON.parse(stdout));
    const [trial] = run.trials;
    const measurements = trial?.measurements ?? [];
    const bitsPerSecond =
      measurements.find(({ throughput }) => throughput !== null)?.throughput?.bitsPerSecond ?? Number.NaN;
    const p50Ns = measurements.find(({ latency }) => latency !== null)?.latency?.halfRoundTripNs.p50 ?? Number.NaN;
    const phases = trial?.phases ?? [];
    const boot = phases.find(({ name }) => name === 'boot');
    const started = phases.find(({ name }) => name === 'lab and VMM start');
    const { overhead } = run;
    return {
      bitsPerSecond,
      p50Ns,
      wallNs,
      outsideNs: wallNs - (overhead?.measuredNs ?? 0),
      bootNs: (boot?.endNs ?? Number.NaN) - (started?.endNs ?? Number.NaN),
      toolCpuShare: (overhead?.toolCpuInWindowsNs ?? Number.NaN) / (overhead?.measuredNs ?? Number.NaN),
      toolResidentBytes:
        trial === undefined
          ? Number.NaN
          : run.trials.reduce((most, one) => Math.max(most, one.toolResidentBytes ?? 0), 0),
    };
  } finally {
    rmSync(store, { recursive: true, force: true });
  }
}

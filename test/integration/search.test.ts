import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Measurement } from '../../src/record/measurement.ts';
import type { RateSearch } from '../../src/record/rate-search.ts';
import { requireOrSkip } from './requirement.ts';
import { useSession } from './support/session.ts';
import { latestRun, measurementOf } from './support/stored-run.ts';

const describeHere = await requireOrSkip('root', 'tap', 'image');

function text(topology: string): string {
  return `topology: ${topology}
trace: { duration: 1s }
workloads:
  - { kind: iperf3, protocol: udp, streams: 1, duration: 2s, search: loss <= 1 % }
`;
}

interface Searched {
  readonly search: RateSearch;
  readonly bulk: Measurement;
}

describeHere('a search for the highest rate', () => {
  const session = useSession();

  async function searched(topology: string, ...more: readonly string[]): Promise<Searched> {
    const file = join(session().folder, `${topology}.yaml`);
    await writeFile(file, text(topology));
    const result = await session().run(['run', file, ...more]);
    expect(result.exitStatus, result.stderr).toBe(0);
    const run = await latestRun(session());
    // A boot that an audit voids is repeated.
    const trial = run.trials.findLast(({ failure }) => failure === null);
    if (trial === undefined) throw new Error(`every trial failed: ${run.trials[0]?.failure?.message ?? ''}`);
    const bulk = measurementOf(trial, 'iperf3');
    const { search } = bulk;
    if (search === undefined) throw new Error('the measurement has no search');
    const trialFolder = join(session().store, run.runId, 'trials', trial.trialId);
    for (const { files } of search.steps) {
      expect(files.length).toBeGreaterThan(0);
      for (const name of files) expect(existsSync(join(trialFolder, name)), name).toBe(true);
    }
    return { search, bulk };
  }

  /** What holds whatever the path does. */
  function expectSound({ search, bulk }: Searched): void {
    const { steps, targetBitsPerSecond, highestBitsPerSecond } = search;
    expect(steps.length).toBeLessThanOrEqual(16);
    for (const { lostShare, hasPassed, failure } of steps)
      expect(hasPassed).toBe(failure === null && (lostShare ?? 1) <= search.mostLostShare);
    const best = steps.findLast(({ hasPassed }) => hasPassed);
    expect(highestBitsPerSecond).toBe(best?.bitsPerSecond ?? null);
    const asked = targetBitsPerSecond === null ? '0' : String(targetBitsPerSecond);
    const argv = bulk.commands.client?.argv ?? [];
    expect(argv[argv.indexOf('-b') + 1]).toBe(asked);
    expect(bulk.spec).toMatchObject({ targetBitsPerSecond: null, search: { mostLostShare: 0.01 } });
  }

  it.each(['vm-to-host', 'host-to-host'])('is kept with its steps, %s', async (topology) => {
    expectSound(await searched(topology));
    expect(await session().leaks()).toEqual([]);
  });

  it('goes down to what an emulated guest can take of a host that sends as fast as it can', async () => {
    const found = await searched('host-to-vm');
    expectSound(found);
    const [first] = found.search.steps;
    expect(first).toMatchObject({ targetBitsPerSecond: null, hasPassed: false });
    expect(found.search.outcome).toBe('between');
    expect(found.search.failedBitsPerSecond).toBeGreaterThan(found.search.targetBitsPerSecond ?? Infinity);
    expect(found.bulk.traced?.throughput?.bitsPerSecond).toBeGreaterThan(0);
  });

  it('asks every flow and both ways for one rate', async () => {
    const rate = ['direction=both', 'rate=10Mbit/s', 'search=loss <= 50 %'].flatMap((one) => [
      '--set',
      `workloads.iperf3.${one}`,
    ]);
    const { search, bulk } = await searched('host-to-host', '--set', 'pairs=2', ...rate);
    expect(search).toMatchObject({ outcome: 'highest-passed', targetBitsPerSecond: 10e6 });
    // Two flows, each both ways.
    expect(search.highestBitsPerSecond).toBeGreaterThan(0.5 * 4 * 10e6);
    expect(bulk.throughput?.ways?.upload.sentDatagrams).toBeGreaterThan(0);
    expect(bulk.flows?.map(({ failure }) => failure)).toEqual([null, null]);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sampleRunHeader } from '../../test/sample/run.ts';
import { sampleGatheredTrial } from '../../test/sample/trial.ts';
import { Phases } from '../lab/phases.ts';
import { Store } from '../store/store.ts';
import { sessionEnd } from './session-end.ts';

const done = { status: 'done', stoppedBy: null } as const;
const names = ['boot', 'facts', 'iperf3 server', 'iperf3 window', 'iperf3 collect', 'iperf3 parse', 'teardown'];
const phases = [...names, ...names, ...names].map((name, index) => ({
  name,
  startNs: 490_000_000_000 + index,
  endNs: 490_000_000_007 + index,
  isWindow: name === 'iperf3 window',
}));

it('sums the windows of all trials, and keeps the phases of the session alone', () => {
  const own = new Phases();
  own.add({ name: 'settle', startNs: 1, endNs: 5, isWindow: false });
  const trial = { ...sampleGatheredTrial(), phases, toolCpuInWindowsNs: 11 };
  const { overhead } = sessionEnd({ phases: own, startNs: 0 }, [trial, trial], done);
  expect(overhead).toMatchObject({ measuredNs: 2 * 3 * 7, toolCpuInWindowsNs: 22, phases: own.list });
});

it('can be read back after 100,000 trials, with a pause before each', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'session-end-'));
  try {
    const own = new Phases();
    for (let index = 0; index < 100_000; index += 1)
      own.add({ name: 'settle', startNs: 490_000_000_000 + index, endNs: 490_000_000_007 + index, isWindow: false });
    const trial = { ...sampleGatheredTrial(), phases };
    const trials = Array.from({ length: 100_000 }, () => trial);
    const end = sessionEnd({ phases: own, startNs: 0 }, trials, done);
    const store = Store.open(folder);
    const { startedAt, source, command, experiment, experimentSource, plan, host } = sampleRunHeader();
    const run = { startedAt, source, command, experiment, experimentSource, plan, host };
    const { runId } = await store.createRun(run);
    await store.writeEnd(runId, end);
    const stored = await store.readRun(runId);
    expect(stored.damaged).toEqual([]);
    expect(stored.ends[0]?.overhead?.phases).toHaveLength(100_000);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runEnd, runHeader } from './run.ts';
import { gatheredTrial } from './trial.ts';
import { upgraded } from './upgrade.ts';

/** Records as schema 1 stored them. */
const stored = join(import.meta.dirname, '../../test/golden/four-boots/stored');

function record(file: string): unknown {
  return JSON.parse(readFileSync(join(stored, file), 'utf8'));
}

describe('a record of schema 1', () => {
  it('is really one', () => {
    expect(record('run.json')).toMatchObject({ schemaVersion: 1, experiment: { workloads: [{}, {}] } });
  });

  it('becomes a header whose configurations have the workloads of the experiment', () => {
    const { experiment } = runHeader.parse(upgraded(record('run.json')));
    expect(experiment).toMatchObject({ order: 'shuffled', budgetNs: null, settleNs: 0, warmupNs: 0 });
    expect(experiment.configurations[0]).toMatchObject({
      factors: {},
      nic: { offloads: { tso: true } },
      prepare: { pin: 'none' },
      workloads: [{ name: 'iperf3' }, { name: 'sockperf' }],
    });
  });

  it('becomes a trial with the workloads that it measured', () => {
    const trial = gatheredTrial.parse(upgraded(record('trials/001-qemu-b1/trial.json')));
    expect(trial.repeats).toBeNull();
    expect(trial.configuration.workloads).toEqual(trial.measurements.map(({ spec }) => spec));
  });

  it('becomes an end', () => {
    const end = JSON.parse(readFileSync(join(stored, '../../one-boot/stored/end-001.json'), 'utf8')) as object;
    expect(runEnd.parse(upgraded(end))).toMatchObject({ status: 'done', stoppedBy: null });
  });
});

it('what is no record of schema 1 is left for the schema to refuse', () => {
  for (const value of [null, 1, 'x', [], { schemaVersion: 2 }, { schemaVersion: 99 }])
    expect(upgraded(value)).toBe(value);
});

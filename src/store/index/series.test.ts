import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleCeilingConfiguration } from '../../../test/sample/ceiling.ts';
import { sampleBoot, sampleConfigurations, storeRun } from '../../../test/sample/history.ts';
import { temporaryFolder } from '../../../test/sample/temporary-folder.ts';
import { sampleFailedTrial } from '../../../test/sample/trial.ts';
import { bootFigures } from '../../derive/boot-figures.ts';
import { deriveRun } from '../../derive/derive.ts';
import { metrics } from '../../derive/metrics.ts';
import { gatheredOf } from '../../record/gathered-of.ts';
import type { WholeTrial } from '../../record/trial.ts';
import { readRun } from '../read-run.ts';
import { Store } from '../store.ts';
import { changeTags } from '../tags.ts';
import { indexedSeries } from './store-index.ts';

function placeIn(storeFolder: string) {
  return { storeFolder, readerVersion: '1', onNotice: () => undefined };
}

/** Its bytes and its rate contradict each other: voided by an audit. */
function voided(trial: WholeTrial): WholeTrial {
  const measurements = trial.measurements.map((one) => ({
    ...one,
    throughput: one.throughput && { ...one.throughput, bytes: (one.throughput.bytes ?? 0) * 2 },
  }));
  return { ...trial, measurements };
}

describe('a series', () => {
  it('has a row a run and configuration, oldest first, with the value of each boot', async () => {
    await using folder = await temporaryFolder();
    const rate = (configuration: string, boot: number) => (configuration === 'mtu-1500' ? 1e9 : 2e9) + boot * 3e8;
    const later = await storeRun(folder.path, { startedAt: '2026-11-21T10:00:00.000Z', boots: 3, bitsPerSecond: rate });
    const first = await storeRun(folder.path, { startedAt: '2026-11-20T10:00:00.000Z', boots: 2, bitsPerSecond: rate });
    await changeTags(join(folder.path, first.runId), { add: ['b', 'a'], remove: [] });
    const row = { workload: 'iperf3', fingerprint: first.host.fingerprint };
    const firstRow = { ...row, runId: first.runId, startedAt: '2026-11-20T10:00:00.000Z', tags: ['a', 'b'] };
    const laterRow = { ...row, runId: later.runId, startedAt: '2026-11-21T10:00:00.000Z', tags: [] };
    expect(await indexedSeries(placeIn(folder.path), { metric: 'throughput.bitsPerSecond' })).toEqual([
      { ...firstRow, configuration: 'mtu-1500', values: [13e8, 16e8] },
      { ...firstRow, configuration: 'mtu-9000', values: [23e8, 26e8] },
      { ...laterRow, configuration: 'mtu-1500', values: [13e8, 16e8, 19e8] },
      { ...laterRow, configuration: 'mtu-9000', values: [23e8, 26e8, 29e8] },
    ]);
  });

  it('is without ceilings, but for who names one', async () => {
    await using folder = await temporaryFolder();
    const configurations = [...sampleConfigurations(), sampleCeilingConfiguration(['mtu-1500', 'mtu-9000'])];
    await storeRun(folder.path, { configurations });
    const names = async (more: object) =>
      (await indexedSeries(placeIn(folder.path), { metric: 'throughput.bitsPerSecond', ...more })).map(
        ({ configuration }) => configuration,
      );
    expect(await names({})).toEqual(['mtu-1500', 'mtu-9000']);
    expect(await names({ configuration: 'ceiling' })).toEqual(['ceiling']);
    expect(await names({ where: ['topology=host-to-host'] })).toEqual(['mtu-1500', 'mtu-9000']);
    expect(await names({ where: ['topology=host-to-host', 'nic.mtu=1500'] })).toEqual([]);
  });

  it('can be of one configuration, workload, machine or stretch of time', async () => {
    await using folder = await temporaryFolder();
    await storeRun(folder.path, { startedAt: '2026-11-20T10:00:00.000Z' });
    await storeRun(folder.path, { startedAt: '2026-11-21T10:00:00.000Z' });
    const count = async (more: object) =>
      (await indexedSeries(placeIn(folder.path), { metric: 'throughput.bitsPerSecond', ...more })).length;
    expect(await count({})).toBe(4);
    expect(await count({ configuration: 'mtu-9000' })).toBe(2);
    expect(await count({ workload: 'sockperf' })).toBe(0);
    expect(await count({ fingerprint: 'another' })).toBe(0);
    expect(await count({ since: '2026-11-21', configuration: 'mtu-1500' })).toBe(1);
  });

  it('takes in trials of a run that goes on, and repetitions where they stand in', async () => {
    await using folder = await temporaryFolder();
    const store = Store.open(folder.path);
    const place = placeIn(folder.path);
    const header = await storeRun(folder.path, { boots: 2, isDone: false });
    const [first, , second] = header.plan;
    if (first === undefined || second === undefined) throw new Error('the plan has four trials');
    const values = async () =>
      (await indexedSeries(place, { metric: 'throughput.bitsPerSecond', configuration: 'mtu-1500' })).map(
        (row) => row.values,
      );
    await store.writeTrial(gatheredOf(voided(sampleBoot(header, first, 1e9))));
    expect(await values()).toEqual([]);
    await store.writeTrial(gatheredOf(sampleBoot(header, second, 3e9)));
    expect(await values()).toEqual([[3e9]]);
    await store.writeTrial({
      ...gatheredOf(sampleBoot(header, { ...first, trialId: `${first.trialId}.2` }, 2e9)),
      repeats: first.trialId,
    });
    expect(await values()).toEqual([[2e9, 3e9]]);
    await store.writeTrial({
      ...gatheredOf(sampleBoot(header, { ...second, trialId: `${second.trialId}.2` }, 9e9)),
      repeats: second.trialId,
    });
    expect(await values()).toEqual([[2e9, 3e9]]);
  });

  it('chooses the value of each boot as a comparison does', async () => {
    const kinds = fc.constantFrom('good', 'void', 'failed', 'absent');
    const boots = fc.array(fc.tuple(kinds, kinds), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(boots, fc.boolean(), async (chosen, isReversed) => {
        await using folder = await temporaryFolder();
        const [configuration] = sampleConfigurations();
        const header = await storeRun(folder.path, {
          configurations: configuration === undefined ? [] : [configuration],
          boots: chosen.length,
          isDone: false,
        });
        const trials = header.plan.flatMap((planned, index) =>
          (chosen[index] ?? []).flatMap((kind, attempt) => {
            if (kind === 'absent') return [];
            const trialId = attempt === 0 ? planned.trialId : `${planned.trialId}.2`;
            const trial = sampleBoot(header, { ...planned, trialId }, 1e9 + 10 * index + attempt);
            const { failure } = sampleFailedTrial();
            if (kind === 'failed') return [{ ...trial, status: 'failed' as const, measurements: [], failure }];
            return [kind === 'void' ? voided(trial) : trial];
          }),
        );
        const store = Store.open(folder.path);
        for (const trial of isReversed ? trials.toReversed() : trials) {
          await store.writeTrial(gatheredOf(trial));
        }
        const stored = await readRun(store.runFolder(header.runId));
        const run = deriveRun(stored);
        for (const metric of metrics) {
          const query = { configuration: configuration?.name ?? '', workload: 'iperf3', metric };
          const expected = bootFigures(run.trials, query).map(({ value }) => value);
          const rows = await indexedSeries(placeIn(folder.path), { metric: metric.name });
          expect(rows.map(({ values }) => values)).toEqual(expected.length === 0 ? [] : [expected]);
        }
      }),
      { numRuns: 12 },
    );
  });
});

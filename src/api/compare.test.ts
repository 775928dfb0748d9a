import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { around, sampleComparedRun, sampleSide } from '../../test/sample/compared-run.ts';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import { gatheredOf } from '../record/gathered-of.ts';
import { wholeMeasurement } from '../record/measurement.ts';
import { type Run, schemaVersion } from '../record/run.ts';
import { jsonReport } from '../report/json.ts';
import { Store } from '../store/store.ts';
import { checkCompareOptions, compare, comparisonWithin } from './compare.ts';
import { metricHistory } from './metric-history.ts';
import { readRun } from './read.ts';

/** Stores a run as it was gathered; its id. */
async function stored(
  folder: string,
  { startedAt, source, command, experiment, experimentSource, plan, host, trials }: Run,
): Promise<string> {
  const store = Store.open(folder);
  const { runId } = await store.createRun({ startedAt, source, command, experiment, experimentSource, plan, host });
  // What was derived goes: a stored record has none of it.
  const whole = z.object(wholeMeasurement.shape);
  for (const trial of trials) {
    const measurements = trial.measurements.map((one) => whole.parse(one));
    await store.writeTrial(gatheredOf({ ...trial, runId, status: 'ok', measurements }));
  }
  return runId;
}

const few = { rates: around(2.35e9, 0.01, 3), means: around(84_000, 0.01, 3) };
const two = sampleComparedRun([sampleSide('a', few), sampleSide('b', few)]);
const one = sampleComparedRun([sampleSide('a', few)]);

describe('compare', () => {
  it('takes runs of the store, their configurations, their folders, and the JSON of them', async () => {
    await using folder = await temporaryFolder();
    const store = join(folder.path, 'store');
    const runId = await stored(store, two);
    const file = join(folder.path, 'main.json');
    await writeFile(file, jsonReport((await readRun(runId, { store })).run));
    const { comparison } = await compare(
      [`${runId}:a`, `${join(store, runId)}:b`, join(store, runId, 'run.json:a'), `${file}:b`],
      { store },
    );
    const candidates = comparison.pairs.map(({ candidate }) => candidate.configuration);
    expect([comparison.pairs[0]?.baseline.configuration, ...candidates]).toEqual(['a', 'b', 'a', 'b']);
    expect(comparison.pairs.map((pair) => pair.metrics.map((row) => row.candidate?.boots))).toEqual(
      Array(3).fill(Array(7).fill(3)),
    );
  });

  it('judges the runs of a file by the audits of this version', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'main.json');
    const trials = two.trials.map((trial) => ({
      ...trial,
      measurements: trial.measurements.map((measurement) => ({
        ...measurement,
        findings: [
          { level: 'void' as const, audit: 'gone', message: 'an audit that was taken out', concerns: ['all' as const] },
        ],
      })),
    }));
    await writeFile(file, jsonReport({ ...two, trials }));
    const { comparison } = await compare([file]);
    expect(comparison.pairs[0]?.candidate.boots).toEqual({ usable: 3, void: 0, failed: 0 });
  });

  it.each([
    ['not JSON', 'broken {', 'not JSON'],
    ['no run', '{"a": 1}', 'no run'],
    ['of a newer version', JSON.stringify({ ...one, schemaVersion: schemaVersion + 1 }), 'newer tapbench'],
    ['cut', JSON.stringify({ ...one, host: {} }), 'host.cpu'],
  ])('refuses a file that is %s', async (_, text, message) => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'x.json');
    await writeFile(file, text);
    const error = { code: 'NOT_COMPARABLE', message: expect.stringContaining(message) as string };
    await expect(compare([file, file])).rejects.toMatchObject(error);
  });

  it('reads a run that an older version printed', async () => {
    const old = await readFile(new URL('../../test/golden/one-boot/stored/run.json', import.meta.url), 'utf8');
    const trial = await readFile(
      new URL('../../test/golden/one-boot/stored/trials/qemu-boot-1/trial.json', import.meta.url),
      'utf8',
    );
    // Records of our own making: objects.
    const [header, record] = [JSON.parse(old), JSON.parse(trial)] as [
      { schemaVersion: number },
      { measurements: object[] },
    ];
    expect(header.schemaVersion).toBe(1);
    const { trials: judged } = (await readRun(new URL('../../test/golden/one-boot/stored', import.meta.url).pathname))
      .run;
    const measurements = record.measurements.map((measurement, index) => {
      const derived = judged[0]?.measurements[index];
      return { ...measurement, cost: derived?.cost, observerEffect: derived?.observerEffect, findings: [] };
    });
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'old.json');
    await writeFile(
      file,
      JSON.stringify({ ...header, status: 'done', tags: [], overhead: null, trials: [{ ...record, measurements }] }),
    );
    const { comparison } = await compare([file, file]);
    expect(comparison.pairs[0]?.metrics.every((row) => row.ratio === 1)).toBe(true);
  });

  it('names records that could not be read where nothing is left to compare', async () => {
    await using folder = await temporaryFolder();
    const store = folder.path;
    const runId = await stored(store, two);
    const trials = two.trials.map(({ trialId }) => join(store, runId, 'trials', trialId, 'trial.json'));
    for (const file of trials) await writeFile(file, '{"cut');
    await expect(compare([runId], { store })).rejects.toMatchObject({
      code: 'NOT_COMPARABLE',
      hint: expect.stringMatching(/6 records could not be read, the first: .*trial\.json: not JSON/) as string,
    });
  });

  it('knows which workloads a gate may name before anything is measured', () => {
    const gates = ['bulk:throughput>=-3%'];
    expect(() => {
      checkCompareOptions({ gates }, ['bulk']);
    }).not.toThrow();
    expect(() => {
      checkCompareOptions({ gates }, ['iperf3']);
    }).toThrow(expect.objectContaining({ code: 'USAGE', hint: 'There is: iperf3' }));
  });

  it('says what is wrong with the options before it reads anything', async () => {
    await expect(compare(['nowhere', 'nowhere'], { gates: ['x<=1'] })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(compare(['nowhere', 'nowhere'], { metrics: ['x'] })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(compare(['nowhere', 'nowhere'], { thresholds: ['x'] })).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('names a run that is not there', async () => {
    await using folder = await temporaryFolder();
    await expect(compare(['ab12', 'cd34:kvm'], { store: folder.path })).rejects.toMatchObject({
      code: 'RUN_NOT_FOUND',
    });
  });
});

describe('comparisonWithin', () => {
  it('gives nothing where there is nothing to compare', () => {
    expect(comparisonWithin(one)).toBeNull();
    expect(comparisonWithin({ ...two, trials: [] })).toBeNull();
  });
});

describe('metricHistory', () => {
  it('gives a metric over the runs of a store, oldest first', async () => {
    await using folder = await temporaryFolder();
    const store = folder.path;
    for (const day of [2, 1]) await stored(store, { ...one, startedAt: `2025-01-0${String(day)}T12:00:00.000Z` });
    const { series, metric } = await metricHistory({ metric: 'throughput', workload: 'iperf3' }, { store });
    expect(metric).toBe('throughput.bitsPerSecond');
    expect(series.map(({ points }) => points.map(({ startedAt }) => startedAt.slice(0, 10)))).toEqual([
      ['2025-01-01', '2025-01-02'],
    ]);
    expect(
      (await metricHistory({ metric: 'throughput', since: '2025-01-02' }, { store })).series[0]?.points,
    ).toHaveLength(1);
    await expect(metricHistory({ metric: 'thruput' }, { store })).rejects.toMatchObject({ code: 'USAGE' });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryMeasurement } from '../../test/sample/arbitrary.ts';
import { sampleRunEnd, sampleRunHeader } from '../../test/sample/run.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { sampleFailedTrial, sampleTrial } from '../../test/sample/trial.ts';
import { gatheredOf } from '../record/gathered-of.ts';
import { wholeMeasurement } from '../record/measurement.ts';
import { run, runEnd, runHeader } from '../record/run.ts';
import { gatheredTrial, trial } from '../record/trial.ts';
import { judgedRun, judgedTrial } from './derive.ts';

const header = sampleRunHeader();

/** A measurement whose round trips would have overlapped. */
function contradicting() {
  const measurement = sampleSockperfMeasurement();
  const { latency } = measurement;
  return { ...measurement, latency: latency && { ...latency, messages: latency.messages * 2 } };
}

describe('the samples', () => {
  it('fit the schemas of what is stored', () => {
    expect(gatheredTrial.safeParse(gatheredOf(sampleTrial())).error).toBeUndefined();
    expect(gatheredTrial.safeParse(gatheredOf(sampleFailedTrial())).error).toBeUndefined();
    expect(runHeader.safeParse(sampleRunHeader()).error).toBeUndefined();
    expect(runEnd.safeParse(sampleRunEnd()).error).toBeUndefined();
  });
});

describe('deriving a trial', () => {
  it('adds costs, observer effects and no finding to healthy measurements', () => {
    const derived = judgedTrial(sampleTrial(), header);
    expect(derived.status).toBe('ok');
    expect(derived.measurements.map((one) => one.findings)).toEqual([[], []]);
    expect(trial.parse(derived)).toEqual(derived);
  });

  it('calls a trial void where one finding voids one figure', () => {
    const derived = judgedTrial(sampleTrial({ measurements: [contradicting()] }), header);
    expect(derived.status).toBe('void');
    expect(derived.measurements[0]?.findings[0]?.audit).toBe('rate-times-latency');
  });

  it('leaves a failed trial failed', () => {
    expect(judgedTrial(sampleFailedTrial(), header).status).toBe('failed');
    expect(judgedTrial(sampleTrial({ status: 'failed', measurements: [contradicting()] }), header).status).toBe(
      'failed',
    );
  });

  it('gives the same again and leaves its input as it was', () => {
    const gathered = sampleTrial({ measurements: [contradicting()] });
    const before = structuredClone(gathered);
    const first = judgedTrial(gathered, header);
    expect(judgedTrial(gathered, header)).toEqual(first);
    expect(gathered).toEqual(before);
  });

  it('never throws, never has an audit fail and gives only real numbers, whatever was gathered', () => {
    fc.assert(
      fc.property(arbitraryMeasurement, (measurement) => {
        expect(wholeMeasurement.safeParse(measurement).error).toBeUndefined();
        const derived = judgedTrial(sampleTrial({ measurements: [measurement] }), header);
        // The schema refuses NaN and Infinity.
        expect(trial.safeParse(derived).error).toBeUndefined();
        const messages = derived.measurements.flatMap((one) => one.findings.map((finding) => finding.message));
        expect(messages.filter((message) => /^audit .* failed|NaN/.test(message))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('deriving a run', () => {
  it('gives what readers see, in the schema', () => {
    const derived = judgedRun({ header: sampleRunHeader(), trials: [sampleTrial()], ends: [sampleRunEnd()] });
    expect(derived.status).toBe('done');
    expect(run.parse(derived)).toEqual(derived);
  });

  it('calls a run without an end unfinished, and knows no overhead of it', () => {
    expect(judgedRun({ header: sampleRunHeader(), trials: [], ends: [] })).toMatchObject({
      status: 'unfinished',
      overhead: null,
      trials: [],
    });
  });

  it('puts the trials into the order of the plan, attempts in theirs, and a repetition after what it repeats', () => {
    const plan = ['b', 'a'].map((trialId, index) => ({ trialId, configuration: 'qemu', block: 1, boot: index + 1 }));
    const trials = [
      sampleTrial({ trialId: 'unplanned' }),
      sampleTrial({ trialId: 'b.2', repeats: 'b' }),
      sampleTrial({ trialId: 'a' }),
      sampleTrial({ trialId: 'b', attempt: 2 }),
      sampleTrial({ trialId: 'b', attempt: 1 }),
    ];
    const derived = judgedRun({ header: sampleRunHeader({ plan }), trials, ends: [] });
    expect(derived.trials.map((one) => `${one.trialId}${String(one.attempt)}`)).toEqual([
      'b1',
      'b2',
      'b.21',
      'a1',
      'unplanned1',
    ]);
  });

  it('ends as its last session did and adds the overhead of all', () => {
    const sessions = [
      sampleRunEnd({ endedAt: '2025-01-01T14:00:00.000Z' }),
      sampleRunEnd({ endedAt: '2025-01-01T12:30:00.000Z', status: 'interrupted' }),
    ];
    const derived = judgedRun({ header: sampleRunHeader(), trials: [], ends: sessions });
    expect(derived.status).toBe('done');
    expect(derived.overhead?.wallNs).toBe(2 * (sampleRunEnd().overhead?.wallNs ?? Number.NaN));
    expect(derived.overhead?.phases).toHaveLength(2);
  });
});

import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleNotedMeasurement, sampleNoteHeader } from '../../test/sample/lab-note-run.ts';
import { repetition } from './repetition.ts';

const { source } = sampleNoteHeader();

describe('repetition', () => {
  it('notes a figure that a lab note gives once', () => {
    const once = sampleContext(sampleNotedMeasurement(), { source, boots: 1 });
    expect(repetition.judge(once)).toMatchObject([{ level: 'note', concerns: ['all'] }]);
  });

  it('says how many figures of the same work one boot has', () => {
    const measurement = sampleNotedMeasurement();
    const context = sampleContext(measurement, { source, boots: 1 });
    const again = { ...measurement, spec: { ...measurement.spec, name: 'again' } };
    const trial = { ...context.trial, measurements: [measurement, again] };
    expect(repetition.judge({ ...context, trial })[0]?.message).toContain('gives 2 figures of this work');
    const once = { ...context.trial, measurements: [measurement] };
    expect(repetition.judge({ ...context, trial: once })[0]?.message).toContain('gives this figure once');
  });

  it('is silent where the note gives it several times, gives none, or tapbench measured', () => {
    const measurement = sampleNotedMeasurement();
    expect(repetition.judge(sampleContext(measurement, { source, boots: 3 }))).toEqual([]);
    expect(repetition.judge(sampleContext({ ...measurement, throughput: null }, { source, boots: 1 }))).toEqual([]);
    expect(repetition.judge(sampleContext(measurement, { boots: 1 }))).toEqual([]);
  });
});

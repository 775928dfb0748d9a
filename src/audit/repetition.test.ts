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

  it('is silent where the note gives it several times, gives none, or tapbench measured', () => {
    const measurement = sampleNotedMeasurement();
    expect(repetition.judge(sampleContext(measurement, { source, boots: 3 }))).toEqual([]);
    expect(repetition.judge(sampleContext({ ...measurement, throughput: null }, { source, boots: 1 }))).toEqual([]);
    expect(repetition.judge(sampleContext(measurement, { boots: 1 }))).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { sampleCeilingSide } from '../../../test/sample/ceiling.ts';
import { sampleComparedRun, sampleSide } from '../../../test/sample/compared-run.ts';
import type { WholeTrial } from '../../record/trial.ts';
import { ceilingTable } from './ceiling-table.ts';

/** The table of `a`, which failed in some of its boots, and `b`. */
function tableWhereFailed(hasFailed: (boot: number) => boolean) {
  const boot = (trial: WholeTrial, number: number): WholeTrial =>
    hasFailed(number) ? { ...trial, status: 'failed', measurements: [] } : trial;
  return ceilingTable(
    sampleComparedRun([sampleSide('a', { boot }), sampleSide('b'), sampleCeilingSide(['a', 'b'])]),
    false,
  );
}

describe('the table of ceilings', () => {
  it('says once of a configuration how many blocks all its workloads lack', () => {
    const table = tableWhereFailed((boot) => boot === 2);
    expect(table?.reasons).toEqual(['Blocks left out, as one of the two is missing: a 1 of 6.']);
  });

  it('has no rows of what was not measured, and says so', () => {
    const table = tableWhereFailed(() => true);
    expect(table?.rows.map(([workload]) => workload)).toEqual(['b iperf3', 'b sockperf', 'b sockperf']);
    expect(table?.reasons.at(-1)).toBe('Blocks left out, as one of the two is missing: a 6 of 6.');
  });
});

import { describe, expect, it } from 'vitest';
import { sampleCeilingConfiguration } from '../../test/sample/ceiling.ts';
import { sampleIperf3Measurement } from '../../test/sample/iperf3.ts';
import { sampleRunHeader } from '../../test/sample/run.ts';
import { sampleFailedTrial, sampleTrial } from '../../test/sample/trial.ts';
import type { Trial, WholeTrial } from '../record/trial.ts';
import { bootFigures, isRunSound } from './boot-figures.ts';
import { judgedTrial } from './derive.ts';
import { metricNamed } from './metrics.ts';

const header = sampleRunHeader();

function boot(number: number, bitsPerSecond: number, changes: Partial<WholeTrial> = {}): Trial {
  const trialId = `00${String(number)}`;
  const measurements = [sampleIperf3Measurement({ bitsPerSecond })];
  return judgedTrial(sampleTrial({ trialId, boot: number, block: number, measurements, ...changes }), header);
}

/** Its streams do not add up to its total: the audit voids it. */
function voidBoot(number: number): Trial {
  const measurement = sampleIperf3Measurement();
  const { throughput } = measurement;
  const doubled =
    throughput === null
      ? null
      : { ...throughput, bytes: throughput.bytes * 2, bitsPerSecond: 2 * throughput.bitsPerSecond };
  return boot(number, 0, { measurements: [{ ...measurement, throughput: doubled }] });
}

function values(trials: readonly Trial[]): number[] {
  const metric = metricNamed('throughput') ?? expect.fail('the metric is there');
  return bootFigures(trials, { configuration: 'qemu', workload: 'iperf3', metric }).map(({ value }) => value);
}

describe('the values of a metric over boots', () => {
  it('are one a boot, in the order of boots', () => {
    expect(values([boot(2, 16e9), boot(1, 15e9)])).toEqual([15e9, 16e9]);
  });

  it('leave out boots of other configurations, failed ones and void ones', () => {
    const other = boot(3, 17e9);
    const trials = [
      boot(1, 15e9),
      voidBoot(2),
      { ...other, configuration: { ...other.configuration, name: 'b' } },
      judgedTrial(sampleFailedTrial({ trialId: '004', boot: 4 }), header),
    ];
    expect(values(trials)).toEqual([15e9]);
  });

  it('take a repetition in the place of a void boot, and never beside a good one', () => {
    const again = (number: number, rate: number) =>
      boot(number, rate, { trialId: `00${String(number)}.2`, repeats: `00${String(number)}` });
    expect(values([voidBoot(1), boot(2, 16e9), again(1, 15e9), again(2, 14e9)])).toEqual([15e9, 16e9]);
  });
});

describe('a run', () => {
  it('is sound where each boot is, or its repetition', () => {
    const repetition = boot(1, 15e9, { trialId: '001.2', repeats: '001' });
    expect(isRunSound({ trials: [voidBoot(1), repetition] })).toBe(true);
    expect(isRunSound({ trials: [voidBoot(1), { ...repetition, status: 'failed' }] })).toBe(false);
    expect(isRunSound({ trials: [voidBoot(1)] })).toBe(false);
    const ceiling = boot(2, 2e10, { configuration: sampleCeilingConfiguration(['qemu']) });
    expect(isRunSound({ trials: [boot(1, 15e9), { ...ceiling, status: 'failed' }] })).toBe(true);
  });
});

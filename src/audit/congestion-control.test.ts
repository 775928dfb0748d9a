import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleConfiguration } from '../../test/sample/experiment.ts';
import { sampleIperf3Measurement, sampleThroughput } from '../../test/sample/iperf3.ts';
import { sampleTrial } from '../../test/sample/trial.ts';
import { congestionControl } from './congestion-control.ts';

function judge(asked: string | null, direction: 'upload' | 'download' = 'upload') {
  const configuration = sampleConfiguration();
  const guest = { ...configuration.guest, congestionControl: asked };
  const trial = sampleTrial({ configuration: { ...configuration, guest } });
  const measurement = sampleIperf3Measurement({ spec: { direction } });
  const throughput = { ...sampleThroughput(), congestionControl: { sender: 'cubic', receiver: 'bbr' } };
  return congestionControl.judge(sampleContext({ ...measurement, throughput }, { trial }));
}

describe('congestion-control', () => {
  it("is silent where the guest's end used what was asked for, or nothing was", () => {
    expect(judge('cubic')).toEqual([]);
    expect(judge('bbr', 'download')).toEqual([]);
    expect(judge(null)).toEqual([]);
  });

  it('doubts a transfer that used another one', () => {
    expect(judge('bbr')).toMatchObject([
      { level: 'doubt', message: "the guest's TCP used cubic; the experiment asked for bbr" },
    ]);
  });
});

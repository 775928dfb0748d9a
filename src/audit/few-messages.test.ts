import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleLatency, sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { fewMessages } from './few-messages.ts';

function levels(messages: number) {
  const measurement = { ...sampleSockperfMeasurement(), latency: { ...sampleLatency(), messages } };
  return fewMessages.judge(sampleContext(measurement)).map((finding) => finding.level);
}

describe('few-messages', () => {
  it('voids a latency of no message', () => {
    expect(levels(0)).toEqual(['void']);
  });

  it('doubts percentiles of fewer than a thousand messages', () => {
    expect(levels(999)).toEqual(['doubt']);
    expect(levels(1_000)).toEqual([]);
  });
});

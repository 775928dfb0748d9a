import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleLatency, sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import type { RequestOutcomes } from '../record/latency.ts';
import { failedRequestShare } from './failed-requests.ts';

const none = { connectErrors: 0, readErrors: 0, writeErrors: 0, timeouts: 0, refusals: 0 };

function findings(outcomes: Partial<RequestOutcomes>, messages = 10_000) {
  const requests = { perSecond: 1_000, replyBytes: 1e6, ...none, ...outcomes };
  const measurement = { ...sampleSockperfMeasurement(), latency: { ...sampleLatency(), messages, requests } };
  return failedRequestShare.judge(sampleContext(measurement));
}

describe('failed-requests', () => {
  it('is silent where none failed, or a request can’t fail by itself', () => {
    expect(findings({})).toEqual([]);
    expect(failedRequestShare.judge(sampleContext(sampleSockperfMeasurement()))).toEqual([]);
  });

  it('speaks of each kind, and the louder the more there are', () => {
    expect(findings({ readErrors: 2, refusals: 3 })).toEqual([
      expect.objectContaining({
        level: 'note',
        message: '5 requests failed (0.05 %): 2 errors of reading, 3 replies that say so',
      }),
    ]);
    expect(findings({ timeouts: 50 })[0]?.level).toBe('doubt');
    expect(findings({ connectErrors: 200 })[0]).toMatchObject({
      level: 'void',
      concerns: ['latency', 'cost', 'systemCalls'],
    });
    expect(findings({ refusals: 10_000 })[0]?.message).toContain('(100 %)');
  });
});

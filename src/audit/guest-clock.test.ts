import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleGuestFacts } from '../../test/sample/guest-facts.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { sampleTrial } from '../../test/sample/trial.ts';
import { guestClock } from './guest-clock.ts';

function judge(clocksource: string | null) {
  const trial = sampleTrial({ guest: sampleGuestFacts({ clocksource }) });
  return guestClock.judge(sampleContext(sampleSockperfMeasurement(), { trial }));
}

describe('guest-clock', () => {
  it('is silent on a clock that is read, and where the guest does not say', () => {
    for (const source of ['tsc', 'tsc-early', 'kvm-clock', 'hpet', null]) expect(judge(source)).toEqual([]);
  });

  it('doubts what was timed by ticks', () => {
    expect(judge('refined-jiffies')).toMatchObject([{ level: 'doubt', concerns: ['all'] }]);
  });
});

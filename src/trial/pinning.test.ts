import { describe, expect, it } from 'vitest';
import { sampleConfiguration, sampleNicSpec, samplePrepareSpec } from '../../test/sample/experiment.ts';
import type { Pin } from '../record/trial.ts';
import { pinBoot, pinPlan } from './pinning.ts';

/** Planned for vhost, with one queue pair or two; nothing else is. */
function planned(vhost: boolean, queues = 1): Pin[] {
  const prepare = samplePrepareSpec({ pin: { vhost: [0] } });
  return pinPlan(sampleConfiguration({ prepare, nic: sampleNicSpec({ vhost, queues }) }));
}

describe('the plan of pins', () => {
  it('has a place for each worker of vhost, where the kernel moves the packets', () => {
    expect(planned(true).map(({ role, cpus }) => [role, cpus])).toEqual([['vhost', [0]]]);
    expect(planned(true, 2)).toHaveLength(2);
    expect(planned(false)).toEqual([]);
  });
});

describe('the pins of a boot', () => {
  it('say that a worker of vhost was not found, rather than nothing', async () => {
    const pins = await pinBoot({
      plan: planned(true),
      vmmPid: process.pid,
      generator: null,
      threadRole: () => 'worker',
    });
    expect(pins).toMatchObject([{ role: 'vhost', status: 'refused', reason: 'no worker of vhost was found' }]);
  });
});

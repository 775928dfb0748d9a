import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleHostFacts } from '../../test/sample/host-facts.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { emulatedHost } from './emulated-host.ts';

function findingsOn(hypervisor: string | null): ReturnType<typeof emulatedHost.judge> {
  return emulatedHost.judge(sampleContext(sampleSockperfMeasurement(), { host: sampleHostFacts({ hypervisor }) }));
}

describe('emulated-host', () => {
  it('is silent on hardware, and in a guest of a hypervisor', () => {
    expect(findingsOn(null)).toEqual([]);
    expect(findingsOn('kvm')).toEqual([]);
  });

  it('is silent where nobody said what the host is', () => {
    expect(emulatedHost.judge(sampleContext(sampleSockperfMeasurement(), { host: null }))).toEqual([]);
  });

  it('doubts times and rates of a machine that was emulated as a whole, not its counts', () => {
    const [finding] = findingsOn('qemu-tcg');
    expect(finding).toMatchObject({ level: 'doubt', audit: 'emulated-host' });
    expect(finding?.concerns).not.toContain('systemCalls');
  });
});

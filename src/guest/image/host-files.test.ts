import { describe, expect, it } from 'vitest';
import { guestPrograms } from './host-files.ts';

describe('the programs of an image', () => {
  it('are those that every guest needs, and of workloads that an experiment names those that it wants', () => {
    const usual = ['busybox', 'iperf3', 'sockperf', 'ethtool'];
    expect([...guestPrograms()].sort()).toEqual(usual.toSorted());
    expect([...guestPrograms(['iperf3', 'ping'])].sort()).toEqual([...usual, 'ping'].sort());
    expect(guestPrograms(['apt-get'])).not.toContain('apt-get');
  });
});

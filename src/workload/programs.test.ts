import { describe, expect, it } from 'vitest';
import { installHint } from './programs.ts';

describe('what brings packages', () => {
  it('is one command', () => {
    expect(installHint(['iperf3', 'sockperf'])).toBe('apt-get install iperf3 sockperf');
    expect(installHint(['iperf3'], 'apt-get install -y')).toBe('apt-get install -y iperf3');
  });

  it('installs none whose service would then run', () => {
    const unpacks = 'TAPBENCH_SETUP_ONLY=1 ./tapbench, which unpacks nginx without starting its service';
    expect(installHint(['nginx'])).toBe(unpacks);
    expect(installHint(['nginx', 'wrk'])).toBe(`apt-get install wrk; ${unpacks}`);
  });
});

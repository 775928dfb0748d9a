import { describe, expect, it } from 'vitest';
import { tscKhzOfCpuInfo, tscKhzOfLog } from './tsc-frequency.ts';

describe('tscKhzOfLog', () => {
  it('takes what the kernel detected at boot', () => {
    expect(tscKhzOfLog('[    0.000010] tsc: Detected 2596.134 MHz processor\n')).toBe(2_596_134);
  });

  it('prefers the refined value', () => {
    const log =
      '[    0.000000] tsc: Detected 2600.000 MHz processor\n[    1.9] tsc: Refined TSC clocksource calibration: 2596.134 MHz\n';
    expect(tscKhzOfLog(log)).toBe(2_596_134);
  });

  it('says nothing for a log whose beginning was overwritten', () => {
    expect(tscKhzOfLog('[ 9999.1] eth0: link up\n')).toBeNull();
  });
});

describe('tscKhzOfCpuInfo', () => {
  it('reads the first CPU', () => {
    expect(tscKhzOfCpuInfo('processor\t: 0\ncpu MHz\t\t: 2596.134\nprocessor\t: 1\ncpu MHz\t\t: 800.000\n')).toBe(
      2_596_134,
    );
  });
});

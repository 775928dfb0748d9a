import { describe, expect, it } from 'vitest';
import { parseCpuTimes, timesBetween } from './cpu-times.ts';
import { parseGuestResources } from './guest-resources.ts';
import { HostCpuProbe } from './host-cpu.ts';

/** /proc/stat of Linux 6.18; only its first lines are looked at. */
const opening = `cpu  50038 0 13735 230735 1124 0 1042 324 0 0
cpu0 24757 0 4396 118358 145 0 652 160 0 0
cpu1 25281 0 9338 112376 979 0 389 163 0 0
intr 1119258 0 0
`;
const closing = `cpu  50138 1 13745 230635 1120 2 1045 328 0 0
cpu0 24807 0 4401 118300 140 1 654 162 0 0
cpu1 25331 1 9343 112335 980 1 390 166 0 0
intr 1119299 0 0
`;
const cpu0Alone = closing.replace(/^cpu1.*\n/m, '');

describe('the CPU times of a host', () => {
  it('are ns between the edges, in the sum and by CPU', () => {
    const { total, cpus } = new HostCpuProbe().difference(parseCpuTimes(opening), parseCpuTimes(closing));
    expect(total).toMatchObject({ userNs: 1e9, niceNs: 1e7, systemNs: 1e8, irqNs: 2e7, softirqNs: 3e7, stealNs: 4e7 });
    expect(cpus.map(({ cpu, times }) => [cpu, times.userNs])).toEqual([
      [0, 5e8],
      [1, 5e8],
    ]);
  });

  it('have no row for a CPU that went offline', () => {
    const { cpus } = new HostCpuProbe().difference(parseCpuTimes(opening), parseCpuTimes(cpu0Alone));
    expect(cpus.map(({ cpu }) => cpu)).toEqual([0]);
  });

  it('take idle and iowait that go back for none, and any other that does for an error', () => {
    const first = parseCpuTimes(opening).total;
    const last = parseCpuTimes(closing).total;
    expect(timesBetween(first, last)).toMatchObject({ idleNs: 0, iowaitNs: 0 });
    expect(() => timesBetween(last, first)).toThrow(/went back/);
  });

  it('are refused where the text is cut or empty', () => {
    expect(() => parseCpuTimes(opening.slice(0, 20))).toThrow(/no number in column 5/);
    expect(() => parseCpuTimes('')).toThrow(/no line of the sum/);
  });

  it('can be read on this machine, and grow', async () => {
    const probe = new HostCpuProbe();
    const reading = probe.difference(await probe.snapshot(), await probe.snapshot());
    expect(reading.cpus.length).toBeGreaterThan(0);
  });
});

describe('the resources of a guest', () => {
  const meminfo = 'MemTotal:         242824 kB\nMemFree:          198012 kB\nMemAvailable:     201000 kB\n';

  it('are its CPU times between the edges and its memory at the end', () => {
    const reading = parseGuestResources({ stat: opening, meminfo }, { stat: closing, meminfo });
    expect(reading).toMatchObject({ cpus: 2, memoryTotalBytes: 242_824 * 1024, memoryAvailableBytes: 201_000 * 1024 });
    expect(reading.cpu.userNs).toBe(1e9);
  });

  it('are refused where the memory is not said', () => {
    const edge = { stat: opening, meminfo: 'MemTotal:         242824 kB\n' };
    expect(() => parseGuestResources(edge, edge)).toThrow(/MemAvailable: no such line/);
  });
});

import type { HostCpu } from '../record/probe-readings.ts';
import { type CpuTimesByCpu, parseCpuTimes, timesBetween } from './cpu-times.ts';
import type { Probe } from './probe.ts';
import { demandProcfs } from './procfs.ts';

/** CPU of the whole host; `ours` is the caller's to add. */
export type HostCpuReading = Omit<HostCpu, 'ours'>;

/** Time of the host's CPUs by what they did. A CPU that was offline at an edge is in the sum and has no row. */
export class HostCpuProbe implements Probe<CpuTimesByCpu, HostCpuReading> {
  readonly name = 'host-cpu';

  async snapshot(): Promise<CpuTimesByCpu> {
    return await Promise.resolve(parseCpuTimes(demandProcfs('/proc/stat')));
  }

  difference(opening: CpuTimesByCpu, closing: CpuTimesByCpu): HostCpuReading {
    const cpus = [...closing.cpus].flatMap(([cpu, last]) => {
      const first = opening.cpus.get(cpu);
      return first === undefined ? [] : [{ cpu, times: timesBetween(first, last) }];
    });
    return { total: timesBetween(opening.total, closing.total), cpus };
  }
}

import type { GatheredTrial, WholeTrial } from '../../record/trial.ts';
import { wholeMeasurement } from './whole-measurement.ts';

/** A trial as a whole: its flows and machines are listed only where there is more than one of each, or none. */
export function wholeOf(gathered: GatheredTrial): WholeTrial {
  const { machines, measurements, status, toolCpuInWindowsNs, toolResidentBytes, notSaid, ...rest } = gathered;
  const { preparation, failure, phases, ...start } = rest;
  const [first] = machines;
  // A lab note knows nothing of its machines but their names, which stand with the system calls.
  const isNoted = measurements.length > 0 && measurements.every(({ noted }) => noted !== null);
  return {
    ...start,
    vmm: first?.vmm ?? null,
    guest: first?.guest ?? null,
    path: first?.path ?? null,
    ...(first?.bootTime === undefined ? {} : { bootTime: first.bootTime }),
    preparation,
    failure,
    phases,
    status,
    measurements: measurements.map(wholeMeasurement),
    toolCpuInWindowsNs,
    toolResidentBytes,
    notSaid,
    ...(machines.length === 1 || isNoted ? {} : { machines }),
  };
}

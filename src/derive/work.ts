import type { WholeMeasurement } from '../record/measurement.ts';

/** What a cost is divided by. Each null with its own reason. */
export interface Work {
  /** Round trips; null with a reason for a workload that has none. */
  readonly roundTrips: number | null;
  /** Payload bytes; null with a reason for a workload that isn't about bytes. */
  readonly bytes: number | null;
  readonly noRoundTrips: string;
  readonly noBytes: string;
}

const noRoundTrips = 'a throughput workload has no round trips';
const noBytes = 'a latency workload is not about bytes';

/** The work of the measured window. The CPU time of the window was spent on warm-up and omitted seconds too, so their work counts. */
export function workOfWindow({ throughput, latency, work }: WholeMeasurement): Work {
  const untold = 'the tool did not say how much work the window did';
  if (throughput !== null) return { roundTrips: null, bytes: work.payloadBytes, noRoundTrips, noBytes: untold };
  if (latency === null) return { roundTrips: null, bytes: null, ...nothingReported };
  return { roundTrips: work.roundTrips, bytes: null, noRoundTrips: untold, noBytes };
}

const nothingReported = { noRoundTrips: 'the tool reported no figure', noBytes: 'the tool reported no figure' };

type Counted = { readonly messages: number | null; readonly bytes: number | null } | null;

function workOfCounted({ throughput, latency }: WholeMeasurement, counted: Counted): Work {
  const untold = 'the tool did not say how much work the traced window did';
  if (throughput !== null) return { roundTrips: null, bytes: counted?.bytes ?? null, noRoundTrips, noBytes: untold };
  if (latency === null) return { roundTrips: null, bytes: null, ...nothingReported };
  return { roundTrips: counted?.messages ?? null, bytes: null, noRoundTrips: untold, noBytes };
}

/** The work of the window in which the system calls were counted. */
export function workOfCalls(measurement: WholeMeasurement): Work {
  return workOfCounted(measurement, measurement.systemCalls);
}

/** The work of the window in which KVM's exits were counted. */
export function workOfExits(measurement: WholeMeasurement): Work {
  return workOfCounted(measurement, measurement.kvmExits);
}

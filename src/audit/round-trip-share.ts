import type { WholeMeasurement } from '../record/measurement.ts';
import { exactly, quotientOf, type Rounded, rounded } from './rounding.ts';

/**
 * Share of a ping-pong's run that its round trips fill: messages x 2 x mean half round trip / duration, 1 where figures agree. null where one of them is
 * not there, or several messages were under way at once.
 */
export function roundTripShare(measurement: WholeMeasurement): Rounded | null {
  const { latency } = measurement;
  if (latency?.mode !== 'ping-pong' || latency.durationNs === 0) return null;
  const { messages, durationNs, halfRoundTripNs } = latency;
  if (messages === null || durationNs === null || halfRoundTripNs.mean === null) return null;
  return quotientOf(
    [
      exactly(2),
      rounded(measurement, 'latency.messages', messages),
      rounded(measurement, 'latency.halfRoundTripNs.mean', halfRoundTripNs.mean),
    ],
    [rounded(measurement, 'latency.durationNs', durationNs)],
  );
}

/** Measured on loopback and over a tap with sockperf 3.7: the share is 0.998 to 0.999, the rest being the client's own time between two messages. */
export const shareTolerance = 0.01;

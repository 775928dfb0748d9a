import type { ObserverEffect, WholeMeasurement } from '../record/measurement.ts';

function effect(metric: ObserverEffect['metric'], untraced: number, traced: number): ObserverEffect | null {
  const ratio = traced / untraced;
  // A window in which nothing arrived has nothing to compare with.
  return untraced > 0 && Number.isFinite(ratio) ? { metric, untraced, traced, ratio } : null;
}

/** What tracing did to the figure: the traced window of the same boot against the measured one. null without a traced window, or without a figure in one of them. */
export function observerEffectOf({ throughput, latency, traced }: WholeMeasurement): ObserverEffect | null {
  if (throughput !== null) {
    const rate = traced?.throughput?.bitsPerSecond;
    return rate === undefined ? null : effect('throughput.bitsPerSecond', throughput.bitsPerSecond, rate);
  }
  const [untraced, median] = [latency?.halfRoundTripNs.p50 ?? null, traced?.latency?.halfRoundTripNs.p50 ?? null];
  return untraced === null || median === null ? null : effect('latency.halfRoundTripNs.p50', untraced, median);
}

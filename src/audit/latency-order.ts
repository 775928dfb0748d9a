import type { Finding } from '../record/finding.ts';
import type { LatencyDistribution } from '../record/latency.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount } from './quantity.ts';

const audit = 'latency-order';

/** Figures that no distribution can have in another order. */
function ordered({ min, p25, p50, p75, p90, p99, p999, p9999, p99999, max }: LatencyDistribution): [string, number][] {
  const figures = { min, p25, p50, p75, p90, p99, p999, p9999, p99999, max };
  return Object.entries(figures);
}

/** Percentiles rise from the minimum to the maximum and the mean lies between: all else is a parser or a tool gone wrong. */
export const latencyOrder: Audit = {
  name: audit,
  judge({ measurement }: AuditContext): Finding[] {
    const half = measurement.latency?.halfRoundTripNs;
    if (half === undefined) return [];
    const concerns: Finding['concerns'] = ['latency'];
    const steps = ordered(half);
    const fall = steps.findIndex(([, value], index) => value < (steps[index - 1]?.[1] ?? 0));
    const [upper, lower] = [steps[fall], steps[fall - 1]];
    if (upper !== undefined && lower !== undefined) {
      const message = `${upper[0]} (${amount(upper[1])} ns) is below ${lower[0]} (${amount(lower[1])} ns)`;
      return [{ level: 'void', audit, message, concerns }];
    }
    if (half.mean >= half.min && half.mean <= half.max) return [];
    const message = `the mean (${amount(half.mean)} ns) lies outside of ${amount(half.min)} to ${amount(half.max)} ns`;
    return [{ level: 'void', audit, message, concerns }];
  },
};

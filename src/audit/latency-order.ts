import type { Finding } from '../record/finding.ts';
import type { WholeMeasurement } from '../record/measurement.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount } from './quantity.ts';
import { type Rounded, rounded } from './rounding.ts';

const audit = 'latency-order';

/** Figures that no distribution can have in another order. */
const inOrder = ['min', 'p25', 'p50', 'p75', 'p90', 'p99', 'p999', 'p9999', 'p99999', 'max'] as const;

type Step = Rounded & { readonly name: string };

function figureOf(measurement: WholeMeasurement, name: (typeof inOrder)[number] | 'mean'): Step[] {
  const value = measurement.latency?.halfRoundTripNs[name] ?? null;
  return value === null ? [] : [{ name, ...rounded(measurement, `latency.halfRoundTripNs.${name}`, value) }];
}

/** Whether one is surely below the other, whatever was rounded. */
function isBelow(a: Step, b: Step): boolean {
  return a.value + a.rounding < b.value - b.rounding;
}

function orderFinding(message: string): Finding[] {
  return [{ level: 'void', audit, message, concerns: ['latency'] }];
}

/** Percentiles rise from the minimum to the maximum and the mean lies between: all else is a parser or a tool gone wrong, or a slip of who wrote it down. */
export const latencyOrder: Audit = {
  name: audit,
  holdsFor: 'flow',
  judge({ measurement }: AuditContext): Finding[] {
    const steps = inOrder.flatMap((name) => figureOf(measurement, name));
    for (const [index, upper] of steps.entries()) {
      const lower = steps[index - 1];
      if (lower === undefined || !isBelow(upper, lower)) continue;
      return orderFinding(
        `${upper.name} (${amount(upper.value)} ns) is below ${lower.name} (${amount(lower.value)} ns)`,
      );
    }
    const [[mean], [min], [max]] = [
      figureOf(measurement, 'mean'),
      figureOf(measurement, 'min'),
      figureOf(measurement, 'max'),
    ];
    if (mean === undefined) return [];
    if ((min === undefined || !isBelow(mean, min)) && (max === undefined || !isBelow(max, mean))) return [];
    const [from, to] = [min, max].map((one) => (one === undefined ? '?' : amount(one.value)));
    return orderFinding(`the mean (${amount(mean.value)} ns) lies outside of ${from ?? '?'} to ${to ?? '?'} ns`);
  },
};

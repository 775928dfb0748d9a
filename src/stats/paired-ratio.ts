import { type Estimate, type EstimateOptions, estimateOf } from './estimate.ts';

/**
 * The geometric mean of ratios of two figures that belong together (of one boot, of one block), with its 95 % interval: `estimateOf` of their logarithms. What
 * both figures of a pair share, such as a slow minute of the host, is in neither.
 * @param ratios above 0
 */
export function pairedRatio(ratios: readonly number[], options: EstimateOptions): Estimate {
  const { value, interval, boots, reason } = estimateOf(ratios.map(Math.log), { ...options, isSigned: true });
  return {
    value: value === null ? null : Math.exp(value),
    interval: interval === null ? null : { low: Math.exp(interval.low), high: Math.exp(interval.high) },
    boots,
    reason,
  };
}

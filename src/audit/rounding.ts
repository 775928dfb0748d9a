import type { WholeMeasurement } from '../record/measurement.ts';

/**
 * A figure with how far the truth may be from it: half a unit of the last digit that a lab note gives of it. 0 for what was measured: a program read all
 * digits that there were.
 */
export interface Rounded {
  readonly value: number;
  readonly rounding: number;
}

/** A figure of a measurement with its rounding. @param field such as `throughput.streams.0.bytes` */
export function rounded({ noted }: Pick<WholeMeasurement, 'noted'>, field: string, value: number): Rounded {
  return { value, rounding: noted?.rounding[field] ?? 0 };
}

/** A figure without rounding: a count, or a constant. */
export function exactly(value: number): Rounded {
  return { value, rounding: 0 };
}

/** Roundings of parts add up in their sum, at worst. */
export function sumOf(parts: readonly Rounded[]): Rounded {
  return parts.reduce(
    (total, part) => ({ value: total.value + part.value, rounding: total.rounding + part.rounding }),
    exactly(0),
  );
}

/** A product of figures over one of others. Its rounding is how far the greatest possible factors over the least possible divisors lie above it. */
export function quotientOf(factors: readonly Rounded[], divisors: readonly Rounded[]): Rounded {
  const product = (values: readonly number[]) => values.reduce((total, value) => total * value, 1);
  const value = product(factors.map((one) => one.value)) / product(divisors.map((one) => one.value));
  if ([...factors, ...divisors].every((one) => one.rounding === 0)) return exactly(value);
  const most = product(factors.map((one) => one.value + one.rounding));
  const least = product(divisors.map((one) => Math.max(0, one.value - one.rounding)));
  return { value, rounding: least > 0 ? most / least - value : Number.POSITIVE_INFINITY };
}

/** How far two figures are apart beyond what their rounding explains, in their unit; 0 where it explains all. */
export function apart(a: Rounded, b: Rounded): number {
  return Math.max(0, Math.abs(a.value - b.value) - a.rounding - b.rounding);
}

/** The same as a share of the greater one. */
export function apartShare(a: Rounded, b: Rounded): number {
  return apart(a, b) / Math.max(Math.abs(a.value), Math.abs(b.value), 1);
}

/** What a message adds where some of the difference was taken for rounding. */
export function roundingText(...figures: readonly Rounded[]): string {
  return figures.some((one) => one.rounding > 0) ? ' beyond the rounding of the note' : '';
}

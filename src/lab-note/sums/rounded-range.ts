import type { Figure } from '../figure.ts';

/** All values that a printed figure, or a sum of such, can have been. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** printf rounds what a double holds, not the decimal number: a hair more than half a unit. */
const hair = 1.001;
/** Doubles add up to this share. */
const double = 1e-9;

export function rangeOf({ value, halfUnit }: Figure): Range {
  const room = halfUnit * hair + Math.abs(value) * double;
  return { low: value - room, high: value + room };
}

export function sumOf(figures: readonly Figure[]): Range {
  return figures.map(rangeOf).reduce((sum, each) => ({ low: sum.low + each.low, high: sum.high + each.high }), {
    low: 0,
    high: 0,
  });
}

/** Of figures that are not negative; null where the divisor may be 0. */
export function quotientOf(above: Range, below: Range): Range | null {
  return below.low <= 0 ? null : { low: above.low / below.high, high: above.high / below.low };
}

export function scaled({ low, high }: Range, by: number): Range {
  return { low: low * by, high: high * by };
}

export function overlap(a: Range, b: Range): boolean {
  return a.low <= b.high && b.low <= a.high;
}

/** A value with as many digits as the eye needs. */
export function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** The middle of a range, for a message. */
export function middle({ low, high }: Range): string {
  return shown((low + high) / 2);
}

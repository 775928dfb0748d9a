/** A share as a percentage of at most three digits: 0.01234 is `1.23 %`. */
export function percent(share: number): string {
  return `${String(Number((share * 100).toPrecision(3)))} %`;
}

/** Made once: each `toLocaleString` with options makes one anew, which took a fifth of the time in which a trial is read and judged. */
const digitsInGroups = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 });

/** A count or a figure of at most four digits after rounding, digits in groups of three: `198,352`, `0.9984`. */
export function amount(value: number): string {
  const rounded = Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(4));
  return digitsInGroups.format(rounded);
}

const rateScales = [
  [1e9, 'Gbit/s'],
  [1e6, 'Mbit/s'],
  [1e3, 'kbit/s'],
] as const;

/** A rate of at most four digits: `3.037 Gbit/s`. */
export function rate(bitsPerSecond: number): string {
  const [factor, unit] = rateScales.find(([least]) => bitsPerSecond >= least) ?? [1, 'bit/s'];
  return `${amount(Number((bitsPerSecond / factor).toPrecision(4)))} ${unit}`;
}

/** So many of what was done: `1 datagram was`, `94 datagrams were`. */
export function countWas(count: number, noun: string): string {
  return `${amount(count)} ${noun}${count === 1 ? ' was' : 's were'}`;
}

/** Nanoseconds as seconds: `2.55 s`. */
export function seconds(ns: number): string {
  return `${amount(ns / 1e9)} s`;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** `part / whole`, 0 where there is no whole: an empty window has no share of anything. */
export function shareOf(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}

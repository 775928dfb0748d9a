/** Digits that a figure deserves: boots of one machine differ in the third. */
const figureDigits = 3;

/** A number at three significant digits, but never fewer than its whole part: 0.0123, 1.23, 123, 12,346. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '?';
  const rounded = Number(value.toPrecision(figureDigits));
  if (Math.abs(rounded) >= 1000) return formatCount(value);
  if (rounded === 0) return '0';
  const wholeDigits = Math.max(1, Math.floor(Math.log10(Math.abs(rounded))) + 1);
  const leadingZeros = Math.abs(rounded) < 1 ? -Math.floor(Math.log10(Math.abs(rounded))) - 1 : 0;
  const wanted = Math.abs(rounded) < 1 ? figureDigits + leadingZeros : figureDigits - wholeDigits;
  return rounded.toFixed(Math.min(wanted, 9));
}

/** A whole number with commas. */
export function formatCount(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A share as a percentage: `0.0123 %`, `43.1 %`. */
export function formatShare(share: number): string {
  return `${formatNumber(share * 100)} %`;
}

interface Scale {
  readonly factor: number;
  readonly unit: string;
}

/** The largest scale that leaves at least 1 after rounding: 999.9 us is 1.00 ms. */
function scaled(value: number, scales: readonly Scale[]): string {
  const rounded = Math.abs(Number(value.toPrecision(figureDigits)));
  const scale = scales.find(({ factor }) => rounded >= factor) ?? scales.at(-1);
  return scale === undefined ? formatNumber(value) : `${formatNumber(value / scale.factor)} ${scale.unit}`;
}

const rateScales: readonly Scale[] = [
  { factor: 1e12, unit: 'Tbit/s' },
  { factor: 1e9, unit: 'Gbit/s' },
  { factor: 1e6, unit: 'Mbit/s' },
  { factor: 1e3, unit: 'kbit/s' },
  { factor: 1, unit: 'bit/s' },
];

const timeScales: readonly Scale[] = [
  { factor: 1e9, unit: 's' },
  { factor: 1e6, unit: 'ms' },
  { factor: 1e3, unit: 'us' },
  { factor: 1, unit: 'ns' },
];

const sizeScales: readonly Scale[] = [
  { factor: 1024 ** 4, unit: 'TiB' },
  { factor: 1024 ** 3, unit: 'GiB' },
  { factor: 1024 ** 2, unit: 'MiB' },
  { factor: 1024, unit: 'KiB' },
  { factor: 1, unit: 'B' },
];

/** Bits per second as `2.35 Gbit/s`. */
export function formatRate(bitsPerSecond: number): string {
  return scaled(bitsPerSecond, rateScales);
}

/** Nanoseconds as `75.2 us`. */
export function formatTime(ns: number): string {
  return scaled(ns, timeScales);
}

/** Bytes as `512 MiB`, trailing zeros left out. */
export function formatSize(bytes: number): string {
  return scaled(bytes, sizeScales)
    .replace(/(\.\d*?)0+ /, '$1 ')
    .replace('. ', ' ');
}

/** A ratio as what it changes: 1.041 is `+4.1 %`. */
export function formatChange(ratio: number): string {
  const percent = ((ratio - 1) * 100).toFixed(1).replace(/^-0\.0$/, '0.0');
  return `${percent.startsWith('-') ? '' : '+'}${percent} %`;
}

/** A span of planned time as users write it: `30 s`, `2 min`, `500 ms`. */
export function formatSpan(ns: number): string {
  const seconds = ns / 1e9;
  if (seconds >= 120 && seconds % 60 === 0) return `${String(seconds / 60)} min`;
  return Number.isInteger(seconds) ? `${String(seconds)} s` : formatTime(ns);
}

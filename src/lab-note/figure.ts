/** A number as it stands in a note, in base units. What a note says is rounded: the tool's own figure lies within `value` -+ `halfUnit`. */
export interface Figure {
  /** Base units: ns, bytes, bits per second, or a plain number. */
  readonly value: number;
  /** Half a unit of the last printed place, base units; 0 where the tool printed the exact number (counts, JSON integers). */
  readonly halfUnit: number;
  /** The piece of the line it was read from: digits, and the unit where it stands beside them. Starts with the digits. */
  readonly text: string;
  /** Line in the text that was read, from 1. */
  readonly line: number;
}

/** What one step of a printed number is: `digits x 10^decimal x binary`. Kept apart so that decimal scaling stays exact. */
export interface Unit {
  readonly decimal: number;
  readonly binary: number;
}

export const unit = {
  one: { decimal: 0, binary: 1 },
  seconds: { decimal: 9, binary: 1 },
  milliseconds: { decimal: 6, binary: 1 },
  microseconds: { decimal: 3, binary: 1 },
} as const satisfies Record<string, Unit>;

const kibi = 1024;
const prefixes = ['', 'K', 'M', 'G', 'T', 'P'];

function power(prefix: string): number {
  return prefixes.indexOf(prefix.toUpperCase());
}

/**
 * A quantity of bytes as iperf prints it: powers of 1024 in both generations.
 * Source: `conversion_bytes` in iperf3's src/units.c and in iperf 2's compat/stdio.c.
 */
export function bytesUnit(prefix: string): Unit {
  return { decimal: 0, binary: kibi ** power(prefix) };
}

/**
 * A rate as iperf prints it, in bits per second: bits in powers of 1000, Bytes in powers of 1024.
 * Source: `conversion_bits` and `conversion_bytes` in iperf3's src/units.c and in iperf 2's compat/stdio.c.
 */
export function rateUnit(prefix: string, of: string): Unit {
  return of === 'bits' ? { decimal: 3 * power(prefix), binary: 1 } : { decimal: 0, binary: 8 * kibi ** power(prefix) };
}

/** Above 2^53 doubles skip whole numbers, and no such quantity occurs: 9 PB, 9 Pbit/s, 104 days in ns. */
const largest = Number.MAX_SAFE_INTEGER;
/** More digits than a double tells apart are no figure of a tool. */
const longestDigits = 24;

export interface FigureSource {
  /** Digits as printed: `-?`, digits, perhaps a point and digits, perhaps an exponent. */
  readonly digits: string;
  readonly line: number;
  /** Default: plain number. */
  readonly unit?: Unit;
  /** The digits with their unit, as in the line; default the digits. */
  readonly text?: string;
  /** A count: whole and exact. Default false: rounded to its last place. */
  readonly isExact?: boolean;
}

function placesAfterPoint(digits: string): number {
  const point = digits.indexOf('.');
  return point < 0 ? 0 : digits.length - point - 1;
}

/** 5 x 10^n for n from -24 to 24: half a unit of a place. */
const halves = Array.from({ length: 2 * longestDigits + 1 }, (_, index) => Number(`5e${index - longestDigits}`));

function halfOf(place: number): number {
  return halves[place - 1 + longestDigits] ?? Number(`5e${place - 1}`);
}

/** Value and last place of digits with an exponent, as JSON has them. */
function scientific(digits: string, decimal: number): { scaled: number; places: number } {
  const [mantissa = '', exponent = '0'] = digits.toLowerCase().split('e');
  return {
    scaled: Number(`${mantissa}e${Number(exponent) + decimal}`),
    places: placesAfterPoint(mantissa) - Number(exponent),
  };
}

function fixed(digits: string, decimal: number): { scaled: number; places: number } {
  const scaled = decimal === 0 ? Number(digits) : Number(`${digits}e${decimal}`);
  return { scaled, places: placesAfterPoint(digits) };
}

/** @returns null where the digits are no finite number of a size that occurs */
export function figure({
  digits,
  line,
  unit: of = unit.one,
  text = digits,
  isExact = false,
}: FigureSource): Figure | null {
  if (digits === '' || digits.length > longestDigits) return null;
  const { scaled, places } = (/[eE]/.test(digits) ? scientific : fixed)(digits, of.decimal);
  const value = scaled * of.binary;
  if (!Number.isFinite(value) || Math.abs(value) > largest || Math.abs(places) > longestDigits) return null;
  const halfUnit = isExact ? 0 : halfOf(of.decimal - places) * of.binary;
  return { value, halfUnit, text, line };
}

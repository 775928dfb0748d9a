import type { Figure } from '../../src/lab-note/figure.ts';

function isFigure(value: object): value is Figure {
  return 'halfUnit' in value && 'text' in value && 'line' in value;
}

/** Every figure in a reading, however deep. */
export function figuresIn(value: unknown): Figure[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isFigure(value)) return [value];
  return Object.values(value).flatMap(figuresIn);
}

/** Every number that stands outside of a figure: none may be NaN or infinite. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

/** Base units in one printed unit: what a value may be over its digits. Powers of ten for time and bits, of 1024 for bytes. */
const scales = [
  1,
  1e3,
  1e6,
  1e9,
  1e12,
  1e15,
  ...[1, 2, 3, 4, 5].map((power) => 1024 ** power),
  ...[0, 1, 2, 3, 4, 5].map((power) => 8 * 1024 ** power),
  8 * 1024 ** 2 * 1000,
];

/** What is wrong with the figures of a reading; null where nothing is. `lines` are those of the text, cleaned. */
export function wrongFigure(reading: unknown, lines: readonly string[]): string | null {
  if (numbersIn(reading).some((each) => !Number.isFinite(each))) return 'a number that is not finite';
  for (const { value, halfUnit, text, line } of figuresIn(reading)) {
    if (text === '' || lines[line - 1]?.includes(text) !== true) return `'${text}' does not stand in line ${line}`;
    const digits = Number.parseFloat(text);
    if (halfUnit < 0 || !Number.isFinite(digits)) return `'${text}' is no number with a precision`;
    const isScaled = scales.some((scale) => Math.abs(digits * scale - value) <= Math.abs(value) * 1e-12);
    if (!isScaled) return `${value} is not '${text}' in any unit`;
  }
  return null;
}

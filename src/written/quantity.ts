/** A quantity in its base unit, or what is wrong with the text. */
export type QuantityReading = { readonly value: number } | { readonly mistake: string };

interface QuantityKind {
  readonly article: string;
  /** Unit as written to its size in base units. */
  readonly units: Readonly<Record<string, number>>;
  readonly example: string;
}

const duration: QuantityKind = {
  article: 'a duration',
  units: { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 },
  example: '30s',
};

/** Powers of 1024 without a suffix, as QEMU's `-m` and iperf3's `-l` have it. `MB` is refused: it means 1000 to some and 1024 to others. */
const size: QuantityKind = {
  article: 'a size',
  units: { B: 1, K: 1024, KiB: 1024, M: 1024 ** 2, MiB: 1024 ** 2, G: 1024 ** 3, GiB: 1024 ** 3 },
  example: '512M',
};

/** Powers of 1000, as networks count. */
const rate: QuantityKind = {
  article: 'a rate',
  units: { 'bit/s': 1, 'kbit/s': 1e3, 'Kbit/s': 1e3, 'Mbit/s': 1e6, 'Gbit/s': 1e9, 'Tbit/s': 1e12 },
  example: '10Gbit/s',
};

/** A decimal number, then a unit, maybe with one space between. */
const pattern = /^(\d+(?:\.\d+)?) ?([A-Za-z/]*)$/;

/** The same for one kind, as the source of a regular expression: what editors check. */
function sourceOf(kind: QuantityKind): string {
  return String.raw`^\d+(\.\d+)? ?(${Object.keys(kind.units).join('|')})$`;
}

/** Sources of the regular expressions that the texts of quantities fit. */
export const quantityPatterns = { duration: sourceOf(duration), size: sourceOf(size), rate: sourceOf(rate) };

function read(value: unknown, kind: QuantityKind, least = 1): QuantityReading {
  const units = Object.keys(kind.units).join(', ');
  if (typeof value === 'number') {
    return { mistake: `${kind.article} needs a unit (${units}): for example ${kind.example}` };
  }
  const match = typeof value === 'string' ? pattern.exec(value) : null;
  if (match === null)
    return { mistake: `must be ${kind.article}: a number and a unit (${units}), for example ${kind.example}` };
  const [, number = '', unit = ''] = match;
  const factor = Object.hasOwn(kind.units, unit) ? kind.units[unit] : undefined;
  if (factor === undefined) {
    const what = unit === '' ? `${kind.article} needs a unit` : `${unit} is not a unit of ${kind.article}`;
    return { mistake: `${what}: one of ${units}` };
  }
  const base = Math.round(Number(number) * factor);
  if (base < least) return { mistake: 'must be more than 0' };
  return Number.isSafeInteger(base) ? { value: base } : { mistake: 'too large' };
}

/** Reads `30s`, `500ms`, `2m`: nanoseconds. */
export function readDuration(value: unknown): QuantityReading {
  return read(value, duration);
}

/** Reads a duration that may be none: `0`, `0s`, `500ms`: nanoseconds. */
export function readDurationOrZero(value: unknown): QuantityReading {
  return value === 0 || value === '0' ? { value: 0 } : read(value, duration, 0);
}

/** Reads `64B`, `512M`, `1GiB`: bytes. */
export function readSize(value: unknown): QuantityReading {
  return read(value, size);
}

/** Reads `10Gbit/s`: bits per second. */
export function readRate(value: unknown): QuantityReading {
  return read(value, rate);
}

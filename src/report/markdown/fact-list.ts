import { markdownCode, markdownText } from './escape.ts';

/** What the machine said, word for word. */
export interface Verbatim {
  readonly verbatim: string;
}

/** A fact by its name; null or empty: the machine does not say. */
export type Fact = readonly [name: string, value: string | number | boolean | Verbatim | null];

function valueText(value: string | number | boolean | Verbatim): string {
  if (typeof value === 'object') return markdownCode(value.verbatim);
  return markdownText(typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value));
}

function isSaid(value: Fact[1]): value is Exclude<Fact[1], null> {
  return value !== null && value !== '' && (typeof value !== 'object' || value.verbatim !== '');
}

/** A list of facts; what the machine does not say is left out. */
export function factList(facts: readonly Fact[]): string {
  return facts.flatMap(([name, value]) => (isSaid(value) ? [`- ${name}: ${valueText(value)}`] : [])).join('\n');
}

/** In the order of names. */
export function sorted<T>(values: Readonly<Record<string, T>>): [name: string, value: T][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** `a=on; b=1`, in the order of names. */
export function settings(values: Readonly<Record<string, string>>): string {
  return sorted(values)
    .map(([key, value]) => `${key}=${value}`)
    .join('; ');
}

/** `on: a, b; off: c` */
export function switches(values: Readonly<Record<string, boolean>>): string {
  const named = (isOn: boolean) => sorted(values).flatMap(([name, value]) => (value === isOn ? [name] : []));
  return [`on: ${named(true).join(', ') || 'none'}`, `off: ${named(false).join(', ') || 'none'}`].join('; ');
}

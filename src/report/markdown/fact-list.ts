import { markdownText } from './escape.ts';

/** A fact by its name; null or empty: the machine does not say. */
export type Fact = readonly [name: string, value: string | number | boolean | null];

/** A list of facts; what the machine does not say is left out. */
export function factList(facts: readonly Fact[]): string {
  return facts
    .filter(([, value]) => value !== null && value !== '')
    .map(
      ([name, value]) =>
        `- ${name}: ${markdownText(typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value))}`,
    )
    .join('\n');
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

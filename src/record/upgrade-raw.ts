/** A stored object before it was checked. */
export type Raw = Record<string, unknown>;

export function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; what is none of them is left out. */
export function rawList(value: unknown): Raw[] {
  return Array.isArray(value) ? value.filter(isRaw) : [];
}

/** `change` of an object; what is none (null, or damaged) as it is, for the schema to take or refuse. */
export function changed(value: unknown, change: (raw: Raw) => Raw): unknown {
  return isRaw(value) ? change(value) : value;
}

/** The same for each of a list. */
export function eachChanged(value: unknown, change: (raw: Raw) => Raw): unknown {
  return Array.isArray(value) ? value.map((one: unknown) => changed(one, change)) : value;
}

import type { MapDump, MapValue } from './bpftrace-output.ts';
import { parseShortMap } from './short-map.ts';
import { type CallKey, decodeCallKey, encodeCallKey } from './system-calls/call-key.ts';

/** What a map with keys holds; nothing for a map without, or that is not there. */
export function entries(value: MapValue | undefined): [string, number | string][] {
  return typeof value === 'object' ? Object.entries(value) : [];
}

/** What we call a thread that bpftrace gives this number. */
export type InnerNumber = (outer: number) => number;

/** Counts by encoded key, from the map with keys named `base` and from the short ones beside it. */
export function tallies(dump: MapDump, base: string, inner: InnerNumber): Map<bigint, number> {
  const found = new Map<bigint, number>();
  const add = ({ tid, id, request }: CallKey, value: number | string): void => {
    if (Number(value) > 0) found.set(encodeCallKey({ tid: inner(tid), id, request }), Number(value));
  };
  for (const [name, value] of dump) {
    if (name === base) for (const [key, entry] of entries(value)) add(decodeCallKey(key), entry);
    const short = parseShortMap(base, name);
    if (short !== null && typeof value === 'number') add(short, value);
  }
  return found;
}

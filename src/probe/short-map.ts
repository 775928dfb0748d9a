import { futexId } from './system-calls/call-identity.ts';
import { type CallKey, idShift, tidShift } from './system-calls/call-key.ts';

/** What is counted often enough for a map of its own. */
export type FrequentKey = Omit<CallKey, 'tid'>;

/** Counts by thread and what it did, in maps whose names begin with `base`. */
export interface CountedMaps {
  readonly base: string;
  /** What is added for one event: `count()` or `sum(...)`. */
  readonly value: string;
  /** The first `threadLimit` of them take the short way. */
  readonly tids: readonly number[];
  readonly frequent: readonly FrequentKey[];
}

/** A BPF program may use 64 maps (MAX_USED_MAPS of linux/bpf.h): 4 x 14 short ones and those for everything else. */
const threadLimit = 4;

/** Name of the map of one frequent call of one thread. */
function shortMap(base: string, key: CallKey): string {
  return `${base}_${String(key.tid)}_${String(key.id)}_${String(key.request)}`;
}

/** The key of a map that `shortMap` named; null for any other name. */
export function parseShortMap(base: string, name: string): CallKey | null {
  if (!name.startsWith(`${base}_`)) return null;
  const [tid, id, request] = name
    .slice(base.length + 1)
    .split('_')
    .map(Number);
  return tid === undefined || id === undefined || request === undefined ? null : { tid, id, request };
}

/** Where the key of `call-key.ts` is put together from `$tid`, `$id` and `$request` of a script. */
export const packedKey = `((uint64)$tid << ${String(tidShift)}) | ((uint64)$id << ${String(idShift)}) | (uint64)$request`;

/** Statements that count what is in `$id` and `$request` for the thread in `$tid`. */
export function addition({ base, value, tids, frequent }: CountedMaps): string {
  const long = `${base}[${packedKey}] = ${value};`;
  const short = (tid: number): string =>
    frequent
      .map(({ id, request }) => {
        const isThis =
          `$id == ${String(id)}` + (request === 0 && id !== futexId ? '' : ` && $request == ${String(request)}`);
        return `if (${isThis}) { ${shortMap(base, { tid, id, request })} = ${value}; }`;
      })
      .join('\n    else ');
  const threads = (frequent.length === 0 ? [] : tids.slice(0, threadLimit)).map(
    (tid) => `if ($tid == ${String(tid)}) {\n    ${short(tid)}\n    else { ${long} }\n  }\n  else `,
  );
  // A block of its own is a syntax error in bpftrace 0.17: braces only behind `else`.
  return threads.length === 0 ? `  ${long}` : `  ${threads.join('')}{ ${long} }`;
}

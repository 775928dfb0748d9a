import { z } from 'zod';
import { ParseError } from '../record/error.ts';

/** A scalar map, or one with keys; numbers above 2^53 do not occur (counts, and sums of ns under 104 days). */
const mapValue = z.union([z.number(), z.string(), z.record(z.string(), z.union([z.number(), z.string()]))]);
export type MapValue = z.infer<typeof mapValue>;

/** The lines of `bpftrace -f json` that we look at; others (`attached_probes`, `value`) are let pass. */
const outputLine = z.union([
  z.object({ type: z.literal('map'), data: z.record(z.string(), mapValue) }),
  z.object({ type: z.literal('printf'), data: z.string() }),
  z.object({ type: z.literal('lost_events'), data: z.object({ events: z.number() }) }),
  z.object({ type: z.string() }).transform(() => ({ type: 'other' as const })),
]);

/** All maps of one dump by name (`@count`). A map without entries is not in it. */
export type MapDump = ReadonlyMap<string, MapValue>;

export interface OutputListener {
  onPrintf(text: string): void;
  onDump(dump: MapDump): void;
  onLostEvents(count: number): void;
}

/** Reads the output of one bpftrace line by line. A dump is complete when the map named `sentinel`, the last that is printed, has come. */
export class BpftraceOutput {
  readonly #sentinel: string;
  readonly #listener: OutputListener;
  #maps = new Map<string, MapValue>();

  constructor(sentinel: string, listener: OutputListener) {
    this.#sentinel = sentinel;
    this.#listener = listener;
  }

  /** @throws ParseError where the line is no JSON or a line of a known type lacks its data */
  readLine(text: string): void {
    if (text.trim() === '') return;
    const line = parseLine(text);
    if (line.type === 'printf') this.#listener.onPrintf(line.data);
    else if (line.type === 'lost_events') this.#listener.onLostEvents(line.data.events);
    else if (line.type === 'map') this.#readMaps(line.data);
  }

  #readMaps(maps: Readonly<Record<string, MapValue>>): void {
    for (const [name, value] of Object.entries(maps)) this.#maps.set(name, value);
    if (!this.#maps.has(this.#sentinel)) return;
    const dump = this.#maps;
    this.#maps = new Map();
    this.#listener.onDump(dump);
  }
}

const knownTypes: ReadonlySet<string> = new Set(['map', 'printf', 'lost_events']);

function parseLine(text: string): z.infer<typeof outputLine> {
  const place = { file: 'bpftrace output', path: text.slice(0, 80) };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ParseError(place, 'not a line of JSON', { cause });
  }
  const parsed = outputLine.safeParse(json);
  if (!parsed.success) throw new ParseError(place, 'a line without a type', { cause: parsed.error });
  const type = z.object({ type: z.string() }).parse(json).type;
  if (parsed.data.type === 'other' && knownTypes.has(type))
    throw new ParseError(place, `a ${type} line with other data than known`);
  return parsed.data;
}

import type { BpfMap, MapEntry, MapPrints } from '../reading.ts';
import { type NotedCall, notedCall, numberedCall } from './call-name.ts';
import type { LeftOutList } from './left-out.ts';

/** One thread's one call, as a map counts it. */
export interface MapCall extends NotedCall {
  /** Of the thread; null where the key has none. */
  readonly thread: string | null;
  /** All of the key but the call: what tells threads of one name apart. */
  readonly threadKey: string;
  readonly count: number;
  readonly timeNs: number | null;
}

/** A sum of `nsecs`, bpftrace's only clock, unless the name has another unit. */
const timeMap = /^@(?:\w*_)?(?:time|times|ns|nsecs|elapsed|duration|durations)(?:_?(?:ns|sum|total))?$/i;
/** Names of maps that hold something else of a call than how often it was made. */
const otherMap =
  /(?:^@|_)(?:bytes?|size|sizes|len|lens|length|lat|latency|us|usecs?|ms|msecs?|min|max|avg|mean|average|start|starts|begin|err|errs|errors|ret|hist)(?:_|$)/i;

interface KeyedCall {
  readonly call: NotedCall;
  readonly thread: string | null;
  readonly threadKey: string;
}

/** The call is the last part of a key that names one; numbers are calls only where the script says so. */
function keyedCall({ key }: MapEntry, isNumbered: boolean): KeyedCall | null {
  for (let place = key.length - 1; place >= 0; place -= 1) {
    const part = key[place] ?? '';
    const call = notedCall(part) ?? (isNumbered && place === key.length - 1 ? numberedCall(part) : null);
    if (call === null) continue;
    const others = key.filter((_, index) => index !== place);
    const names = others.filter((each) => !/^\d+$/.test(each));
    return { call, thread: names.length === 0 ? null : names.join(', '), threadKey: others.join('\u0000') };
  }
  return null;
}

function identity({ call, threadKey }: KeyedCall): string {
  return [threadKey, call.name, call.request ?? ''].join('\u0000');
}

/** Counts and times of the prints over the whole trace. */
class MapCalls {
  readonly counts = new Map<string, MapCall>();
  readonly times = new Map<string, { timeNs: number; line: number }>();
  readonly #isNumbered: boolean;
  readonly #leftOut: LeftOutList;

  constructor(isNumbered: boolean, leftOut: LeftOutList) {
    this.#isNumbered = isNumbered;
    this.#leftOut = leftOut;
  }

  take(map: BpfMap): void {
    const other: number[] = [];
    const again: number[] = [];
    for (const entry of map.entries) {
      const keyed = otherMap.test(map.name) ? null : keyedCall(entry, this.#isNumbered);
      const line = entry.value.line;
      if (keyed === null || entry.value.value < 0) other.push(line);
      else if (!this.#takeEntry(map.name, keyed, entry)) again.push(line);
    }
    this.#leftOut.addLines(other, `map ${map.name}`, 'it has no system call in its keys, or no count of calls');
    this.#leftOut.addLines(again, `map ${map.name}`, 'another map has counted these calls');
  }

  /** @returns whether it is new */
  #takeEntry(name: string, keyed: KeyedCall, { value, stats }: MapEntry): boolean {
    const key = identity(keyed);
    const isTime = timeMap.test(name);
    if (isTime && stats === null) {
      if (this.times.has(key)) return false;
      this.times.set(key, { timeNs: value.value, line: value.line });
      return true;
    }
    if (this.counts.has(key)) return false;
    const { call, thread, threadKey } = keyed;
    const count = stats?.count.value ?? value.value;
    this.counts.set(key, { ...call, thread, threadKey, count, timeNs: isTime ? value.value : null });
    return true;
  }

  calls(): MapCall[] {
    const alone = [...this.times].filter(([key]) => !this.counts.has(key)).map(([, { line }]) => line);
    this.#leftOut.addLines(alone, 'times of system calls', 'no map counts these calls');
    return [...this.counts].map(([key, call]) => ({ ...call, timeNs: this.times.get(key)?.timeNs ?? call.timeNs }));
  }
}

/** What is told of how the calls were traced. */
export interface MapSource {
  readonly prints: readonly MapPrints[];
  /** The script, as far as the note shows it, takes the call's number as a key. */
  readonly isNumbered: boolean;
}

/** The system calls that the maps of one measurement count. What they hold beside is listed. */
export function mapCalls({ prints, isNumbered }: MapSource, leftOut: LeftOutList): MapCall[] {
  const found = new MapCalls(isNumbered, leftOut);
  for (const one of prints) {
    for (const { part, maps } of one.prints) {
      if (part === 'total') {
        for (const map of maps) found.take(map);
        continue;
      }
      const why = 'it is over a part of the trace, or nothing says that it is over all of it';
      for (const { name, lines } of maps) leftOut.addLines(lines, `print of map ${name}`, why);
    }
    for (const { name, line } of one.histograms) leftOut.add(line, `histogram ${name}`, 'a record has no field for it');
  }
  return found.calls();
}

import { unixRequest } from '../lab/unix-http.ts';
import { readUntrusted } from '../lab/untrusted-file.ts';
import type { CounterSource } from '../record/counter-source.ts';
import { ParseError } from '../record/error.ts';
import type { VmmCounters } from '../record/probe-readings.ts';

const deadlineMs = 5_000;
/** Firecracker writes some 10 KB a minute, and whenever it is asked. */
const mostBytes = 64 * 1024 ** 2;

function summed(lines: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [name, value] of lines.flatMap((line) => Object.entries(line))) sums[name] = (sums[name] ?? 0) + value;
  return sums;
}

/** What happened between two snapshots. A counter that is not in the first began at 0. */
export function countedBetween(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
  counts: CounterSource['counts'],
): Record<string, number> {
  const from = counts === 'total' ? before : {};
  const differences = Object.entries(after).map(([name, value]) => [name, value - (from[name] ?? 0)] as const);
  return Object.fromEntries(differences.filter(([, value]) => value !== 0));
}

function textOf(file: string): string {
  try {
    return readUntrusted(file, mostBytes);
  } catch (cause) {
    throw new ParseError({ file, path: 'the file' }, 'it cannot be read', { cause });
  }
}

/** Asks a VMM for its own counters at both ends of a window. The asking wakes a thread of the VMM: it must be outside of what else is counted. */
export class VmmCounterProbe {
  readonly #source: CounterSource;

  constructor(source: CounterSource) {
    this.#source = source;
  }

  /** @returns totals; where the VMM answers with what it counted since the last answer, that. @throws TapbenchError `VMM_FAILED`, `PARSE_FAILED` */
  async snapshot(): Promise<Record<string, number>> {
    const { request, file } = this.#source;
    const answer = await unixRequest(request, deadlineMs);
    return file === null ? this.#source.read(answer) : this.#inFile(file);
  }

  /** Lines that count since the line before add up to totals, whoever asked for them. */
  #inFile(file: string): Record<string, number> {
    const lines = textOf(file)
      .split('\n')
      .filter((line) => line.trim() !== '');
    const last = lines.at(-1);
    if (last === undefined) throw new ParseError({ file, path: 'last line' }, 'the VMM wrote no counters');
    if (this.#source.counts === 'total') return this.#source.read(last);
    return summed(lines.map((line) => this.#source.read(line)));
  }

  difference(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>): VmmCounters {
    const { source, file, counts, names } = this.#source;
    const counters = countedBetween(before, after, file === null ? counts : 'total');
    const valueOf = (name: string | null) => (name === null ? null : (counters[name] ?? 0));
    const side = ({ packets, bytes }: { packets: string | null; bytes: string | null }) => ({
      packets: valueOf(packets),
      bytes: valueOf(bytes),
    });
    return { source, fromGuest: side(names.fromGuest), toGuest: side(names.toGuest), counters };
  }
}

import { type Figure, figure, type Unit, unit } from '../figure.ts';
import type { ThreadTablesReading, TracedCall, TracedThread } from '../reading.ts';
import type { TextLine } from '../text-lines.ts';
import type { OutputReader, Taken } from './reader.ts';

const summaryHead = /^\s*Summary of events:$/;
const threadHead = /^\s*(\S.{0,63}?) \((\d+)\), (\d+) events(?:, (\d+[.,]\d+)%)?(?:, \d+[.,]\d+ msec)?$/;
const totalHead = /^\s*total, (\d+) events$/;
/** Older versions of perf have no column for the whole time of a call. */
const columnHead = /^\s*syscall\s+calls\s+(?:errors\s+)?(?:total\s+)?min\s+avg\s+max\s+stddev$/;
const unitHead = /^\s*(?:\(msec\)\s+){3,4}\(%\)$/;
const rule = /^\s*-{4,}(?: +-{3,}){4,}$/;
/** Name, calls, perhaps errors, three or four times in milliseconds, and the deviation; some languages write a comma before decimals. */
const row = /^\s*([a-z_]\w{0,40}|\d{1,5}|0x[\da-f]{1,8})\s+(\d+)\s+(?:(\d+)\s+)?((?:\d+[.,]\d+\s+){3,4})(\d+[.,]\d+)%$/;
const errorCount = /^\s+E[A-Z0-9]+: \d+$/;
const gate = /(?:%|events|---|syscall|msec|: \d+)(?:\S*|\s+stddev|:)$|syscall/;

interface OpenThread {
  readonly name: string | null;
  readonly tid: Figure | null;
  readonly events: Figure | null;
  readonly eventsPercent: Figure | null;
  readonly calls: TracedCall[];
}

const unnamed = { name: null, tid: null, events: null, eventsPercent: null } as const;

/** Reads the tables of `perf trace -s`, one a thread. */
export class PerfTraceSummary implements OutputReader {
  readonly #threads: OpenThread[] = [];
  readonly #lines: number[] = [];
  #isInTable = false;

  take(line: TextLine): Taken {
    if (!gate.test(line.text)) return 'refused';
    const verdict = this.#read(line);
    if (verdict === 'taken' || verdict === 'weak') this.#lines.push(line.number);
    return verdict;
  }

  #read(line: TextLine): Taken {
    const { text } = line;
    if (summaryHead.test(text)) return this.#threads.length > 0 ? 'new' : 'taken';
    if (this.#readHead(line)) return 'taken';
    if (columnHead.test(text) || unitHead.test(text) || rule.test(text)) {
      this.#isInTable = true;
      return rule.test(text) ? 'weak' : 'taken';
    }
    if (this.#isInTable && errorCount.test(text)) return 'taken';
    const call = readCall(line);
    if (call === null) return 'refused';
    // The columns alone do not say whose table it is: below a heading, or in perf's own shape with the error column.
    if (!this.#isInTable && this.#threads.length === 0 && call.errors === null) return 'refused';
    this.#current().calls.push(call);
    return 'taken';
  }

  #readHead({ text, number: line }: TextLine): boolean {
    const whole = { line, isExact: true };
    const total = totalHead.exec(text);
    const thread = threadHead.exec(text);
    if (total === null && thread === null) return false;
    this.#isInTable = false;
    const [, name = '', tid = '', count = '', percent] = thread ?? [];
    this.#threads.push(
      thread === null
        ? { ...unnamed, events: figure({ digits: total?.[1] ?? '', ...whole }), calls: [] }
        : {
            name,
            tid: figure({ digits: tid, ...whole }),
            events: figure({ digits: count, ...whole }),
            eventsPercent: percent === undefined ? null : decimal(percent, { line }),
            calls: [],
          },
    );
    return true;
  }

  #current(): OpenThread {
    const last = this.#threads.at(-1);
    if (last !== undefined) return last;
    const made: OpenThread = { ...unnamed, calls: [] };
    this.#threads.push(made);
    return made;
  }

  finish(): ThreadTablesReading | null {
    const threads: readonly TracedThread[] = this.#threads;
    if (threads.length === 0) return null;
    return { kind: 'thread-tables', tool: { name: 'perf', version: null }, value: { threads }, lines: this.#lines };
  }
}

/** A figure with its decimals behind a point or a comma. */
function decimal(text: string, of: { readonly line: number; readonly unit?: Unit }): Figure | null {
  return figure({ digits: text.replace(',', '.'), text, ...of });
}

function readCall({ text, number: line }: TextLine): TracedCall | null {
  const [, name = '', count = '', failed, cells = '', deviation = ''] = row.exec(text) ?? [];
  const calls = figure({ digits: count, line, isExact: true });
  if (calls === null) return null;
  const times = cells.trim().split(/\s+/);
  const time = (fromLast: number): Figure | null =>
    decimal(times.at(-fromLast) ?? '', { line, unit: unit.milliseconds });
  return {
    name,
    calls,
    errors: failed === undefined ? null : figure({ digits: failed, line, isExact: true }),
    totalNs: times.length === 4 ? time(4) : null,
    minNs: time(3),
    averageNs: time(2),
    maxNs: time(1),
    stddevPercent: decimal(deviation, { line }),
  };
}

import { type Figure, figure } from '../figure.ts';
import type { MapEntry, MapReading, NoFiguresReading } from '../reading.ts';
import type { TextLine } from '../text-lines.ts';
import { MapPrintList } from './map-prints.ts';
import type { OutputReader, Taken } from './reader.ts';

const entry = /^\s*(@\w{0,64})(?:\[(.*)\])?: (.*)$/;
const plainValue = /^(-?\d+)$/;
const oldStats = /^count (\d+), average (-?\d+), total (-?\d+)$/;
const newStats = /^\{ \.count = (\d+), \.average = (-?\d+), \.total = (-?\d+) \}$/;
const histogramHead = /^\s*(@\w{0,64})(?:\[(.*)\])?:\s*$/;
const histogramRow =
  /^\s*(?:\[-?\d+[KMGTPE]?(?:, (?:-?\d+[KMGTPE]?|\.\.\.))?[\])]|\(\.\.\., -?\d+[KMGTPE]?[\])])\s+\d+ \|.*\|$/;
const probes = /^\s*(?:Attaching|Attached) (\d+) probes?(?:\.\.\.)?$/;
const lost = /^\s*Lost (\d+) events$/;
const clock = /^\s*(\d\d:\d\d:\d\d(?:\.\d{1,9})?)$/;
/** A warning of the tracer that is none where it goes on. */
const memoryLimit = /couldn't set RLIMIT_MEMLOCK for bpftrace\./;
/** It goes on, and counts less than there was. */
const mapFull =
  /^\s*(?:\S{1,80}: )?WARNING: (?:Map full|Failed to (?:update|insert)|Can't update map|Could not update)/i;
const otherWarning = /^\s*(?:\S{1,80}: )?WARNING: (?!Map full)|^\s*Additional Info - helper: /;
const gate =
  /^\s*(?:[@[(0-9]|Attach|Lost |WARNING: |Additional Info|\S{1,80}: WARNING: |(?:ERROR: |WARNING: )?Unknown error -1: )/;

/** Reads the maps that bpftrace prints. */
export class BpftraceText implements OutputReader {
  readonly #prints = new MapPrintList();
  readonly #histograms: { name: string; key: readonly string[]; line: number }[] = [];
  readonly #lines: number[] = [];
  #probes: Figure | null = null;
  #lostEvents: Figure | null = null;
  #isIncomplete = false;
  #isInHistogram = false;

  take(line: TextLine): Taken {
    if (!gate.test(line.text)) return 'refused';
    const verdict = this.#read(line);
    if (verdict === 'taken' || verdict === 'weak') this.#lines.push(line.number);
    return verdict;
  }

  #read(line: TextLine): Taken {
    const { text, number } = line;
    if (this.#isInHistogram && histogramRow.test(text)) return 'taken';
    this.#isInHistogram = false;
    const attached = probes.exec(text);
    if (attached !== null) {
      if (this.#probes !== null || !this.#prints.isEmpty) return 'new';
      this.#probes = figure({ digits: attached[1] ?? '', line: number, isExact: true });
      return 'taken';
    }
    const head = histogramHead.exec(text);
    if (head !== null) {
      this.#isInHistogram = true;
      this.#histograms.push({ name: head[1] ?? '', key: splitKey(head[2]), line: number });
      return 'weak';
    }
    return this.#readOther(line);
  }

  #readOther({ text, number: line }: TextLine): Taken {
    if (memoryLimit.test(text)) return 'weak';
    if (mapFull.test(text) || /map_update_elem, retcode: -/.test(text)) {
      this.#isIncomplete = true;
      return 'weak';
    }
    if (otherWarning.test(text)) return 'weak';
    const time = clock.exec(text)?.[1];
    if (time !== undefined && this.#lines.length > 0) {
      this.#prints.endPrint(time);
      return 'taken';
    }
    const events = lost.exec(text)?.[1];
    if (events !== undefined && this.#lines.length > 0) {
      this.#lostEvents = figure({ digits: events, line, isExact: true });
      return 'taken';
    }
    const [, name = '', key, value = ''] = entry.exec(text) ?? [];
    if (name === '') return 'refused';
    const read = readValue(splitKey(key), value.trim(), line);
    if (read === null) return 'refused';
    this.#prints.add(name, read);
    return 'taken';
  }

  finish(): MapReading | NoFiguresReading | null {
    if (this.#lines.length === 0) return null;
    const tool = { name: 'bpftrace', version: null } as const;
    if (this.#prints.isEmpty && this.#histograms.length === 0)
      return { kind: 'no-figures', tool, value: { side: null }, lines: this.#lines };
    return {
      kind: 'bpf-maps',
      tool,
      value: {
        probes: this.#probes,
        isIncomplete: this.#isIncomplete,
        lostEvents: this.#lostEvents,
        prints: this.#prints.prints(),
        histograms: this.#histograms,
        format: 'text',
      },
      lines: this.#lines,
    };
  }
}

/** bpftrace joins the parts of a key with a comma and a blank; a part that holds both is not told from two. */
function splitKey(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.split(', ');
}

function readValue(key: readonly string[], text: string, line: number): MapEntry | null {
  const whole = plainValue.exec(text);
  if (whole !== null) {
    const value = figure({ digits: whole[1] ?? '', line, isExact: true });
    return value === null ? null : { key, value, stats: null };
  }
  const stats = oldStats.exec(text) ?? newStats.exec(text);
  if (stats === null) return null;
  const [count, average, total] = stats.slice(1).map((digits) => figure({ digits, line, isExact: true }));
  if (count === undefined || count === null || total === undefined || total === null) return null;
  // The average is cut to a whole number.
  const mean = average === undefined || average === null ? null : { ...average, halfUnit: 1 };
  return mean === null ? null : { key, value: total, stats: { count, average: mean } };
}

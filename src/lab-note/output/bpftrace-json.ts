import type { Figure } from '../figure.ts';
import { type JsonNode, member } from '../json-text.ts';
import type { MapEntry, MapReading } from '../reading.ts';
import { jsonFigure } from './iperf3-json.ts';
import { MapPrintList } from './map-prints.ts';

const knownTypes = [
  'map',
  'stats',
  'hist',
  'lhist',
  'attached_probes',
  'printf',
  'lost_events',
  'time',
  'value',
  'cat',
  'join',
  'syscall',
];

/** Reads the lines of `bpftrace -f json`. */
export class BpftraceJson {
  readonly #prints = new MapPrintList();
  readonly #histograms: { name: string; key: readonly string[]; line: number }[] = [];
  readonly #lines: number[] = [];
  #probes: Figure | null = null;
  #lostEvents: Figure | null = null;

  /** @returns false where the line's type is not bpftrace's */
  take(type: string, node: JsonNode, lines: readonly number[]): boolean {
    if (!knownTypes.includes(type)) return false;
    const data = member(node, 'data');
    if (type === 'attached_probes') this.#probes = jsonFigure(member(data, 'probes'));
    else if (type === 'lost_events') this.#lostEvents = jsonFigure(member(data, 'events'));
    else if (type === 'map' || type === 'stats' || type === 'hist' || type === 'lhist') this.#takeMaps(type, data);
    for (const line of lines) this.#lines.push(line);
    return true;
  }

  #takeMaps(type: string, data: JsonNode | null): void {
    if (data?.kind !== 'object') return;
    for (const [name, node] of data.entries) {
      if (!name.startsWith('@')) continue;
      if (type === 'map' || type === 'stats') this.#takeMap(name, node, type === 'stats');
      else this.#histograms.push({ name, key: [], line: node.line });
    }
  }

  #takeMap(name: string, node: JsonNode, isStats: boolean): void {
    const single = isStats ? (statsEntry([], node) ?? entryOf([], node)) : entryOf([], node);
    if (single !== null) this.#prints.add(name, single);
    if (single !== null || node.kind !== 'object') return;
    for (const [keyText, each] of node.entries) {
      const key = keyText.split(',');
      const entry = statsEntry(key, each) ?? entryOf(key, each);
      if (entry !== null) this.#prints.add(name, entry);
      else if (each.kind === 'array') this.#histograms.push({ name, key, line: each.line });
    }
  }

  finish(): MapReading | null {
    if (this.#lines.length === 0) return null;
    return {
      kind: 'bpf-maps',
      tool: { name: 'bpftrace', version: null },
      value: {
        probes: this.#probes,
        isIncomplete: false,
        lostEvents: this.#lostEvents,
        prints: this.#prints.prints(),
        histograms: this.#histograms,
        format: 'json',
      },
      lines: this.#lines,
    };
  }
}

function entryOf(key: readonly string[], node: JsonNode): MapEntry | null {
  const value = jsonFigure(node);
  return value === null ? null : { key, value, stats: null };
}

function statsEntry(key: readonly string[], node: JsonNode): MapEntry | null {
  const count = jsonFigure(member(node, 'count'));
  const average = jsonFigure(member(node, 'average'));
  const value = jsonFigure(member(node, 'total'));
  return value === null || count === null || average === null ? null : { key, value, stats: { count, average } };
}

import { mainFigureOf } from '../../workload/questions.ts';
import { type ExactPart, exactPart } from '../exact-block.ts';
import type { ReadNote } from '../read-note.ts';
import type { LatencyFigures, Transfer } from '../reading.ts';
import type { LeftOutList } from './left-out.ts';
import { bareOutput, type NoteOutput, type WorkloadReading } from './note-output.ts';

const nothingTransferred: Transfer = {
  protocol: null,
  side: null,
  direction: null,
  connections: [],
  intervals: [],
  totals: [],
  congestionControl: null,
  toolCpuPercent: null,
  isServerOutput: false,
  asides: [],
  format: 'text',
  isCut: false,
  beginsInTable: false,
};

const nothingReplied: LatencyFigures = {
  mode: null,
  protocol: null,
  meaning: null,
  serverNumber: null,
  total: null,
  valid: null,
  meanNs: null,
  stddevNs: null,
  spread: null,
  dropped: null,
  duplicated: null,
  outOfOrder: null,
  summaryNs: null,
  burstMessages: null,
  observations: null,
  perPercentile: null,
  minNs: null,
  maxNs: null,
  percentiles: [],
};

/** Whose texts are of one kind. */
const bulkTools = ['iperf3', 'iperf'] as const;

/** An output of which the text has nothing that can be read: the tool gave no figure, or none that it would have printed alone. */
function silentReading(parts: readonly ExactPart[], line: number): WorkloadReading | null {
  const workload = exactPart(parts, 'measurement')?.workload;
  if (workload === undefined) return null;
  const lines = [line];
  const figure = mainFigureOf(workload);
  if (figure === null) {
    const tool = { name: 'bpftrace', version: null } as const;
    return { kind: 'counts-alone', tool, value: { protocol: null }, lines };
  }
  return figure === 'latency'
    ? { kind: 'latency', tool: { name: 'sockperf', version: null }, value: nothingReplied, lines }
    : {
        kind: 'transfer',
        tool: { name: bulkTools.find((name) => name === workload.kind) ?? 'iperf3', version: null },
        value: nothingTransferred,
        lines,
      };
}

function silentOutput(section: number, parts: readonly ExactPart[]): NoteOutput | null {
  const reading = silentReading(parts, parts[0]?.line ?? 1);
  return reading === null ? null : { ...bareOutput({ section, reading }), parts };
}

/** Outputs with the exact parts of their sections, of which each has those of one output. What belongs to none is listed. */
export function withParts(note: ReadNote, outputs: readonly NoteOutput[], leftOut: LeftOutList): NoteOutput[] {
  const bySection = Map.groupBy(outputs, ({ section }) => section);
  const silent: NoteOutput[] = [];
  const owners = new Map<NoteOutput, readonly ExactPart[]>();
  for (const [section, { parts }] of note.sections.entries()) {
    if (parts.length === 0) continue;
    const names = new Set(parts.map(({ name }) => name));
    const [own, ...others] = bySection.get(section) ?? [];
    const added = own === undefined ? silentOutput(section, parts) : null;
    if (own !== undefined && others.length === 0 && names.size === parts.length) owners.set(own, parts);
    else if (added !== null && names.size === parts.length) silent.push(added);
    else {
      const lines = parts.map(({ line }) => line);
      leftOut.addLines(lines, 'exact parts', 'its section has not one output that they belong to, each part once');
    }
  }
  const told = outputs.map((each) => ({ ...each, parts: owners.get(each) ?? [] }));
  return [...told, ...silent].sort((a, b) => a.line - b.line);
}

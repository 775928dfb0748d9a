import type { ExactPart } from '../exact-block.ts';
import type { AnyReading, LatencyReading, OutputReading, TransferReading } from '../reading.ts';
import type { CountedLine, ExactLine } from '../report-lines.ts';
import type { CallsReading } from './calls-reading.ts';
import type { TransferWay } from './throughput-rows.ts';

/** The place of counts that belong to no output of a workload: what ran meanwhile is not said. */
export type CountsAlone = OutputReading<'counts-alone', { readonly protocol: null }>;

/** What tells of one run of a workload. */
export type WorkloadReading = TransferReading | LatencyReading | CountsAlone;

/** One run of a workload, as a note has it. */
export interface NoteOutput {
  /** Place of its section among the note's. */
  readonly section: number;
  readonly line: number;
  readonly reading: WorkloadReading;
  /** Of `--bidir`, which of its two ways this is; null elsewhere. */
  readonly way: TransferWay;
  readonly servers: TransferReading[];
  readonly calls: Placed<CallsReading>[];
  /** Counts that are of this output or of others before it: they only tell whose threads ran. */
  readonly sharedCalls: CallsReading[];
  /** What a report of tapbench has of it beside the text. */
  readonly parts: readonly ExactPart[];
  readonly exact: ExactLine[];
  counted: CountedLine | null;
  /** What the tool said of its failure, in the output or right below it. */
  failure: string | null;
}

/** A reading with its section. */
export interface Placed<R extends AnyReading> {
  readonly section: number;
  readonly reading: R;
}

/** An output that nothing was found of yet. */
export function bareOutput({ section, reading }: { section: number; reading: WorkloadReading }): NoteOutput {
  return {
    section,
    line: reading.lines[0] ?? 1,
    reading,
    way: null,
    servers: [],
    calls: [],
    sharedCalls: [],
    parts: [],
    exact: [],
    counted: null,
    failure: null,
  };
}

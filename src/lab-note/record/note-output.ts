import type { ExactPart } from '../exact-block.ts';
import type { AnyReading, LatencyReading, TransferReading } from '../reading.ts';
import type { CountedLine, ExactLine } from '../report-lines.ts';
import type { CallsReading } from './system-calls-record.ts';
import type { TransferWay } from './throughput-rows.ts';

/** One run of a workload, as a note has it. */
export interface NoteOutput {
  /** Place of its section among the note's. */
  readonly section: number;
  readonly line: number;
  readonly reading: TransferReading | LatencyReading;
  /** Of `--bidir`, which of its two ways this is; null elsewhere. */
  readonly way: TransferWay;
  readonly servers: TransferReading[];
  readonly calls: { readonly section: number; readonly reading: CallsReading }[];
  /** Counts that are of this output or of others before it: they only tell whose threads ran. */
  readonly sharedCalls: CallsReading[];
  /** What a report of tapbench has of it beside the text. */
  readonly parts: readonly ExactPart[];
  readonly exact: ExactLine[];
  counted: CountedLine | null;
}

/** A reading with its section. */
export interface Placed<R extends AnyReading> {
  readonly section: number;
  readonly reading: R;
}

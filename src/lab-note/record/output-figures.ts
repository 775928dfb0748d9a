import type { WholeMeasurement } from '../../record/measurement.ts';
import type { RecordedWorkload } from '../../record/recorded-experiment.ts';
import { requestsOf, transferOf } from '../../workload/questions.ts';
import { exactPart } from '../exact-block.ts';
import type { ReadNote } from '../read-note.ts';
import type { TransferReading } from '../reading.ts';
import { streamsOfHeadings } from './heading-streams.ts';
import { latencyRecord } from './latency-record.ts';
import type { LeftOutList } from './left-out.ts';
import type { NoteOutput } from './note-output.ts';
import type { OutputCommands } from './output-commands.ts';
import { throughputRecord } from './throughput-record.ts';
import { listTransferLeftOut } from './transfer-left-out.ts';

export interface FigureSource {
  readonly note: ReadNote;
  readonly output: NoteOutput;
  readonly commands: OutputCommands;
  readonly spec: RecordedWorkload;
}

/** What an output says in figures. */
export type OutputFigures = Pick<WholeMeasurement, 'throughput' | 'latency' | 'work'> & {
  readonly rounding: Record<string, number>;
  /** Field to why it is null, or what it is instead. */
  readonly reasons: Readonly<Record<string, string>>;
};

const noWork = { roundTrips: null, payloadBytes: null };

/** A heading speaks of other streams than the output has, and no command says how many. */
function listHeadingStreams(
  { value }: TransferReading,
  { note, output, spec, commands }: FigureSource,
  leftOut: LeftOutList,
): void {
  const section = note.sections[output.section];
  const said = streamsOfHeadings(section?.path ?? []);
  const streams = transferOf(spec)?.streams ?? null;
  if (said === null || said === streams || commands.asked !== null || value.totals.length === 0) return;
  if (streams === null || section === undefined || output.way === 'download' || output.parts.length > 0) return;
  leftOut.add(section.line, `heading that says ${String(said)} streams`, `the output has ${String(streams)}`);
}

function bulkFigures(reading: TransferReading, source: FigureSource, leftOut: LeftOutList): OutputFigures {
  const { output, spec } = source;
  const { servers } = output;
  // Which way the data went: the rows say it for one of two, the command else.
  const { protocol, direction } = transferOf(spec) ?? { protocol: null, direction: null };
  const { throughput, rounding, reasons, lines } = throughputRecord(
    { client: reading, servers, way: output.way ?? direction, protocol, hasUnknownZeros: output.parts.length === 0 },
    leftOut,
  );
  listHeadingStreams(reading, source, leftOut);
  listTransferLeftOut({ output, reading, lines, hasRecord: throughput !== null }, leftOut);
  return { throughput, latency: null, work: noWork, rounding, reasons };
}

/** The figures of one output. What becomes no figure of it is listed. */
export function outputFigures(source: FigureSource, leftOut: LeftOutList): OutputFigures {
  const { reading } = source.output;
  if (reading.kind === 'transfer') return bulkFigures(reading, source, leftOut);
  if (reading.kind === 'counts-alone')
    return { throughput: null, latency: null, work: noWork, rounding: {}, reasons: {} };
  const { spec, commands, output } = source;
  const isReport = output.parts.length > 0;
  const said = requestsOf(spec) ?? { protocol: null, mode: null, messageBytes: null };
  const asked = {
    protocol: said.protocol,
    mode: said.mode === 'playback' ? null : said.mode,
    messageBytes: said.messageBytes,
    // A report's text has half round trips, whatever the command asked for.
    isFullRoundTrip: !isReport && commands.asked?.kind === 'request' && commands.asked.isFullRoundTrip,
    isKept: exactPart(output.parts, 'latency') !== null,
  };
  const { latency, rounding, totalRoundTrips } = latencyRecord(reading.value, asked, leftOut);
  if (latency === null && !isReport)
    leftOut.addLines(reading.lines, 'counts of messages', 'there is no figure of time with them');
  return { throughput: null, latency, work: { ...noWork, roundTrips: totalRoundTrips }, rounding, reasons: {} };
}

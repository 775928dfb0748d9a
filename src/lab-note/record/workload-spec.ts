import { type RecordedWorkload, recordedWorkload } from '../../record/recorded-experiment.ts';
import type { TransferReading } from '../reading.ts';
import type { NoteOutput } from './note-output.ts';
import type { Asked } from './output-commands.ts';

export interface SpecSource {
  readonly output: NoteOutput;
  /** What the client's command asks for; null where the note does not show it. */
  readonly asked: Asked | null;
  readonly headings: readonly string[];
}

type Bulk = Extract<RecordedWorkload, { kind: 'iperf' | 'iperf3' }>;

/** The text begins in the middle of a table with a sum: streams may be missing from it. */
export function isHeadCut({ totals, beginsInTable }: TransferReading['value']): boolean {
  return beginsInTable && totals.some(({ isSum }) => isSum) && totals.some(({ isSum }) => !isSum);
}

/** Ids of the streams that the totals tell apart; null where they only have a sum, or some are cut off. */
function streamCount({ value }: TransferReading): number | null {
  if (isHeadCut(value)) return null;
  const names = new Set(value.totals.filter(({ isSum }) => !isSum).map(({ stream }) => stream.replace('*', '')));
  return names.size === 0 ? null : names.size;
}

/** `VM as client receiving bulk data`: the client is at the receiving end. */
function headingDirection(headings: readonly string[]): Bulk['direction'] {
  for (const heading of headings.toReversed()) {
    const [, part, verb] =
      /\bas (?:a |the )?(client|server)\b.{0,20}?\b(sending|receiving) bulk\b/i.exec(heading) ?? [];
    if (part !== undefined)
      return (part.toLowerCase() === 'client') === (verb?.toLowerCase() === 'sending') ? 'upload' : 'download';
  }
  return null;
}

function directionOf({ value }: TransferReading, { output, asked, headings }: SpecSource): Bulk['direction'] {
  if (value.direction === 'in-turn') return output.way;
  if (output.way !== null || value.direction === 'both') return 'both';
  if (asked?.kind === 'bulk') return asked.direction;
  if (value.direction !== null) return value.direction === 'forward' ? 'upload' : 'download';
  return headingDirection(headings);
}

function bulkSpec(reading: TransferReading, source: SpecSource, name: string): RecordedWorkload {
  const asked = source.asked?.kind === 'bulk' ? source.asked : null;
  const tool = asked?.tool ?? reading.tool.name;
  return {
    name,
    kind: tool === 'iperf' ? 'iperf' : 'iperf3',
    durationNs: asked?.durationNs ?? null,
    protocol: reading.value.protocol ?? asked?.protocol ?? null,
    streams: asked?.streams ?? streamCount(reading),
    direction: directionOf(reading, source),
    omitNs: asked?.omitNs ?? null,
    targetBitsPerSecond: asked?.targetBitsPerSecond ?? null,
    bufferBytes: asked?.bufferBytes ?? null,
  };
}

/** What was run, as its command says, and the output where there is none. */
export function workloadSpec(source: SpecSource, name: string): RecordedWorkload {
  const { reading } = source.output;
  if (reading.kind === 'transfer') return bulkSpec(reading, source, name);
  if (reading.kind === 'counts-alone') return { kind: 'unknown', name, durationNs: null };
  const asked = source.asked?.kind === 'request' ? source.asked : null;
  const mode = reading.value.mode ?? asked?.mode ?? null;
  const spec: RecordedWorkload = {
    name,
    kind: 'sockperf',
    durationNs: asked?.durationNs ?? null,
    mode: mode ?? (source.asked?.kind === 'request' && source.asked.mode === null ? 'playback' : null),
    protocol: reading.value.protocol ?? asked?.protocol ?? null,
    messageBytes: asked?.messageBytes ?? null,
    messagesPerSecond: asked?.messagesPerSecond ?? null,
  };
  // Only the size has bounds that a command can be outside of.
  return recordedWorkload.safeParse(spec).success ? spec : { ...spec, messageBytes: null };
}

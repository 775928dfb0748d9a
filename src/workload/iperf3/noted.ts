import type { z } from 'zod';
import { lossLimitText } from '../../record/rate-search.ts';
import { repeatedDuration, saidOr } from '../repeat.ts';
import type { Deed, FigureName, Formats, PrintedFigures, PrintedText, Repeatable, Transfer } from '../workload.ts';
import type { notedTransferShape } from './record.ts';
import { iperf3Rows, iperf3Table } from './text.ts';

/** A bulk transfer as a record has it, whichever of the two tools did it. */
export type NotedTransfer = z.infer<z.ZodObject<typeof notedTransferShape>>;

const secondNs = 1e9;
/** Where a note does not say: the default of a file. */
const usualStreams = 4;

function settings(spec: NotedTransfer, { span, rate, size }: Formats): string[] {
  const { protocol, streams, direction, targetBitsPerSecond, bufferBytes, durationNs, search } = spec;
  return [
    protocol,
    streams === null ? null : `${String(streams)} stream${streams === 1 ? '' : 's'}`,
    direction === 'both' ? 'both ways' : direction,
    targetBitsPerSecond === null ? null : `${search === undefined ? '' : 'up to '}${rate(targetBitsPerSecond)}`,
    search === undefined ? null : `the highest rate with ${lossLimitText(search.mostLostShare)}`,
    bufferBytes === null ? null : `${size(bufferBytes)} buffer`,
    durationNs === null ? null : span(durationNs),
  ].filter((text) => text !== null);
}

const sending = ' sending bulk data to a host';
const receiving = ' receiving bulk data from a host';

function deed({ direction }: NotedTransfer): Deed {
  if (direction === 'upload')
    return { ofClient: sending, ofServer: receiving, alone: 'bulk data from client to server' };
  if (direction === 'download')
    return { ofClient: receiving, ofServer: sending, alone: 'bulk data from server to client' };
  const alone = `bulk data ${direction === 'both' ? 'both ways at once' : '(direction not said)'}`;
  return { ofClient: `, ${alone}`, ofServer: `, ${alone}`, alone };
}

function variant({ protocol, direction }: NotedTransfer): string {
  const way = { download: 'download', both: 'both ways', upload: '' }[direction ?? 'upload'];
  return [protocol === 'udp' ? 'udp' : '', way].filter((each) => each !== '').join(' ');
}

/** A transfer of unknown length has no rows that iperf3 could have printed: it is listed. */
function printed({ throughput }: PrintedFigures): PrintedText {
  if (throughput === null) return { lines: [], listed: [] };
  return throughput.durationNs === null
    ? { lines: [], listed: iperf3Rows(throughput) }
    : { lines: iperf3Table(throughput), listed: [] };
}

/** The same with iperf3. */
export function repeatableTransfer(spec: NotedTransfer): Repeatable {
  // The two would stand beside each other, the way of one and the sum of the other.
  if (spec.direction === 'both')
    return { impossible: 'both directions at once: a note has the figure of each, a run their sum' };
  const assumed: string[] = [];
  const protocol = saidOr(spec.protocol, 'tcp', { assumed, what: 'TCP, as the note does not say' });
  const noStreams = `${String(usualStreams)} streams, as the note does not say how many`;
  const fields: Record<string, string | number> = {
    kind: 'iperf3',
    duration: repeatedDuration(spec.durationNs, assumed),
    protocol,
    streams: saidOr(spec.streams, usualStreams, { assumed, what: noStreams }),
    direction: saidOr(spec.direction, 'upload', { assumed, what: 'the client sends, as the note does not say' }),
  };
  if (spec.omitNs !== null && spec.omitNs >= secondNs)
    fields['omit'] = `${String(Math.round(spec.omitNs / secondNs))}s`;
  if (spec.targetBitsPerSecond !== null && protocol !== 'tcp')
    fields['rate'] = `${String(spec.targetBitsPerSecond)}bit/s`;
  if (spec.search !== undefined && protocol !== 'tcp') fields['search'] = lossLimitText(spec.search.mostLostShare);
  if (spec.bufferBytes !== null) fields['buffer'] = `${String(spec.bufferBytes)}B`;
  return { fields, assumed };
}

/** What is said of a bulk transfer, with either tool. */
export const notedTransfer = {
  figures: (): readonly FigureName[] => ['throughput'],
  transfer: (spec: NotedTransfer): Transfer => spec,
  requests: () => null,
  asked: ({ durationNs, omitNs }: NotedTransfer) =>
    durationNs === null ? null : { figuresNs: durationNs, runNs: durationNs + (omitNs ?? 0) },
  settings,
  deed,
  remark: () => null,
  variant,
  printed,
};

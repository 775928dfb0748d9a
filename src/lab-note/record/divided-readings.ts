import type { ReadNote, ReadSection } from '../read-note.ts';
import type {
  FailureReading,
  LatencyReading,
  MessageRateReading,
  NoFiguresReading,
  TransferReading,
} from '../reading.ts';
import type { CallsReading } from './calls-reading.ts';
import { type LeftOutList, shortText } from './left-out.ts';
import type { Placed } from './note-output.ts';

function isServers({ reading }: Placed<TransferReading>): boolean {
  return reading.value.isServerOutput || reading.value.side === 'server';
}

const noFigure = {
  'message-rate': "sockperf's throughput mode counts what was sent, a record's throughput is what arrived",
  'no-figures': 'the output has no figures',
} as const;

/** What a list has of an output that becomes no record: its figures, where it has some. */
function saidText({ tool, ...reading }: MessageRateReading | NoFiguresReading): string {
  if (reading.kind === 'no-figures') return tool.name;
  const { messagesPerSecond, bitsPerSecond } = reading.value;
  const rate = messagesPerSecond === null ? [] : [`${messagesPerSecond.text} messages/s sent`];
  const bits = bitsPerSecond === null ? [] : [`${(bitsPerSecond.value / 1e6).toFixed(3)} Mbit/s sent`];
  return [`${tool.name} throughput`, ...rate, ...bits].join(', ');
}

/** What a note has, divided by what becomes of it. */
export interface Divided {
  readonly clients: Placed<TransferReading | LatencyReading>[];
  readonly servers: Placed<TransferReading>[];
  readonly calls: Placed<CallsReading>[];
  readonly failures: Placed<FailureReading>[];
}

/** What the record has no place for at all is listed. */
export function divideReadings(note: ReadNote, leftOut: LeftOutList): Divided {
  const found: Divided = { clients: [], servers: [], calls: [], failures: [] };
  for (const [section, { readings, notUnderstood }] of note.sections.entries()) {
    for (const reading of readings) {
      switch (reading.kind) {
        case 'transfer':
          if (isServers({ section, reading })) found.servers.push({ section, reading });
          else found.clients.push({ section, reading });
          break;
        case 'latency':
          found.clients.push({ section, reading });
          break;
        case 'bpf-maps':
        case 'thread-tables':
        case 'call-table':
          found.calls.push({ section, reading });
          break;
        case 'failure':
          found.failures.push({ section, reading });
          break;
        case 'message-rate':
        case 'no-figures':
          leftOut.addLines(reading.lines, saidText(reading), noFigure[reading.kind]);
      }
    }
    listNotUnderstood(notUnderstood, leftOut);
  }
  return found;
}

/** One entry for lines that follow each other. */
function listNotUnderstood(unread: ReadSection['notUnderstood'], leftOut: LeftOutList): void {
  let block: number[] = [];
  let text = '';
  for (const each of [...unread, { line: Infinity, text: '' }]) {
    if (each.line !== (block.at(-1) ?? 0) + 1) {
      leftOut.addLines(block, shortText(text), 'not understood');
      block = [];
    }
    if (block.length === 0) text = each.text;
    block.push(each.line);
  }
}

import type { ReadNote, ReadSection } from '../read-note.ts';
import type { LatencyReading, TransferReading } from '../reading.ts';
import { type LeftOutList, shortText } from './left-out.ts';
import type { Placed } from './note-output.ts';
import type { CallsReading } from './system-calls-record.ts';

function isServers({ reading }: Placed<TransferReading>): boolean {
  return reading.value.isServerOutput || reading.value.side === 'server';
}

const noFigure = {
  'message-rate': "sockperf's throughput mode counts what was sent, a record's throughput is what arrived",
  'no-figures': 'the output has no figures',
  failure: 'the tool failed',
} as const;

/** What a note has, divided by what becomes of it. */
export interface Divided {
  readonly clients: Placed<TransferReading | LatencyReading>[];
  readonly servers: Placed<TransferReading>[];
  readonly calls: Placed<CallsReading>[];
}

/** What the record has no place for at all is listed. */
export function divideReadings(note: ReadNote, leftOut: LeftOutList): Divided {
  const found: Divided = { clients: [], servers: [], calls: [] };
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
        case 'message-rate':
        case 'no-figures':
        case 'failure': {
          const said = reading.kind === 'failure' ? `: ${shortText(reading.value.message)}` : '';
          leftOut.addLines(reading.lines, `${reading.tool.name}${said}`, noFigure[reading.kind]);
        }
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

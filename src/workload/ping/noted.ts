import { repeatedDuration, saidOr } from '../repeat.ts';
import type { Deed, Formats, PrintedFigures, PrintedText, Repeatable, Requests } from '../workload.ts';
import { pingInFile } from './in-file.ts';
import type { NotedPing } from './record.ts';
import { pingText } from './text.ts';

/** Where a note does not say: ping's own default. */
const usualBytes = 56;

export function requests({ messageBytes }: NotedPing): Requests {
  return { protocol: 'icmp', mode: 'echo', messageBytes };
}

export function asked({ durationNs }: NotedPing): { figuresNs: number; runNs: number } | null {
  return durationNs === null ? null : { figuresNs: durationNs, runNs: durationNs };
}

export function settings({ messageBytes, intervalNs, durationNs }: NotedPing, { span }: Formats): string[] {
  return [
    'icmp',
    messageBytes === null ? null : `${String(messageBytes)} B`,
    intervalNs === null || intervalNs === 0 ? null : `one every ${span(intervalNs)}`,
    durationNs === null ? null : span(durationNs),
  ].filter((text) => text !== null);
}

export function deed(): Deed {
  return {
    ofClient: ' sending echo requests to a host',
    ofServer: ' receiving echo requests from a host',
    alone: 'echo requests',
  };
}

export function printed({ latency }: PrintedFigures): PrintedText {
  return { lines: latency === null ? [] : pingText(latency), listed: [] };
}

export function repeatable({ durationNs, intervalNs, messageBytes }: NotedPing): Repeatable {
  const assumed: string[] = [];
  const noSize = `${String(usualBytes)} bytes a request, as the note does not say`;
  const fields: Record<string, string | number> = {
    kind: 'ping',
    duration: repeatedDuration(durationNs, assumed),
    interval: `${String((intervalNs ?? 0) / 1e6)}ms`,
    messageBytes: saidOr(messageBytes, usualBytes, { assumed, what: noSize }),
  };
  const checked = pingInFile.schema.safeParse(fields);
  return checked.success ? { fields, assumed } : { impossible: checked.error.issues[0]?.message ?? 'not supported' };
}

import { repeatedDuration, saidOr } from '../repeat.ts';
import type { AskedTimes, Deed, Formats, PrintedFigures, PrintedText, Repeatable, Requests } from '../workload.ts';
import { httpInFile } from './in-file.ts';
import type { NotedHttp } from './record.ts';
import { wrkText } from './text.ts';

/** Where a note does not say: the default of a file. */
const usual = { connections: 16, responseBytes: 1024 };

/** A request and its reply are of different sizes: what a message has is not said. */
export function requests(): Requests {
  return { protocol: 'tcp', mode: 'closed-loop', messageBytes: null };
}

export function asked({ durationNs }: NotedHttp): AskedTimes | null {
  return durationNs === null ? null : { figuresNs: durationNs, runNs: durationNs };
}

function several(count: number | null, word: string): string | null {
  if (count === null) return null;
  return `${String(count)} ${word}${count === 1 ? '' : 's'}`;
}

export function settings(spec: NotedHttp, { span, size }: Formats): string[] {
  const { connections, keepAlive, responseBytes, threads, workers, durationNs } = spec;
  return [
    several(connections, 'connection'),
    keepAlive === null ? null : keepAlive ? 'kept alive' : 'a new one each request',
    responseBytes === null ? null : `${size(responseBytes)} replies`,
    threads === 1 ? null : several(threads, 'thread'),
    workers === 1 ? null : several(workers, 'worker'),
    durationNs === null ? null : span(durationNs),
  ].filter((text) => text !== null);
}

export function deed({ keepAlive }: NotedHttp): Deed {
  const how = keepAlive === false ? ', a new connection each' : '';
  return {
    ofClient: ` sending HTTP requests to a host${how}`,
    ofServer: ` receiving HTTP requests from a host${how}`,
    alone: `HTTP requests${how}`,
  };
}

export function variant({ keepAlive }: NotedHttp): string {
  return keepAlive === false ? 'new connections' : '';
}

export function printed({ latency }: PrintedFigures): PrintedText {
  return { lines: latency === null ? [] : wrkText(latency), listed: [] };
}

export function repeatable(spec: NotedHttp): Repeatable {
  const assumed: string[] = [];
  const { connections, keepAlive, responseBytes, threads, workers } = spec;
  const noConnections = `${String(usual.connections)} connections, as the note does not say how many`;
  const noSize = `replies of ${String(usual.responseBytes)} bytes, as the note does not say`;
  const isKept = saidOr(keepAlive, true, { assumed, what: 'connections kept alive, as the note does not say' });
  const fields: Record<string, string | number> = {
    kind: 'http',
    duration: repeatedDuration(spec.durationNs, assumed),
    connections: saidOr(connections, usual.connections, { assumed, what: noConnections }),
    keepAlive: isKept ? 'on' : 'off',
    response: `${String(saidOr(responseBytes, usual.responseBytes, { assumed, what: noSize }))}B`,
    threads: threads ?? 1,
    workers: workers ?? 1,
  };
  const checked = httpInFile.schema.safeParse(fields);
  return checked.success ? { fields, assumed } : { impossible: checked.error.issues[0]?.message ?? 'not supported' };
}

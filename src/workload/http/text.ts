import type { Latency } from '../../record/latency.ts';

/** src/units.c of wrk: from 1000 of a unit on the next one, with two decimals. */
function scaled(value: number, base: number, units: readonly string[]): string {
  let [rest, place] = [value, 0];
  while (rest >= base && place < units.length - 1) {
    rest /= base;
    place += 1;
  }
  return `${rest.toFixed(2)}${units[place] ?? ''}`;
}

const time = (ns: number): string => scaled(ns / 1e3, 1000, ['us', 'ms', 's']);
const bytes = (count: number): string => scaled(count, 1024, ['B', 'KB', 'MB', 'GB', 'TB']);

function percentileLines({ roundTripNs }: Latency): string[] {
  const named = [
    ['50%', roundTripNs.p50],
    ['75%', roundTripNs.p75],
    ['90%', roundTripNs.p90],
    ['99%', roundTripNs.p99],
  ] as const;
  const lines = named.flatMap(([name, ns]) => (ns === null ? [] : [`     ${name}${time(ns).padStart(10)}`]));
  return lines.length === 0
    ? []
    : ['  Latency Distribution (of requests sent; wrk itself adds some that were not)', ...lines];
}

function outcomeLines({ requests, messages, durationNs }: Latency): string[] {
  if (requests === undefined || messages === null) return [];
  const { replyBytes, connectErrors, readErrors, writeErrors, timeouts, refusals } = requests;
  const errors = [connectErrors, readErrors, writeErrors, timeouts];
  const done = String(messages + timeouts);
  const seconds = durationNs === null ? null : durationNs / 1e9;
  const [connect, read, write, late] = errors.map(String);
  return [
    ...(seconds === null ? [] : [`  ${done} requests in ${seconds.toFixed(2)}s, ${bytes(replyBytes)} read`]),
    ...(errors.every((count) => count === 0)
      ? []
      : [`  Socket errors: connect ${connect ?? ''}, read ${read ?? ''}, write ${write ?? ''}, timeout ${late ?? ''}`]),
    ...(refusals === 0 ? [] : [`  Non-2xx or 3xx responses: ${String(refusals)}`]),
    `Requests/sec: ${requests.perSecond.toFixed(2).padStart(10)}`,
    ...(seconds === null ? [] : [`Transfer/sec: ${bytes(replyBytes / seconds).padStart(12)}`]),
  ];
}

/** The end of wrk's text: whole round trips. What is not known is left out. */
export function wrkText(latency: Latency): string[] {
  return [...percentileLines(latency), ...outcomeLines(latency)];
}

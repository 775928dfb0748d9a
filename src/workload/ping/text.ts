import type { Latency } from '../../record/latency.ts';

/** Milliseconds with three decimals, as ping prints round trips. */
function milliseconds(ns: number): string {
  return (ns / 1e6).toFixed(3);
}

function countLine({ sentMessages, receivedMessages, durationNs }: Latency): string[] {
  if (sentMessages === null || receivedMessages === null) return [];
  const lost = sentMessages === 0 ? 0 : ((sentMessages - receivedMessages) / sentMessages) * 100;
  const time = durationNs === null ? '' : `, time ${(durationNs / 1e6).toFixed(0)}ms`;
  const share = String(Number(Math.max(0, lost).toPrecision(6)));
  return [
    `${String(sentMessages)} packets transmitted, ${String(receivedMessages)} received, ${share}% packet loss${time}`,
  ];
}

/** The end of ping's output: whole round trips, in ms. What is not known is left out. */
export function pingText(latency: Latency): string[] {
  const { min, mean, max, stddev } = latency.roundTripNs;
  const figures = [min, mean, max, stddev];
  const known = figures.filter((ns) => ns !== null);
  const times = known.length < figures.length ? [] : [`rtt min/avg/max/mdev = ${known.map(milliseconds).join('/')} ms`];
  return ['--- ping statistics ---', ...countLine(latency), ...times];
}

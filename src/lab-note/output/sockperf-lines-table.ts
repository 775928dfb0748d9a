import { type Unit, unit } from '../figure.ts';

const mebi = 1024 ** 2;
/**
 * sockperf's `MBps` are 2^20 bytes a second and its `Mbps` eight times that; `GBps` are a thousand of its `MBps`.
 * Source: stream_statistics() in src/client.cpp.
 */
export const bandwidthUnit: Readonly<Record<string, Unit>> = {
  M: { decimal: 0, binary: 8 * mebi },
  G: { decimal: 3, binary: 8 * mebi },
};

export const counts =
  /\[(Total Run|Valid Duration)\] RunTime=(\d+\.\d+) sec;.*?SentMessages=(\d+); ReceivedMessages=(\d+)/;

export interface Cell {
  readonly name: string;
  readonly digits?: string | undefined;
  readonly unit?: Unit;
  readonly isExact?: boolean;
}

export const us = unit.microseconds;
/** Lines of figures: words that they have, and what the groups are. Source: client.cpp of sockperf 3.5 to 3.10. */
export const figureLines: readonly {
  readonly words: string;
  readonly pattern: RegExp;
  readonly cells: readonly Cell[];
}[] = [
  {
    words: 'Printing statistics',
    pattern: /=+ Printing statistics for Server No: (\d+)/,
    cells: [{ name: 'server', isExact: true }],
  },
  {
    words: '====> avg-',
    pattern: /====> avg-(?:latency|rtt|lat)=\s*(\d+\.\d+)(?: \(std-dev=(\d+\.\d+))?/,
    cells: [
      { name: 'mean', unit: us },
      { name: 'stddev', unit: us },
    ],
  },
  {
    words: '# dropped',
    pattern: /# dropped messages = (\d+); # duplicated messages = (\d+); # out-of-order messages = (\d+)/,
    cells: [
      { name: 'dropped', isExact: true },
      { name: 'duplicated', isExact: true },
      { name: 'outOfOrder', isExact: true },
    ],
  },
  {
    words: 'usec',
    pattern: /Summary: (?:Latency|Round trip) (?:of burst of (\d+) messages )?is (\d+\.\d+) usec/,
    cells: [
      { name: 'burst', isExact: true },
      { name: 'summary', unit: us },
    ],
  },
  {
    words: ' observations',
    pattern: /\bTotal (\d+) observations(?:; each percentile contains (\d+\.\d+) observations|\s*$)/,
    cells: [{ name: 'observations', isExact: true }, { name: 'per-percentile' }],
  },
  {
    words: 'messages sent in',
    pattern: /Total of (\d+) messages sent in (\d+\.\d+) sec(?: \((\d+) messages skipped\))?/,
    cells: [
      { name: 'messages', isExact: true },
      { name: 'duration', unit: unit.seconds },
      { name: 'skipped', isExact: true },
    ],
  },
  {
    words: 'msg-size=',
    pattern: /NOTE: test was performed, using (?:average )?msg-size=(\d+)/,
    cells: [{ name: 'message-bytes', isExact: true }],
  },
  {
    words: 'Message Rate',
    pattern: /Summary: Message Rate is (\d+) \[msg\/sec\](?:, Packet Rate is about (\d+) \[pkt\/sec\])?/,
    cells: [{ name: 'rate' }, { name: 'packet-rate' }],
  },
];
export const meansHalf = /avg-lat(?:ency)?=|Summary: Latency /;
export const meansWhole = /avg-rtt=|Summary: Round trip /;
export const extreme = /---> <?(MAX|MIN)>? observation =\s*(\d+\.\d+)$/;
export const percentile = /---> percentile\s+(\d+\.\d+) =\s*(\d+\.\d+)$/;
export const address = /IP = \S{1,64}\s+PORT =\s*\d{1,5} # (UDP|TCP)/;
export const version = /== version #(\S{1,32}) ==/;
export const bandwidth = /Summary: BandWidth is (\d+\.\d+) ([MG])Bps \((\d+\.\d+) \2bps\)/;
export const talk =
  /^sockperf(?:\[CLIENT\] send on:|: ?\[SERVER\] listen on:|: ?(?:Warmup stage \([^)]{1,60}\)|Starting test|Test end(?:ed)?(?: \([^)]{1,60}\))?\s*$|using |\[tid \d+\]|[+]?INFO|Info: |Reading playback|Total \d+ messages received|cleanupAfterLoop|\[fd=|testStart: |RunTime Estimate=|\[Histogram\]))/;
export const runLine =
  /^\s*(?:Warmup stage \([a-z ]{1,60}\)\.\.\.|Starting test\.\.\.|Test end(?:ed)?(?: \([a-z0-9 ]{1,60}\))?)\s*$/;
export const mode = /^\s*b_client_ping_pong = ([01])$/;
/** What `-d` lists before the run. */
export const setting = /^\s+\w[\w ]{1,40} = \S{0,40}$/;
export const gate = /sockperf|observation|percentile|====|RunTime=|# |Summary:|Total of|IP = |est end|est\.\.\.|Warmup/;

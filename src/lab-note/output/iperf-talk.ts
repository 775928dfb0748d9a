import { figure } from '../figure.ts';
import type { TextLine } from '../text-lines.ts';
import type { StreamCount } from './iperf-datagrams.ts';

/** Lines of iperf that hold none of its table's figures, by how they begin. Of iperf 2.0 to 2.2 and iperf3 3.1 to 3.22. */
const opening = new RegExp(
  `^(?:${[
    'Connecting to host \\S+, port \\d',
    'Reverse mode, remote host ',
    'Accepted connection from ',
    'Server listening on (?:\\d|TCP|UDP)',
    'Server output:$',
    'Client connecting to \\S+, (?:TCP|UDP) port ',
    'iperf Done\\.$',
    'iperf (?:version )?\\d+\\.\\d+\\S*(?: \\(|$)',
    'Starting Test: protocol: ',
    '\\[\\s*(?:\\*?\\s?\\d+|SUM(?:-\\d+)?)\\] (?:Sent \\d+ datagrams|Server Report:)',
  ].join('|')})`,
);

const following = new RegExp(
  `^(?:${[
    'TCP window size: ',
    'UDP buffer size: ',
    '(?:Sending|Receiving) \\d+ byte datagrams',
    'Write buffer size: ',
    'Read buffer size: ',
    'Binding to local ',
    'Bursting: ',
    'Bounce-?back test ',
    'TCP congestion control (?:using|default|set to) ',
    'Listening for multicast',
    'Running Iperf Server as a daemon$',
    'The Iperf daemon process ID ?: \\d+$',
    'Waiting for server threads to complete',
    '\\[\\s*\\*?\\s?\\d+\\] MSS (?:and MTU )?size ',
    'Event based writes ',
    '\\[ ?CT\\] final connect times ',
    '\\[\\s*\\*?\\s?\\d+\\] \\d+\\.\\d+-\\d+\\.\\d+ sec \\w{1,20}-PDF: ',
    'TOS (?:set|will|defaults) ',
    'Joining multicast group',
    'Test Complete\\. Summary Results:',
    'Time: .* (?:GMT|UTC)',
    'Cookie: \\S{20,}$',
    'TCP MSS: ',
    'Control connection MSS ',
    'Target Bitrate: ',
    'Setting UDP block size to ',
    '(?:snd|rcv)_tcp_congestion ',
    'CPU Utilization: local/',
    'Linux \\S+ \\d+\\.\\d+',
    '\\[\\s*\\*?\\s?\\d+\\] (?:WARNING: did not receive ack|trip-times|Clock sync|Start-at|reverse|peer )',
  ].join('|')})`,
);

const aside = /^\[ ?CT\] final connect times |^\[\s*\*?\s?\d+\] \d+\.\d+-\d+\.\d+ sec \w{1,20}-PDF: /;

/** Such a line holds figures of its own that no reading has a place for: connect times, histograms. */
export function isIperfAside(text: string): boolean {
  return aside.test(text);
}

const datagramsSent = /^\[\s*(\S{1,10})\] Sent (\d+) datagrams/;

/** `[  3] Sent 893 datagrams`: what an iperf 2 client has sent on one stream, or on all (`SUM`). */
export function readDatagramsSent({ text, number: line }: TextLine): StreamCount | null {
  const match = datagramsSent.exec(text);
  const count = match === null ? null : figure({ digits: match[2] ?? '', line, isExact: true });
  return count === null ? null : { stream: match?.[1] ?? '', count };
}

/** `opening`: only iperf prints it; `following`: it is iperf's where iperf's output has begun. */
export function iperfTalk(text: string): 'opening' | 'following' | null {
  if (opening.test(text)) return 'opening';
  return following.test(text) ? 'following' : null;
}

/** Words of the one generation and of the other. */
const ofSecond =
  /^(?:Client connecting to |Server listening on (?:TCP|UDP)|TCP window size: |UDP buffer size: |\[\s*\*?\s?\d+\] local .* connected with )/;
const ofThird =
  /^(?:Connecting to host |Accepted connection |Server listening on \d|\[\s*\d+\] local .* connected to |iperf Done\.)/;
/** The generation of iperf that a line is of; null where both print it. */
export function generationOf(text: string): 2 | 3 | null {
  if (ofSecond.test(text)) return 2;
  return ofThird.test(text) ? 3 : null;
}

/** iperf 3.0 wrote whose count a total is on a line of its own above it. */
export function endOfCaption(text: string): 'sender' | 'receiver' | null {
  if (text === 'Sent') return 'sender';
  return text === 'Received' ? 'receiver' : null;
}

import { wholeSeconds, wholeSecondsNs } from '../whole-seconds.ts';
import type { ClientCommand, WorkloadPlace } from '../workload.ts';
import type { PingSpec } from './record.ts';

/** By its path: the guest's shell would take busybox's own for the bare name. */
const program = '/bin/ping';
/** Name under which the reader knows what it printed: a line a reply, too much for the console. */
export const replyOutput = 'replies';

/** `-A` waits for the reply, as long as a round trip takes less than half a millisecond on average; else some milliseconds more. */
function paceArguments({ intervalNs }: PingSpec): string[] {
  return intervalNs === 0 ? ['-A'] : ['-i', String(intervalNs / 1e9)];
}

export function client(spec: PingSpec, { serverAddress, clientFolder }: WorkloadPlace): ClientCommand {
  const path = `${clientFolder}/ping.txt`;
  const ping = [program, '-n', ...paceArguments(spec), '-w', String(wholeSeconds(spec.durationNs))];
  const words = [...ping, '-s', String(spec.messageBytes), serverAddress];
  // No word of it has anything that a shell would take for more than a word.
  return { argv: ['sh', '-c', `exec ${words.join(' ')} >${path}`], env: {}, outputs: { [replyOutput]: path } };
}

export function trafficNs({ durationNs }: PingSpec): number {
  return wholeSecondsNs(durationNs);
}

/** A complaint is a line. */
export function mostOutputBytes(): number {
  return 64 * 1024;
}

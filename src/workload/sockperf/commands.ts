import { wholeSeconds, wholeSecondsNs } from '../whole-seconds.ts';
import type { ClientCommand, ServerCommand, WorkloadPlace } from '../workload.ts';
import { type SockperfSpec, sleepsNs } from './record.ts';

/** sockperf's own default. */
const port = '11111';
/** Name under which the reader knows the log of messages. */
export const logOutput = 'full-log';

function protocolArguments(spec: SockperfSpec): string[] {
  return spec.protocol === 'tcp' ? ['--tcp'] : [];
}

/** Not one-shot: whoever starts it stops it. */
export function server(spec: SockperfSpec, place: WorkloadPlace): ServerCommand {
  return {
    argv: ['sockperf', 'server', '-i', place.serverAddress, '-p', port, ...protocolArguments(spec)],
    env: { HOME: '/tmp' },
    ready: { protocol: spec.protocol, port: Number(port) },
    // Only so does it say how many messages arrived.
    ...(spec.mode === 'throughput' ? { endsBy: 'SIGINT' as const } : {}),
  };
}

/**
 * Every message of under-load is answered too (sockperf's default is one in a hundred): a cost per round trip is then one of the messages sent.
 * Its default for throughput is 10,000 messages a second.
 */
function modeArguments({ mode, messagesPerSecond }: SockperfSpec): string[] {
  const pace = messagesPerSecond === null ? [] : ['--mps', String(messagesPerSecond)];
  switch (mode) {
    case 'ping-pong':
      return pace;
    case 'under-load':
      return [...pace, '--reply-every', '1'];
    case 'throughput':
      return messagesPerSecond === null ? ['--mps', 'max'] : pace;
  }
}

export function client(spec: SockperfSpec, place: WorkloadPlace): ClientCommand {
  const argv = ['sockperf', spec.mode, '-i', place.serverAddress, '-p', port, '-m', String(spec.messageBytes)];
  argv.push('-t', String(wholeSeconds(spec.durationNs)), ...modeArguments(spec), ...protocolArguments(spec));
  const env = { HOME: place.clientFolder };
  // Nothing is answered: there is no time to log.
  if (!place.keepsLog || spec.mode === 'throughput') return { argv, env, outputs: {} };
  const path = `${place.clientFolder}/sockperf.csv`;
  return { argv: [...argv, '--full-log', path], env, outputs: { [logOutput]: path } };
}

export function silentNs(): number {
  return sleepsNs;
}

export function trafficNs({ durationNs }: SockperfSpec): number {
  return wholeSecondsNs(durationNs);
}

/** Measured under emulation on two cores, where everything is slowest; with its sleep. */
export const aroundTrafficNs = 3.4e9;

/** Some 3 KB are usual. */
export function mostOutputBytes(): number {
  return 256 * 1024;
}

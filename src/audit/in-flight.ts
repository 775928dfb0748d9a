import { recordedDataFlow } from '../record/topology.ts';
import type { Transfer } from '../workload/workload.ts';
import type { AuditContext } from './audit.ts';

/** Third field of net.ipv4.tcp_wmem and tcp_rmem on Linux up to 6.16 (tcp(7)); newer kernels receive into up to 32 MiB. */
const defaultMaximumBytes = { 'net.ipv4.tcp_wmem': 4_194_304, 'net.ipv4.tcp_rmem': 6_291_456 };

type Buffer = keyof typeof defaultMaximumBytes;

function maximumBytes(sysctls: Readonly<Record<string, string>> | undefined, buffer: Buffer): number {
  const maximum = Number(sysctls?.[buffer]?.trim().split(/\s+/)[2]);
  return Number.isFinite(maximum) && maximum > 0 ? maximum : defaultMaximumBytes[buffer];
}

type Ends = readonly [
  sender: Readonly<Record<string, string>> | undefined,
  receiver: Readonly<Record<string, string>> | undefined,
];

/** The sysctls of the two ends; undefined where they are not known. */
function sysctlsOf(spec: Transfer, { trial, host }: AuditContext): Ends {
  const { topology } = trial.configuration;
  const ends = { guest: trial.guest?.sysctls, host: host?.sysctls };
  if (topology === 'host-to-host') return [ends.host, ends.host];
  const flow = recordedDataFlow(topology, spec.direction);
  if (flow === null) return [undefined, undefined];
  return flow === 'fromGuest' ? [ends.guest, ends.host] : [ends.host, ends.guest];
}

/** What may be under way between the two programs of a transfer. */
export interface InFlight {
  /** The most that TCP can hold: per stream, the sender's and the receiver's largest socket buffers. */
  readonly bytes: number;
  /** Whether an end's buffers are not known, so that the kernel's defaults stand for them. */
  readonly isGuess: boolean;
}

export function inFlight(spec: Transfer, streams: number, context: AuditContext): InFlight {
  const [sender, receiver] = sysctlsOf(spec, context);
  const each = maximumBytes(sender, 'net.ipv4.tcp_wmem') + maximumBytes(receiver, 'net.ipv4.tcp_rmem');
  return { bytes: streams * each, isGuess: sender === undefined || receiver === undefined };
}

import type { Iperf3Spec } from '../record/experiment.ts';
import { dataFlow } from '../record/topology.ts';
import type { AuditContext } from './audit.ts';

/** Third field of net.ipv4.tcp_wmem and tcp_rmem on Linux up to 6.16 (tcp(7)); newer kernels receive into up to 32 MiB. */
const defaultMaximumBytes = { 'net.ipv4.tcp_wmem': 4_194_304, 'net.ipv4.tcp_rmem': 6_291_456 };

type Buffer = keyof typeof defaultMaximumBytes;

function maximumBytes(sysctls: Readonly<Record<string, string>> | undefined, buffer: Buffer): number {
  const maximum = Number(sysctls?.[buffer]?.trim().split(/\s+/)[2]);
  return Number.isFinite(maximum) && maximum > 0 ? maximum : defaultMaximumBytes[buffer];
}

/** The most that TCP can hold between the two programs of a transfer, bytes: per stream, the sender's and the receiver's largest socket buffers. */
export function inFlightBytes(spec: Iperf3Spec, { trial, host }: AuditContext): number {
  const ends = { guest: trial.guest?.sysctls, host: host.sysctls };
  const [sender, receiver] =
    dataFlow(trial.configuration.topology, spec.direction) === 'fromGuest'
      ? [ends.guest, ends.host]
      : [ends.host, ends.guest];
  return spec.streams * (maximumBytes(sender, 'net.ipv4.tcp_wmem') + maximumBytes(receiver, 'net.ipv4.tcp_rmem'));
}

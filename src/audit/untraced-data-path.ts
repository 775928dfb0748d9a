import type { Finding } from '../record/finding.ts';
import type { GatheredMeasurement } from '../record/measurement.ts';
import type { LinkReading, SystemCalls } from '../record/probe-readings.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount, sum } from './quantity.ts';

const audit = 'untraced-data-path';

/** One frame a call is all that a tap gives or takes: 65,535 bytes of IPv4 packet, 14 of Ethernet, rounded up; the virtio header is not in the link's counters. */
const mostBytesPerCall = 65_550;
/** Calls and frames are read a few ms apart at each edge. */
const leastCallsPerFrame = 0.9;
/** Below this the edges of the window and ARP are a large part of it. */
const leastBytes = 1_000_000;

/** Calls that can carry a frame. Eventfds and timers are read by them too, so their number is an upper bound: the audit errs to silence. */
const dataCalls = new Set([
  ...['read', 'readv', 'pread64', 'preadv', 'preadv2', 'recvfrom', 'recvmsg'],
  ...['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2', 'sendto', 'sendmsg'],
]);
/** Calls that carry any number of frames: with one of them in use there is no bound. */
const batchCalls = new Set(['recvmmsg', 'sendmmsg', 'io_uring_enter', 'io_submit', 'splice', 'sendfile']);

function countOf(calls: SystemCalls, names: ReadonlySet<string>): number {
  return sum(
    calls.threads.flatMap((thread) => thread.calls.filter((call) => names.has(call.name)).map((call) => call.count)),
  );
}

/** The link over the window in which the calls were counted. */
function linkOf(measurement: GatheredMeasurement): LinkReading | null {
  return measurement.systemCalls?.mode === 'separate' ? (measurement.traced?.link ?? null) : measurement.link;
}

function hasVhost({ threads, systemCalls }: GatheredMeasurement): boolean {
  return [...threads, ...(systemCalls?.threads ?? [])].some((thread) => thread.role === 'vhost');
}

/**
 * Every byte of a tap crosses the VMM in some call. Where the calls that were counted can't have carried what the link did, the tracer
 * missed the data path (as a script that traces `write` but not `writev`): counts and costs are void.
 */
export const untracedDataPath: Audit = {
  name: audit,
  judge({ measurement }: AuditContext): Finding[] {
    const { systemCalls } = measurement;
    const link = linkOf(measurement);
    if (systemCalls === null || link === null || countOf(systemCalls, batchCalls) > 0) return [];
    const bytes = link.fromGuest.bytes + link.toGuest.bytes;
    const frames = link.fromGuest.packets + link.toGuest.packets;
    const calls = countOf(systemCalls, dataCalls);
    if (bytes < leastBytes || calls >= frames * leastCallsPerFrame) return [];
    if (hasVhost(measurement)) {
      const message = 'the kernel moves the packets (vhost): system calls say nothing of their cost';
      return [{ level: 'note', audit, message, concerns: ['systemCalls'] }];
    }
    const each =
      calls === 0 ? 'none of its calls was counted' : `${amount(bytes / calls)} bytes a call that can carry them`;
    const isVoid = calls === 0 || bytes / calls > mostBytesPerCall;
    const limit = isVoid ? `, one carries at most ${amount(mostBytesPerCall)}` : '';
    const message = `${amount(bytes)} bytes in ${amount(frames)} frames crossed the tap, ${each}${limit}: the tracer missed the data path`;
    return [{ level: isVoid ? 'void' : 'doubt', audit, message, concerns: ['systemCalls'] }];
  },
};

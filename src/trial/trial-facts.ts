import { type BootedFiles, parseGuestFacts, parseOffloads } from '../guest/facts.ts';
import type { GuestFacts } from '../record/guest.ts';
import type { PathFacts } from '../record/trial.ts';
import type { Machine } from '../world/boot.ts';

const factsDeadlineMs = 20_000;

/** What the guest says of itself. @throws ParseError */
export async function guestFacts(machine: Machine, booted: BootedFiles): Promise<GuestFacts> {
  const facts = await machine.guest.evaluate('facts', factsDeadlineMs);
  return parseGuestFacts(facts.stdout, booted, machine.rootfs());
}

/** The host's end of the path, read inside its namespace by one process. */
export async function pathFacts(machine: Machine): Promise<PathFacts> {
  const { driver, accel } = machine.bootable;
  const device = machine.plan.tap;
  const script = `cat /sys/class/net/${device}/mtu /proc/sys/net/ipv4/tcp_congestion_control; tc qdisc show dev ${device} 2>/dev/null | head -1; echo ===; ls /sys/class/net/${device}/queues; echo ===; ethtool -k ${device}`;
  const { stdout } = await machine.namespace.run(['sh', '-c', script], factsDeadlineMs);
  const [head = '', queues = '', offloads = ''] = stdout.split(/^===$/m);
  const [mtu = '', congestionControl = '', qdisc = ''] = head.split('\n');
  return {
    device,
    mtu: Number(mtu),
    congestionControl,
    qdisc: /^qdisc (\S+)/.exec(qdisc)?.[1] ?? null,
    offloads: parseOffloads(offloads),
    queues: queues.match(/^tx-/gm)?.length ?? null,
    notification: driver.notification(machine.configuration, accel),
  };
}

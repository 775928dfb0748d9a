import type { Finding } from '../record/finding.ts';
import type { LinkDirection } from '../record/probe-readings.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount, percent } from './quantity.ts';

const audit = 'vmm-counters';

/** Both count every frame once. The VMM is asked just outside of the link's window, where a few packets (ARP, the end of a connection) may cross. */
const tolerance = { share: 0.01, packets: 64, bytes: 65_536 };
/** struct virtio_net_hdr_v1 (VIRTIO 1.2, section 5.1.6): some VMMs count it, some do not. */
const virtioHeaderBytes = 12;

type Counted = Readonly<Record<'packets' | 'bytes', number | null>>;

interface Bounds {
  readonly least: number;
  readonly most: number;
}

function boundsOf(link: LinkDirection, quantity: 'packets' | 'bytes'): Bounds {
  const headers = quantity === 'bytes' ? link.packets * virtioHeaderBytes : 0;
  const slack = tolerance[quantity] + link[quantity] * tolerance.share;
  return { least: link[quantity] - slack, most: link[quantity] + headers + slack };
}

function judgeDirection(direction: 'fromGuest' | 'toGuest', link: LinkDirection, counted: Counted): Finding[] {
  const where = direction === 'fromGuest' ? 'out of the guest' : 'into the guest';
  for (const quantity of ['packets', 'bytes'] as const) {
    const value = counted[quantity];
    const { least, most } = boundsOf(link, quantity);
    if (value === null || (value >= least && value <= most)) continue;
    const off = value < least ? (least - value) / least : (value - most) / most;
    const side = value < least ? 'fewer than' : 'more than';
    const message = `the VMM counted ${amount(value)} ${quantity} ${where}, ${percent(off)} ${side} the tap (${amount(link[quantity])}) allows: one of the two does not count the measured path`;
    return [{ level: 'doubt', audit, message, concerns: ['all'] }];
  }
  return [];
}

/** The VMM's own counters of its network card agree with those of the tap behind it. */
export const vmmCounters: Audit = {
  name: audit,
  holdsFor: 'machine',
  judge({ measurement, trial }: AuditContext): Finding[] {
    const { link, vmmCounters: counted } = measurement;
    // With vhost the packets pass the VMM by.
    if (link === null || counted === null || trial.path?.notification === 'vhost') return [];
    return (['fromGuest', 'toGuest'] as const).flatMap((direction) =>
      judgeDirection(direction, link[direction], counted[direction]),
    );
  },
};

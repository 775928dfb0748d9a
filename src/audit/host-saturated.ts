import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';
import { foreignShare, idleShare } from './cpu-shares.ts';
import { percent } from './quantity.ts';

const audit = 'host-saturated';

/** Foreign work of this size takes caches and clock speed from the experiment even where a CPU is free for it. */
const doubtForeignAbove = 0.1;
/** With no CPU free, what runs beside the experiment runs instead of it; less than this is ticks and housekeeping. */
const doubtForeignAboveWhenFull = 0.03;
const fullIdleBelow = 0.05;

/** Somebody else's work on the host, and a host that is full of the experiment's own. */
export const hostSaturated: Audit = {
  name: audit,
  holdsFor: 'window',
  judge({ measurement }: AuditContext): Finding[] {
    const { hostCpu } = measurement;
    if (hostCpu === null || Object.values(hostCpu.total).every((ns) => ns === 0)) return [];
    const foreign = foreignShare(hostCpu);
    const idle = idleShare(hostCpu.total);
    const isFull = idle < fullIdleBelow;
    if (foreign !== null && foreign > (isFull ? doubtForeignAboveWhenFull : doubtForeignAbove)) {
      const message = `other programs took ${percent(foreign)} of the host's CPUs, ${percent(idle)} were idle`;
      return [{ level: 'doubt', audit, message, concerns: ['all'] }];
    }
    if (!isFull) return [];
    const message = `the experiment itself used all CPUs of the host (${percent(idle)} idle): with more CPUs the figure would be different`;
    return [{ level: 'note', audit, message, concerns: ['all'] }];
  },
};

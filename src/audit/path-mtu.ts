import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';

const audit = 'path-mtu';

/** Both ends have the MTU that the configuration names: with another, frames and calls per byte are of another path. */
export const pathMtu: Audit = {
  name: audit,
  holdsFor: 'machine',
  judge({ trial }: AuditContext): Finding[] {
    const asked = trial.configuration.nic?.mtu;
    if (asked === undefined) return [];
    const ends: [string, number | undefined][] = [
      ['the guest', trial.guest?.nic.mtu],
      ['the host', trial.path?.mtu],
    ];
    return ends.flatMap(([end, mtu]) => {
      if (mtu === undefined || mtu === asked) return [];
      const message = `${end} has an MTU of ${String(mtu)}; the experiment asked for ${String(asked)}`;
      return [{ level: 'doubt' as const, audit, message, concerns: ['all' as const] }];
    });
  },
};

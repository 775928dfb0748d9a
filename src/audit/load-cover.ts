import type { Finding } from '../record/finding.ts';
import { askedTimesOf, transferOf } from '../workload/questions.ts';
import type { Audit, AuditContext } from './audit.ts';
import { percent } from './quantity.ts';

const audit = 'load-cover';

/** So much of its requests without the load moves a median by less than a twentieth of the requests, and leaves a 99th percentile one of loaded ones. */
const doubtAbove = 0.1;

/** From the start of the clients, ns. */
interface Stretch {
  readonly fromNs: number;
  readonly toNs: number;
}

function stretchOf(spec: AuditContext['measurement']['spec']): Stretch | null {
  const asked = askedTimesOf(spec);
  if (asked === null) return null;
  const fromNs = asked.pauseNs ?? 0;
  return { fromNs, toNs: fromNs + asked.runNs };
}

/** The share of a stretch in which another was not under way. */
function shareWithout(own: Stretch, load: Stretch): number {
  const commonNs = Math.min(own.toNs, load.toNs) - Math.max(own.fromNs, load.fromNs);
  const ownNs = own.toNs - own.fromNs;
  return ownNs <= 0 ? 0 : 1 - Math.max(0, commonNs) / ownNs;
}

/** Bulk data that is named as the load of a latency was under way while its requests were. */
export const loadCover: Audit = {
  name: audit,
  holdsFor: 'window',
  judge({ measurement, trial }: AuditContext): Finding[] {
    const { underLoad = [], spec, latency } = measurement;
    const own = stretchOf(spec);
    if (latency === null || own === null) return [];
    return underLoad.flatMap((name): Finding[] => {
      const load = trial.configuration.workloads.find((one) => one.name === name);
      const stretch = load === undefined || transferOf(load) === null ? null : stretchOf(load);
      if (stretch === null) return [];
      const share = shareWithout(own, stretch);
      if (share <= doubtAbove) return [];
      const message = `${name} was not under way for ${percent(share)} of the requests: let it run longer`;
      return [{ level: 'doubt', audit, message, concerns: ['latency'] }];
    });
  },
};

import type { FlowFailure } from './flow-outcome.ts';
import type { ReadFlow } from './read-window.ts';

/** Between the first packets of the first and of the last flow, ns, in steps of the looks at the link; null with the reason, and with one flow without one. */
export interface StartSkew {
  readonly ns: number | null;
  readonly reason: string | null;
}

export function startSkew(flows: readonly (Pick<ReadFlow, 'traffic'> | FlowFailure)[]): StartSkew {
  if (flows.length === 1) return { ns: null, reason: null };
  const began = flows.map((flow) => ('failure' in flow ? null : flow.traffic.beganNs));
  const known = began.filter((ns) => ns !== null);
  if (known.length < began.length) return { ns: null, reason: 'the traffic of a flow never began' };
  return { ns: Math.max(...known) - Math.min(...known), reason: null };
}

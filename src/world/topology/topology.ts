import type { NicSpec } from '../../record/experiment.ts';

/** Which endpoints there are and how they are linked. Pure: the lab makes what it says. */
export interface TopologyPlan {
  readonly guest: {
    /** With prefix length. */
    readonly address: string;
    readonly mac: string;
    readonly tap: string;
  };
  readonly namespace: {
    readonly address: string;
    /** Lines for `ip -batch` inside the namespace that hold everything but the loopback device. */
    readonly batch: readonly string[];
  };
  readonly client: 'guest' | 'namespace';
  readonly server: 'guest' | 'namespace';
}

export interface Topology {
  /** @param tapOwner user that may attach to the tap; null: root only */
  plan(nic: NicSpec, tapOwner: number | null): TopologyPlan;
}

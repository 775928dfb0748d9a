import type { Finding } from '../record/finding.ts';
import type { HostFacts } from '../record/host.ts';
import type { ObserverEffect, WholeMeasurement } from '../record/measurement.ts';
import type { RunSource } from '../record/run.ts';
import type { WholeTrial } from '../record/trial.ts';

/** What an audit may look at: one measurement, the trial it was made in, where the run comes from, the host, and what tracing did to the figure. */
export interface AuditContext {
  readonly measurement: WholeMeasurement;
  readonly trial: WholeTrial;
  readonly source: RunSource;
  /** null: a lab note does not say. */
  readonly host: HostFacts | null;
  /** Boots of this configuration that the run is made of. */
  readonly boots: number;
  /** null where there was no traced window to compare with. */
  readonly observerEffect: ObserverEffect | null;
}

/**
 * One question that a sceptic would ask of a measurement. Pure; silent (no finding) on good data and where what it
 * needs was not measured, or is not said in a lab note. Levels: `void` where the record contradicts itself or the figure isn't of the path it is
 * named for, `doubt` where something outside of the path may have shaped it, `note` where it is right but means
 * something special.
 */
export interface Audit {
  /** The name of its file. */
  readonly name: string;
  /**
   * What it is asked of where there are several flows or machines: each `flow` with the facts of its ends; each `machine` with the flows that it is an end
   * of, seen from it (each flow where there is no VM); the `window` as a whole.
   */
  readonly holdsFor: 'flow' | 'machine' | 'window';
  judge(context: AuditContext): Finding[];
}

/** A flow or a machine by itself, as audits look at it. */
export interface AuditView {
  readonly name: string;
  readonly context: AuditContext;
}

/** A measurement as a whole, and, where there are several, each of its flows and machines by itself. */
export interface AuditViews {
  readonly whole: AuditContext;
  readonly flows?: readonly AuditView[];
  readonly machines?: readonly AuditView[];
}

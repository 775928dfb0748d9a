import type { Finding } from '../record/finding.ts';
import type { HostFacts } from '../record/host.ts';
import type { GatheredMeasurement, ObserverEffect } from '../record/measurement.ts';
import type { RunSource } from '../record/run.ts';
import type { GatheredTrial } from '../record/trial.ts';

/** What an audit may look at: one measurement, the trial it was made in, where the run comes from, the host, and what tracing did to the figure. */
export interface AuditContext {
  readonly measurement: GatheredMeasurement;
  readonly trial: GatheredTrial;
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
  judge(context: AuditContext): Finding[];
}

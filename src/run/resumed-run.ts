import { TapbenchError } from '../record/error.ts';
import { type Experiment, experiment } from '../record/experiment.ts';
import type { HostFacts } from '../record/host.ts';
import type { RunHeader } from '../record/run.ts';

/** The parts of a header that only a measured run has. */
export interface ResumedRun {
  readonly experiment: Experiment;
  /** The experiment as its user wrote it. */
  readonly source: string;
  readonly host: HostFacts;
}

/**
 * What a stored run needs to go on.
 * @throws TapbenchError `RESUME_REFUSED` for a lab note, and for a header that leaves open what was to be measured
 */
export function resumedRun(header: RunHeader): ResumedRun {
  const { runId, source, experimentSource, host } = header;
  if (source.kind === 'lab-note') {
    throw new TapbenchError(
      'RESUME_REFUSED',
      `run ${runId} is the lab note ${source.file}: tapbench did not begin it`,
      {
        hint: 'begin a run of your own, and compare the two',
      },
    );
  }
  const parsed = experiment.safeParse(header.experiment);
  if (parsed.success && experimentSource !== null && host !== null)
    return { experiment: parsed.data, source: experimentSource, host };
  throw new TapbenchError('RESUME_REFUSED', `run ${runId} does not say all of its experiment and host`, {
    hint: 'begin a new run',
    cause: parsed.error,
  });
}

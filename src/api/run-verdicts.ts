import { compareWithin } from '../compare/compare-within.ts';
import { TapbenchError } from '../record/error.ts';
import type { Run } from '../record/run.ts';
import type { IndexedVerdict } from '../store/index/refresh-verdicts.ts';

/** The verdicts on the configurations of a run, each against the first, as `tapbench compare RUN` gives them; none where there is nothing to compare. */
export function runVerdicts(run: Run): IndexedVerdict[] {
  try {
    return (compareWithin(run)?.pairs ?? []).flatMap(({ candidate: { configuration }, metrics }) =>
      metrics.map(({ workload, metric, verdict }) => ({ configuration, workload, metric, verdict })),
    );
  } catch (cause) {
    if (cause instanceof TapbenchError && cause.code === 'NOT_COMPARABLE') return [];
    throw cause;
  }
}

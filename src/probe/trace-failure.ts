import type { StartedProcess } from '../lab/process.ts';
import { firstComplaint } from '../record/complaint.ts';
import { TapbenchError } from '../record/error.ts';

/** Why bpftrace did not trace, in its own words where it found any. */
export function traceFailure(what: string, tracer: StartedProcess): TapbenchError {
  const said = firstComplaint(tracer.stderrSoFar());
  return new TapbenchError('PROBE_FAILED', `bpftrace ${what}${said === null ? '' : `: ${said}`}`, {
    hint: 'tapbench doctor says what this machine lacks for tracing',
  });
}

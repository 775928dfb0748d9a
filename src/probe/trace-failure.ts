import type { StartedProcess } from '../lab/process.ts';
import { TapbenchError } from '../record/error.ts';

/** bpftrace complains of RLIMIT_MEMLOCK and goes on: newer kernels account BPF memory otherwise. */
const harmless = /RLIMIT_MEMLOCK/;

/** Why bpftrace did not trace, in its own words where it found any. */
export function traceFailure(what: string, tracer: StartedProcess): TapbenchError {
  const words = tracer
    .stderrSoFar()
    .split('\n')
    .filter((line) => line.trim() !== '' && !harmless.test(line));
  const reason = words.length === 0 ? '' : `: ${words.slice(0, 3).join('; ')}`;
  return new TapbenchError('PROBE_FAILED', `bpftrace ${what}${reason}`, {
    hint: 'install bpftrace, be root, and have tracefs mounted at /sys/kernel/tracing',
  });
}

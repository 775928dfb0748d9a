import { findExecutable } from '../../../src/lab/executable.ts';

/**
 * Lines for a stand-in of bpftrace: in a pid namespace another one is asked for the numbers of threads first (src/probe/thread-numbers.ts), and
 * that is not what is stood in for. To be made before PATH has the stand-in.
 */
export async function realNumbers(): Promise<string> {
  const real = (await findExecutable('bpftrace')) ?? 'false';
  return `case "$*" in *oom_score_adj_update*) exec ${real} "$@" ;; esac`;
}

import type { OnProgress } from '../lab/progress.ts';
import type { Experiment } from '../record/experiment.ts';
import type { ProgramFacts } from '../record/host.ts';
import { hasVm } from '../record/topology.ts';
import type { TracingVerdict } from './tracing.ts';

export interface ExperimentTracing {
  readonly experiment: Experiment;
  readonly programs: readonly ProgramFacts[];
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/** The verdict for an experiment: nothing is tried where nothing is traced. @throws the reason of `signal` */
export async function tracingFor(options: ExperimentTracing): Promise<TracingVerdict> {
  const { experiment, programs, onProgress, signal } = options;
  const { configurations } = experiment;
  const traces = configurations
    .filter(hasVm)
    .map(({ trace }) => trace)
    .filter(({ mode }) => mode !== 'off');
  if (traces.length === 0) return { isUsable: false, reason: 'not tried: nothing is traced' };
  const { tracingVerdict } = await import('./tracing.ts');
  const verdict = await tracingVerdict(
    {
      bpftrace: programs.find(({ name }) => name === 'bpftrace') ?? null,
      isTimed: traces.some(({ timing }) => timing),
      canRecall: true,
      signal,
    },
    onProgress,
  );
  if (!verdict.isUsable) {
    onProgress({ kind: 'note', text: `no tracing, only reads and writes are counted: ${verdict.reason}` });
  }
  return verdict;
}

import type { Difference } from '../record/comparison.ts';
import { hasTurned, programsOf, workloadPrograms } from '../workload/programs.ts';
import type { Side } from './side.ts';

function meaningOf(
  field: string,
  name: string,
  { baseline, candidate }: Pick<Difference, 'baseline' | 'candidate'>,
): string {
  if (field === 'sha256') return 'another build of the tool';
  const between = workloadPrograms
    .filter((program) => program.name === name)
    .flatMap(({ turns }) => turns)
    .find((turn) => {
      const [ours, theirs] = [hasTurned(baseline, turn), hasTurned(candidate, turn)];
      return ours !== null && theirs !== null && ours !== theirs;
    });
  return between === undefined
    ? 'the tool that measures differs'
    : `different instruments: since ${between.since.join('.')} ${between.what}`;
}

/** Whether a figure of these sides rests on a program: their workloads' tools, and the tracer where it runs inside of measured windows. */
function isInstrument(name: string, sides: readonly Side[]): boolean {
  return sides.some(({ configuration: { workloads, trace } }) => {
    const isTracing = name === 'bpftrace' && (trace?.mode === 'inline' || trace?.mode === 'lab-note');
    return isTracing || workloads.some(({ kind }) => programsOf(kind).some((program) => program.name === name));
  });
}

/** The difference of a program's version or sha256 between two hosts; null where the path is of no program. */
export function programDifference(
  values: Pick<Difference, 'path' | 'baseline' | 'candidate'>,
  sides: readonly Side[],
): Difference[] | null {
  const match = /^host\.programs\.(version|sha256)\.(.+)$/.exec(values.path);
  const [, field, name] = match ?? [];
  if (field === undefined || name === undefined) return null;
  if (!isInstrument(name, sides)) return [{ kind: 'note', ...values, meaning: null }];
  return [{ kind: 'unfair', ...values, meaning: meaningOf(field, name, values) }];
}

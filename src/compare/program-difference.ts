import type { Difference } from '../record/comparison.ts';
import type { Side } from './side.ts';

/** iperf3 runs each stream in a thread of its own since this version (its release notes); before, all share one. */
const threadedIperf3 = [3, 16] as const;

/** Whether an iperf3 has threads; null where its version can't be read. */
function isThreaded(version: string): boolean | null {
  const match = /^(\d+)\.(\d+)/.exec(version);
  if (match === null) return null;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > threadedIperf3[0] || (major === threadedIperf3[0] && minor >= threadedIperf3[1]);
}

function meaningOf(
  field: string,
  name: string,
  { baseline, candidate }: Pick<Difference, 'baseline' | 'candidate'>,
): string {
  if (field === 'sha256') return 'another build of the tool';
  const [ours, theirs] = [isThreaded(baseline), isThreaded(candidate)];
  if (name !== 'iperf3' || ours === null || theirs === null || ours === theirs) return 'the tool that measures differs';
  return 'different instruments: since 3.16 iperf3 runs its streams in threads';
}

/** Whether a figure of these sides rests on a program: their workloads' tools, and the tracer where it runs inside of measured windows. */
function isInstrument(name: string, sides: readonly Side[]): boolean {
  return sides.some(({ configuration: { workloads, trace } }) => {
    const isTracing = name === 'bpftrace' && (trace?.mode === 'inline' || trace?.mode === 'lab-note');
    return isTracing || workloads.some((spec) => spec.kind === name);
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

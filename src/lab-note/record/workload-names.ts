import { isBulk, type RecordedWorkload } from '../../record/recorded-experiment.ts';
import type { ToldOutput } from './configurations.ts';
import type { LeftOutList } from './left-out.ts';
import { reportedSpec } from './reported-spec.ts';
import { workloadSpec } from './workload-spec.ts';

/** What tells the workloads of one tool apart in a few words. */
function variantOf({ output }: ToldOutput, spec: RecordedWorkload): string {
  if (spec.kind === 'sockperf') {
    return [spec.mode === 'under-load' ? 'under-load' : '', spec.protocol === 'tcp' ? 'tcp' : ''].join(' ').trim();
  }
  if (!isBulk(spec)) return '';
  const isBothWays = spec.direction === 'both';
  const way = isBothWays && output.way === 'upload' ? 'client sends' : '';
  const wayBack = isBothWays && output.way === 'download' ? 'server sends' : '';
  const direction = spec.direction === 'download' ? 'download' : spec.direction === 'both' ? 'both ways' : '';
  return [spec.protocol === 'udp' ? 'udp' : '', direction, way, wayBack].filter((each) => each !== '').join(' ');
}

export interface NamedOutput {
  readonly told: ToldOutput;
  /** Its name is the same for the same workload in every configuration, but not yet unique in its trial. */
  readonly spec: RecordedWorkload;
}

/** Gives every output its workload, named by the tool, and by what else it needs where the note has several kinds of it. */
export function namedOutputs(
  outputs: readonly ToldOutput[],
  headingsOf: (section: number) => readonly string[],
  leftOut: LeftOutList,
): NamedOutput[] {
  const specs = outputs.map((told) => {
    const { output, commands } = told;
    const spec = workloadSpec(
      { output, asked: commands.asked, headings: headingsOf(output.section) },
      told.facts.workload ?? '?',
    );
    const reported = reportedSpec(told, spec, leftOut);
    return { told, spec: reported, variant: variantOf(told, reported) };
  });
  const variants = new Map<string, Set<string>>();
  for (const { spec, variant } of specs) variants.set(spec.kind, (variants.get(spec.kind) ?? new Set()).add(variant));
  return specs.map(({ told, spec, variant }) => {
    const isTold = (variants.get(spec.kind)?.size ?? 0) > 1 && variant !== '';
    const kind = spec.kind === 'unknown' ? 'system calls' : spec.kind;
    const name = told.facts.workload ?? (isTold ? `${kind} ${variant}` : kind);
    return { told, spec: { ...spec, name } };
  });
}

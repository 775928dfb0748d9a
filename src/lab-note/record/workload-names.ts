import type { RecordedWorkload } from '../../record/recorded-experiment.ts';
import { mainFigureOf, transferOf, variantOf } from '../../workload/questions.ts';
import type { ToldOutput } from './configurations.ts';
import type { LeftOutList } from './left-out.ts';
import { reportedSpec } from './reported-spec.ts';
import { workloadSpec } from './workload-spec.ts';

/** What tells the workloads of one tool apart in a few words: of both ways at once also which of the two it is. */
function variantText({ output }: ToldOutput, spec: RecordedWorkload): string {
  const ways = { upload: ' client sends', download: ' server sends', both: '' };
  const way = output.way === null || transferOf(spec)?.direction !== 'both' ? '' : ways[output.way];
  return `${variantOf(spec)}${way}`;
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
    return { told, spec: reported, variant: variantText(told, reported) };
  });
  const variants = new Map<string, Set<string>>();
  for (const { spec, variant } of specs) variants.set(spec.kind, (variants.get(spec.kind) ?? new Set()).add(variant));
  return specs.map(({ told, spec, variant }) => {
    const isTold = (variants.get(spec.kind)?.size ?? 0) > 1 && variant !== '';
    const kind = mainFigureOf(spec) === null ? 'system calls' : spec.kind;
    const name = told.facts.workload ?? (isTold ? `${kind} ${variant}` : kind);
    return { told, spec: { ...spec, name } };
  });
}

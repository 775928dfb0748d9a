import type { NotePartValue } from '../../record/note-part.ts';
import { exactPart } from '../exact-block.ts';
import type { HeadingFacts } from './heading-facts.ts';
import type { LeftOutList } from './left-out.ts';
import type { NoteOutput } from './note-output.ts';
import type { ThreadFacts } from './thread-facts.ts';

export interface ReportedOutput {
  readonly facts: HeadingFacts;
  /** What a report says of the measurement; null elsewhere. */
  readonly origin: NotePartValue<'measurement'> | null;
  readonly threads: ThreadFacts | null;
}

/** The heading ends in names, which may look like the number of a boot. */
function isNamedSo({ configuration, workload }: NotePartValue<'measurement'>): boolean {
  return /boot/i.test(configuration + workload.name);
}

/** What headings say of an output, or a report in its exact parts. Where both have the number of a boot, the heading's counts. */
export function reportedOutput(output: NoteOutput, facts: HeadingFacts, leftOut: LeftOutList): ReportedOutput {
  const origin = exactPart(output.parts, 'measurement');
  if (origin === null) return { facts, origin, threads: null };
  const printed = isNamedSo(origin) ? null : facts.boot;
  if (printed !== null && printed !== origin.boot) {
    const why = `it contradicts the heading, which says ${String(printed)}`;
    leftOut.add(output.parts[0]?.line ?? output.line, `exact boot ${String(origin.boot)}`, why);
  }
  const { configuration, workload, vmm, accel } = origin;
  return {
    facts: { ...facts, boot: printed ?? origin.boot, configuration, workload: workload.name, vmm },
    origin,
    threads: { vmm, accel },
  };
}

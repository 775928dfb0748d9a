import { exactAppendixHeading } from '../../record/note-part.ts';
import type { Run } from '../../record/run.ts';
import { workloadGroups } from '../measurement/figures.ts';
import { exactBlock } from '../tool/exact-block.ts';
import { folded } from './fold.ts';
import { measurementHeading } from './measurement.ts';

/** `# Appendix: exact figures`: those of each measurement below its own heading, for programs that read the report. */
export function exactAppendix(run: Run): string[] {
  const measurements = workloadGroups(run).flatMap((group) => group.measurements);
  if (measurements.length === 0) return [];
  const count = measurements.length === 1 ? '1 measurement' : `${String(measurements.length)} measurements`;
  const blocks = measurements.map((one) => [measurementHeading(run, one), exactBlock(one)].join('\n\n'));
  return [
    `# ${exactAppendixHeading}`,
    'For programs: all figures of each measurement with every digit, in base units. `tapbench compare`, `reproduce` and `notes read` take them from here.',
    folded(`Exact figures of ${count}`, blocks.join('\n\n')),
  ];
}

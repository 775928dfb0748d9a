import { type RecordedWorkload, recordedWorkload } from '../../record/recorded-experiment.ts';
import { mainFigureOf, transferOf } from '../../workload/questions.ts';
import { exactPart } from '../exact-block.ts';
import type { ToldOutput } from './configurations.ts';
import { type LeftOutList, shortText } from './left-out.ts';

const secondNs = 1e9;

/** How far a command's word may be from what was asked for: tapbench writes whole seconds, rounded up, and a rate for each stream. */
function roomOf(field: string, streams: number | null): number {
  if (field === 'durationNs' || field === 'omitNs') return secondNs;
  return field === 'targetBitsPerSecond' ? (streams ?? 1) : 0;
}

/** What the command asks for that the workload can say too. */
function askedFields({ commands: { asked } }: ToldOutput): [string, unknown][] {
  if (asked === null) return [];
  return Object.entries(asked).filter(([name]) => !['kind', 'tool', 'role', 'isFullRoundTrip', 'port'].includes(name));
}

/**
 * The workload as a report has it in its exact parts, where the command in the text does not say otherwise: then the field is the command's, and the
 * difference is listed. What no part says is as read of the text.
 */
export function reportedSpec(told: ToldOutput, read: RecordedWorkload, leftOut: LeftOutList): RecordedWorkload {
  const { parts, reading, line } = told.output;
  const exact = exactPart(parts, 'measurement')?.workload ?? null;
  if (exact === null) return read;
  const at = parts.find(({ name }) => name === 'measurement')?.line ?? line;
  if (
    (mainFigureOf(exact) === 'throughput') !== (reading.kind === 'transfer') ||
    (told.commands.asked !== null && exact.kind !== read.kind)
  ) {
    leftOut.add(at, `exact workload of ${exact.kind}`, 'it contradicts the text');
    return read;
  }
  const streams = transferOf(exact)?.streams ?? null;
  // A search ran its window at another rate than the workload asks for.
  const search = exactPart(parts, 'search');
  const fields = new Map<string, unknown>(Object.entries(exact));
  const kept = askedFields(told).filter(([name, value]) => {
    const isFound = name === 'targetBitsPerSecond' && search !== null;
    const own = isFound ? search.targetBitsPerSecond : fields.get(name);
    if (value === null || own === null || own === undefined || own === value) return false;
    const isNear =
      typeof own === 'number' && typeof value === 'number' && Math.abs(own - value) <= roomOf(name, streams);
    if (!isNear)
      leftOut.add(
        at,
        `exact ${name} ${shortText(JSON.stringify(own))}`,
        `the command says ${shortText(JSON.stringify(value))}`,
      );
    return !isNear;
  });
  const both = recordedWorkload.safeParse({ ...exact, ...Object.fromEntries(kept) });
  return both.success ? both.data : exact;
}

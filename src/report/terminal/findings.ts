import type { Measurement } from '../../record/measurement.ts';
import type { RecordedWorkload } from '../../record/recorded-experiment.ts';
import { figuresOf } from '../../workload/questions.ts';
import type { WorkloadGroup } from '../measurement/figures.ts';
import {
  type GroupedFinding,
  groupedFindings,
  groupedFindingText,
  saidAbove,
} from '../measurement/grouped-findings.ts';
import type { Paint } from '../text/paint.ts';
import { printable } from '../text/printable.ts';
import { wrapped } from '../text/table.ts';

export interface FindingLook {
  readonly columns: number;
  readonly paint: Paint;
  /** Notes by the names of their audits only. */
  readonly isShort: boolean;
}

/** Lines that say what the audits found in a workload, wrapped. What the headline says is not said again. */
export function findingLines(group: WorkloadGroup, { columns, paint, isShort }: FindingLook): string[] {
  const style = { void: paint.bad, doubt: paint.warning, note: paint.faint };
  const all = groupedFindings(group).filter(({ finding }) => !saidAbove.includes(finding.audit));
  const isShortNote = ({ finding }: GroupedFinding): boolean => isShort && finding.level === 'note';
  const names = [...new Set(all.filter(isShortNote).map(({ finding }) => finding.audit))].join(', ');
  const told = all.filter((one) => !isShortNote(one));
  return [
    ...told.map((one) => {
      const { level, audit } = one.finding;
      return { level, text: `${audit}: ${groupedFindingText(one, group)}` };
    }),
    ...(names === '' ? [] : [{ level: 'note', text: names } as const]),
  ].flatMap(({ level, text }) =>
    wrapped(printable(text).split(' '), columns, { first: `  ${level.padEnd(5)} `, rest: ' '.repeat(8) }).map(
      style[level],
    ),
  );
}

/** What a tool does not measure by its nature: not worth a line. */
function isNeverMeasured(spec: RecordedWorkload, part: string): boolean {
  return ['throughput', 'latency'].includes(part) && !figuresOf(spec).some((figure) => figure === part);
}

/** Parts that most machines and VMMs don't have, or older runs: their absence is told where more was asked for. */
const rarelyMeasured: readonly string[] = ['kvmExits', 'vmmCounters', 'vmmErrors'];

/** What each of several VMs has is no lack of the whole. */
function isOfEachMachine({ machines = [] }: Measurement, part: string): boolean {
  return machines.some((machine) => Object.entries(machine).some(([key, value]) => key === part && value !== null));
}

/** Parts that are missing, by the reason. */
export type Missing = ReadonlyMap<string, ReadonlySet<string>>;

function missingOf({ spec, measurements }: WorkloadGroup): Map<string, Set<string>> {
  const partsByReason = new Map<string, Set<string>>();
  for (const { measurement } of measurements) {
    for (const [part, reason] of Object.entries(measurement.notMeasured)) {
      if (isNeverMeasured(spec, part) || rarelyMeasured.includes(part) || isOfEachMachine(measurement, part)) continue;
      partsByReason.set(reason, (partsByReason.get(reason) ?? new Set()).add(part));
    }
  }
  return partsByReason;
}

/** What no workload has, for the same reason: of several it is said once. */
export function missingOfAll(groups: readonly WorkloadGroup[]): Missing {
  const [first, ...others] = groups.filter(({ measurements }) => measurements.length > 0).map(missingOf);
  if (first === undefined || others.length === 0) return new Map();
  const common = [...first].map(([reason, parts]) => {
    const ofAll = [...parts].filter((part) => others.every((other) => other.get(reason)?.has(part) === true));
    return [reason, new Set(ofAll)] as const;
  });
  return new Map(common.filter(([, parts]) => parts.size > 0));
}

/** Why parts of a workload's measurements are missing: a line a reason. @param saidOnce what is said of all workloads together */
export function notMeasuredLines(
  group: WorkloadGroup,
  { columns, paint }: Pick<FindingLook, 'columns' | 'paint'>,
  saidOnce: Missing,
): string[] {
  const own = [...missingOf(group)].map(([reason, parts]) => {
    const left = [...parts].filter((part) => saidOnce.get(reason)?.has(part) !== true);
    return [reason, new Set(left)] as const;
  });
  return missingLines(new Map(own.filter(([, parts]) => parts.size > 0)), { columns, paint, label: 'not measured:' });
}

/** The same of all workloads together. */
export function missingLines(
  missing: Missing,
  { columns, paint, label }: Pick<FindingLook, 'columns' | 'paint'> & { readonly label: string },
): string[] {
  return [...missing].flatMap(([reason, parts]) => {
    const text = printable(`${[...parts].join(', ')}: ${reason}`);
    return wrapped([label, ...text.split(' ')], columns, { first: '  ', rest: '    ' }).map(paint.faint);
  });
}

import type { Finding } from '../../record/finding.ts';
import type { WorkloadGroup } from './figures.ts';

/** One finding with the boots that it was made in. The message is the first boot's. */
export interface GroupedFinding {
  readonly finding: Finding;
  readonly boots: readonly number[];
  /** Flows or machines that it was made of; empty: of the whole. */
  readonly of: readonly string[];
}

const order: Readonly<Record<Finding['level'], number>> = { void: 0, doubt: 1, note: 2 };

/** Findings of a workload, those of one audit and level together, gravest first. */
export function groupedFindings(group: WorkloadGroup): GroupedFinding[] {
  const groups = new Map<string, { finding: Finding; boots: Set<number>; of: Set<string> }>();
  for (const { trial, measurement } of group.measurements) {
    for (const finding of measurement.findings) {
      const key = `${finding.level} ${finding.audit} ${finding.concerns.join()}`;
      const entry = groups.get(key) ?? { finding, boots: new Set(), of: new Set() };
      groups.set(key, entry);
      entry.boots.add(trial.boot);
      for (const name of finding.of ?? []) entry.of.add(name);
    }
  }
  return [...groups.values()]
    .map(({ finding, boots, of }) => ({ finding, boots: [...boots], of: [...of] }))
    .sort((a, b) => order[a.finding.level] - order[b.finding.level]);
}

/** So many others are named; of more only how many they are. */
const mostNamed = 3;

function alsoText(others: readonly string[]): string {
  if (others.length === 0) return '';
  return `also ${others.length > mostNamed ? `${String(others.length)} more` : others.join(', ')}`;
}

/** Which boots, where there are several. */
function bootsText(boots: readonly number[], count: number): string {
  if (count < 2) return '';
  return boots.length === count ? 'every boot' : `boot ${boots.join(', ')}`;
}

/** Whom a finding is of, what it says of the first of them, and of whom else: `vm1: 94 datagrams were lost (also vm2)`. */
export function findingText({ of = [], message }: Pick<Finding, 'of' | 'message'>, boots = ''): string {
  const [first, ...others] = of;
  const after = [alsoText(others), boots].filter((text) => text !== '').join('; ');
  return `${first === undefined ? '' : `${first}: `}${message}${after === '' ? '' : ` (${after})`}`;
}

/** The same of several boots. */
export function groupedFindingText({ finding, of, boots }: GroupedFinding, { measurements }: WorkloadGroup): string {
  return findingText({ of: [...of], message: finding.message }, bootsText(boots, measurements.length));
}

/** Audits whose finding stands at the top of the report. */
export const saidAbove: readonly string[] = ['emulated-cpu', 'debug-build'];

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

/** `vm1 and 3 more: ` before a message that is of the first of them; nothing where it is of the whole. */
export function ofText(of: readonly string[]): string {
  const [first, ...others] = of;
  if (first === undefined) return '';
  return others.length === 0 ? `${first}: ` : `${first} and ${String(others.length)} more: `;
}

/** Which boots, where there are several. */
export function bootsText(boots: readonly number[], group: WorkloadGroup): string {
  if (group.measurements.length < 2) return '';
  if (boots.length === group.measurements.length) return ' (every boot)';
  return ` (boot ${boots.join(', ')})`;
}

/** Audits whose finding stands at the top of the report. */
export const saidAbove: readonly string[] = ['emulated-cpu', 'debug-build'];

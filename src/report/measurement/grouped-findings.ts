import type { Finding } from '../../record/finding.ts';
import type { WorkloadGroup } from './figures.ts';

/** One finding with the boots that it was made in. The message is the first boot's. */
export interface GroupedFinding {
  readonly finding: Finding;
  readonly boots: readonly number[];
}

const order: Readonly<Record<Finding['level'], number>> = { void: 0, doubt: 1, note: 2 };

/** Findings of a workload, those of one audit and level together, gravest first. */
export function groupedFindings(group: WorkloadGroup): GroupedFinding[] {
  const groups = new Map<string, { finding: Finding; boots: number[] }>();
  for (const { trial, measurement } of group.measurements) {
    for (const finding of measurement.findings) {
      const key = `${finding.level} ${finding.audit} ${finding.concerns.join()}`;
      const entry = groups.get(key);
      if (entry === undefined) groups.set(key, { finding, boots: [trial.boot] });
      else entry.boots.push(trial.boot);
    }
  }
  return [...groups.values()].sort((a, b) => order[a.finding.level] - order[b.finding.level]);
}

/** Which boots, where there are several. */
export function bootsText(boots: readonly number[], group: WorkloadGroup): string {
  if (group.measurements.length < 2) return '';
  if (boots.length === group.measurements.length) return ' (every boot)';
  return ` (boot ${boots.join(', ')})`;
}

/** Audits whose finding stands at the top of the report. */
export const saidAbove: readonly string[] = ['emulated-cpu', 'debug-build'];

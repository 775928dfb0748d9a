import type { WorkloadKind } from '../record/experiment.ts';
import type { Finding } from '../record/finding.ts';
import type { WorkloadGroup } from './figures.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { wrapped } from './table.ts';

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

function bootsText(boots: readonly number[], group: WorkloadGroup): string {
  if (group.measurements.length < 2) return '';
  if (boots.length === group.measurements.length) return ' (every boot)';
  return ` (boot ${boots.join(', ')})`;
}

/** Lines that say what the audits found in a workload, wrapped. What the headline says of the emulated CPU is not said again. */
export function findingLines(group: WorkloadGroup, columns: number, paint: Paint): string[] {
  const style = { void: paint.bad, doubt: paint.warning, note: paint.faint };
  return groupedFindings(group)
    .filter(({ finding }) => finding.audit !== 'emulated-cpu')
    .flatMap(({ finding, boots }) => {
      const text = `${finding.audit}: ${finding.message}${bootsText(boots, group)}`;
      const level = finding.level.padEnd(5);
      return wrapped(printable(text).split(' '), columns, { first: `  ${level} `, rest: ' '.repeat(8) }).map(
        style[finding.level],
      );
    });
}

/** What a tool does not measure by its nature: not worth a line. */
const neverMeasured: Readonly<Record<WorkloadKind, string>> = { iperf3: 'latency', sockperf: 'throughput' };

/** Why parts of a workload's measurements are missing: a line a reason. */
export function notMeasuredLines(group: WorkloadGroup, columns: number, paint: Paint): string[] {
  const reasons = group.measurements.flatMap(({ measurement }) =>
    Object.entries(measurement.notMeasured)
      .filter(([part]) => part !== neverMeasured[group.spec.kind])
      .map(([part, reason]) => `${part}: ${reason}`),
  );
  return [...new Set(reasons)].flatMap((reason) =>
    wrapped(['not measured:', ...printable(reason).split(' ')], columns, { first: '  ', rest: '    ' }).map(
      paint.faint,
    ),
  );
}

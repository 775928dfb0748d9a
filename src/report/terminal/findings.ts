import type { RecordedWorkload } from '../../record/recorded-experiment.ts';
import { figuresOf } from '../../workload/questions.ts';
import type { WorkloadGroup } from '../measurement/figures.ts';
import { bootsText, groupedFindings, ofText, saidAbove } from '../measurement/grouped-findings.ts';
import type { Paint } from '../text/paint.ts';
import { printable } from '../text/printable.ts';
import { wrapped } from '../text/table.ts';

/** Lines that say what the audits found in a workload, wrapped. What the headline says is not said again. */
export function findingLines(group: WorkloadGroup, columns: number, paint: Paint): string[] {
  const style = { void: paint.bad, doubt: paint.warning, note: paint.faint };
  return groupedFindings(group)
    .filter(({ finding }) => !saidAbove.includes(finding.audit))
    .flatMap(({ finding, boots, of }) => {
      const text = `${finding.audit}: ${ofText(of)}${finding.message}${bootsText(boots, group)}`;
      const level = finding.level.padEnd(5);
      return wrapped(printable(text).split(' '), columns, { first: `  ${level} `, rest: ' '.repeat(8) }).map(
        style[finding.level],
      );
    });
}

/** What a tool does not measure by its nature: not worth a line. */
function isNeverMeasured(spec: RecordedWorkload, part: string): boolean {
  return ['throughput', 'latency'].includes(part) && !figuresOf(spec).some((figure) => figure === part);
}

/** Parts that most machines and VMMs don't have, or older runs: their absence is told where more was asked for. */
const rarelyMeasured: readonly string[] = ['kvmExits', 'vmmCounters', 'vmmErrors'];

/** Why parts of a workload's measurements are missing: a line a reason. */
export function notMeasuredLines(group: WorkloadGroup, columns: number, paint: Paint): string[] {
  const partsByReason = new Map<string, Set<string>>();
  for (const { measurement } of group.measurements) {
    for (const [part, reason] of Object.entries(measurement.notMeasured)) {
      if (isNeverMeasured(group.spec, part) || rarelyMeasured.includes(part)) continue;
      partsByReason.set(reason, (partsByReason.get(reason) ?? new Set()).add(part));
    }
  }
  return [...partsByReason].flatMap(([reason, parts]) => {
    const text = printable(`${[...parts].join(', ')}: ${reason}`);
    return wrapped(['not measured:', ...text.split(' ')], columns, { first: '  ', rest: '    ' }).map(paint.faint);
  });
}

import type { Measurement } from '../../record/measurement.ts';
import type { Run } from '../../record/run.ts';
import { groupNames, type WorkloadGroup, workloadGroups } from '../measurement/figures.ts';
import { bootsText, type GroupedFinding, groupedFindings, ofText, saidAbove } from '../measurement/grouped-findings.ts';
import { markdownText } from './escape.ts';

const order = { void: 0, doubt: 1, note: 2 } as const;

interface FindingOfGroup extends GroupedFinding {
  readonly group: WorkloadGroup;
}

function findingLine(run: Run, { group, finding, boots, of }: FindingOfGroup): string {
  const { level, audit, message } = finding;
  const names = [...groupNames(run, group), audit];
  return `- **${level}** ${markdownText(names.join(', '))}: ${markdownText(`${ofText(of)}${message}${bootsText(boots, group)}`)}`;
}

/** `# Findings`: what the audits say, gravest first, that of several boots once. What stands at the top of the report is not said again. */
export function findingsSection(run: Run): string {
  const findings = workloadGroups(run)
    .flatMap((group) => groupedFindings(group).map((one): FindingOfGroup => ({ ...one, group })))
    .filter(({ finding }) => !saidAbove.includes(finding.audit))
    .sort((a, b) => order[a.finding.level] - order[b.finding.level]);
  if (findings.length === 0) return '# Findings\n\nNone: no audit had anything to say.';
  const isShared = findings.some(({ boots }) => boots.length > 1);
  return [
    '# Findings',
    '**void**: must not be used. **doubt**: something beside the path may have shaped it. **note**: right, but it means something special.',
    findings.map((one) => findingLine(run, one)).join('\n'),
    ...(isShared ? ["The numbers are those of the first boot named; each boot's own stand with its output."] : []),
  ].join('\n\n');
}

/** Those of one measurement that are not said above its output. */
export function ownFindings({ findings }: Measurement): string[] {
  return findings
    .filter(({ level, audit }) => level !== 'void' && !saidAbove.includes(audit))
    .map(
      ({ level, audit, message, of = [] }) =>
        `- **${level}** ${markdownText(audit)}: ${markdownText(ofText(of) + message)}`,
    );
}

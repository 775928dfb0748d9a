import type { Measurement } from '../../record/measurement.ts';
import type { Run } from '../../record/run.ts';
import { type WorkloadGroup, workloadGroups } from '../measurement/figures.ts';
import {
  findingText,
  type GroupedFinding,
  groupedFindings,
  groupedFindingText,
  saidAbove,
} from '../measurement/grouped-findings.ts';
import { markdownText } from './escape.ts';

const order = { void: 0, doubt: 1, note: 2 } as const;

interface FindingOfGroup extends GroupedFinding {
  readonly group: WorkloadGroup;
}

function findingLine(one: FindingOfGroup): string {
  const { group, finding } = one;
  const { level, audit } = finding;
  const names = [...group.names, audit];
  return `- **${level}** ${markdownText(names.join(', '))}: ${markdownText(groupedFindingText(one, group))}`;
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
    findings.map((one) => findingLine(one)).join('\n'),
    ...(isShared ? ["The numbers are those of the first boot named; each boot's own stand with its output."] : []),
  ].join('\n\n');
}

/** Those of one measurement that are not said above its output. */
export function ownFindings({ findings }: Measurement): string[] {
  return findings
    .filter(({ level, audit }) => level !== 'void' && !saidAbove.includes(audit))
    .map((one) => `- **${one.level}** ${markdownText(one.audit)}: ${markdownText(findingText(one))}`);
}

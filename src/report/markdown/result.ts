import { withoutCeilings } from '../../record/ceiling.ts';
import type { Finding } from '../../record/finding.ts';
import type { HostFacts } from '../../record/host.ts';
import type { Run } from '../../record/run.ts';
import { loadsBeside } from '../../record/windows.ts';
import { configurationText, windowText } from '../measurement/describe.ts';
import { latencySources, requestSources, spreadText, throughputSources } from '../measurement/figure-sources.ts';
import {
  askedGroups,
  type Figure,
  figureOf,
  samplesOf,
  type WorkloadGroup,
  workloadGroups,
} from '../measurement/figures.ts';
import { groupedFindings, saidAbove } from '../measurement/grouped-findings.ts';
import { trialCounts } from '../measurement/trial-counts.ts';
import { formatSize } from '../text/units.ts';
import { ceilingBlocks } from './ceiling.ts';
import { markdownTable, markdownText } from './escape.ts';
import { type Fact, factList } from './fact-list.ts';
import { flowBlocks } from './flows.ts';
import { growthBlocks } from './growth.ts';
import { scalingBlocks } from './scaling.ts';

function plural(count: number, word: string): string {
  return `${String(count)} ${word}${count === 1 ? '' : 's'}`;
}

function statusText(run: Run): string {
  const { asked, ceilings } = trialCounts(run);
  const others = (['void', 'failed'] as const).filter((name) => asked[name] > 0);
  const ceiling = `ceiling ${String(ceilings.ok)} of ${String(ceilings.planned)}`;
  const parts = [
    `${String(asked.ok)} of ${plural(asked.planned, 'boot')} ok`,
    ...others.map((name) => `**${String(asked[name])} ${name}**`),
    ...(ceilings.planned === 0 ? [] : [ceilings.ok === ceilings.planned ? ceiling : `**${ceiling}**`]),
  ];
  return `${run.status}, ${parts.join(', ')}`;
}

function hostText({ cpu, memory, kernel }: HostFacts): string {
  return `${cpu.model}, ${plural(cpu.logicalCpus, 'CPU')}, ${formatSize(memory.totalBytes)}, Linux ${kernel.release}`;
}

/** What was to be measured, and on what. */
function askedFacts(run: Run): string {
  const { configurations } = run.experiment;
  const configurationFacts = configurations.map((one): Fact => {
    const trials = run.trials.filter((trial) => trial.configuration.name === one.name);
    return [`configuration ${markdownText(one.name)}`, configurationText(one, trials)];
  });
  const workloads = new Map(
    configurations.flatMap((one) =>
      one.workloads.map((spec) => [spec.name, windowText(spec, loadsBeside(one, spec.name))]),
    ),
  );
  return factList([
    ...configurationFacts,
    ...[...workloads].map(([name, text]): Fact => [`workload ${markdownText(name)}`, text]),
    ['host', run.host === null ? null : hostText(run.host)],
  ]);
}

function askedText(run: Run): string {
  const { name, description } = run.experiment;
  const about = description === '' ? '' : ` ${markdownText(description.replace(/\.?$/, '.'))}`;
  return `**${markdownText(name)}**.${about} Run ${markdownText(run.runId)}: ${statusText(run)}.`;
}

/** Marked where it must not be used. */
function figureText({ value, isVoid }: Figure, format: (value: number) => string): string {
  return isVoid ? `~~${format(value)}~~ (void)` : format(value);
}

function spreadCell(figure: Figure, format: (value: number) => string): string {
  const isAlike = !figure.isVoid && figure.interval === null && format(figure.min) === format(figure.max);
  return isAlike && figure.boots > 1 ? 'the same in every boot' : spreadText(figure, format);
}

/** The boots that have no part in a figure. */
function voidCell({ voidBoots }: Figure, format: (value: number) => string): string {
  return voidBoots.map(({ boot, value }) => `; boot ${String(boot)} void: ~~${format(value)}~~`).join('');
}

/** One figure of a table. */
export interface FigureLine {
  /** What stands before it; Markdown. */
  readonly cells: readonly string[];
  readonly figure: Figure;
  readonly format: (value: number) => string;
}

/** Figures over boots with their spread, which a table of single boots leaves out. Boots that are left out of a figure are told with the first of those that are below each other. */
export function figureTable(header: readonly string[], lines: readonly FigureLine[]): string {
  if (lines.every(({ figure }) => figure.boots === 1 && figure.voidBoots.length === 0)) {
    return markdownTable(
      [...header, 'value'],
      lines.map(({ cells, figure, format }) => [...cells, figureText(figure, format)]),
    );
  }
  const voidTexts = lines.map(({ figure }) => figure.voidBoots.map(({ boot }) => boot).join());
  const rows = lines.map(({ cells, figure, format }, place) => [
    ...cells,
    figureText(figure, format),
    spreadCell(figure, format) + (voidTexts[place] === voidTexts[place - 1] ? '' : voidCell(figure, format)),
  ]);
  return markdownTable([...header, 'mean over boots', 'spread'], rows);
}

function linesOf(group: WorkloadGroup, names: readonly string[]): FigureLine[] {
  return [...throughputSources, ...requestSources, ...latencySources].flatMap(({ title, concern, read, format }) => {
    const figure = figureOf(samplesOf(group, concern, read));
    return figure === null ? [] : [{ cells: [...names.map(markdownText), title], figure, format }];
  });
}

function answerTable(run: Run): string {
  const isOne = withoutCeilings(run.experiment.configurations).length === 1;
  const lines = askedGroups(run).flatMap((group) => linesOf(group, group.names));
  if (lines.length === 0) return 'Nothing was measured.';
  return figureTable([...(isOne ? ['workload'] : ['configuration', 'workload']), 'figure'], lines);
}

/** How to read the column of spreads. */
function spreadLegend(run: Run): string[] {
  const boots = askedGroups(run).map(({ measurements }) => new Set(measurements.map(({ trial }) => trial.boot)).size);
  const most = Math.max(0, ...boots);
  if (most === 0) return [];
  return most === 1
    ? ['One boot is one observation: nothing here says how far the next boot would be from it.']
    : ['`[low, high]` is the 95 % interval of the mean, `low .. high` the range over boots.'];
}

const levels: readonly Finding['level'][] = ['void', 'doubt', 'note'];

function findingsLine(run: Run): string[] {
  const findings = workloadGroups(run)
    .flatMap(groupedFindings)
    .filter(({ finding }) => !saidAbove.includes(finding.audit));
  const counts = levels.flatMap((level) => {
    const count = findings.filter(({ finding }) => finding.level === level).length;
    if (count === 0) return [];
    return level === 'void' ? [`**${String(count)} void**`] : [plural(count, level)];
  });
  return counts.length === 0 ? [] : [`The audits found: ${counts.join(', ')}; see [Findings](#findings).`];
}

/** `# Result`: what was asked, and the answer with its spread. */
export function resultSection(run: Run): string {
  return [
    '# Result',
    askedText(run),
    askedFacts(run),
    answerTable(run),
    ...ceilingBlocks(run),
    ...growthBlocks(run),
    ...scalingBlocks(run),
    ...flowBlocks(run),
    [...spreadLegend(run), ...findingsLine(run)].join(' '),
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

import { withoutCeilings } from '../../record/ceiling.ts';
import type { Comparison } from '../../record/comparison.ts';
import type { Run } from '../../record/run.ts';
import { comparisonBlocks } from '../comparison/terminal.ts';
import { configurationText, warningsOf, windowText } from '../measurement/describe.ts';
import { failureText } from '../measurement/failure-text.ts';
import { askedGroups, type WorkloadGroup } from '../measurement/figures.ts';
import { trialCounts } from '../measurement/trial-counts.ts';
import { labNoteLines } from '../note/source-lines.ts';
import { type Paint, paint as paintOf } from '../text/paint.ts';
import { printable } from '../text/printable.ts';
import { columnWidths, tableLine, tableWidth, widthOf, wrapped } from '../text/table.ts';
import { formatSize, formatTime } from '../text/units.ts';
import { callLines } from './calls.ts';
import { ceilingLines } from './ceiling.ts';
import { counterLines, exitLines } from './exits.ts';
import { type FigureRow, workloadRows } from './figures.ts';
import { type FindingLook, findingLines, missingLines, missingOfAll, notMeasuredLines } from './findings.ts';
import { flowLines } from './flows.ts';
import { growthLines } from './growth.ts';
import { scalingBlocks } from './scaling.ts';
import { searchLines } from './search.ts';

export interface TerminalOptions {
  /** Width of the terminal. */
  readonly columns: number;
  readonly isColor: boolean;
  /** Of the run's configurations with the first of them; null or absent: not shown. */
  readonly comparison?: Comparison | null | undefined;
  /** Also KVM's exits by reason, and the VMM's own counters. */
  readonly isVerbose?: boolean | undefined;
}

const header: FigureRow = ['WHAT', 'FIGURE', 'SPREAD', 'COST'];

interface Section {
  readonly group: WorkloadGroup;
  readonly title: string;
  readonly rows: readonly FigureRow[];
}

function statusText(run: Run, paint: Paint): string {
  const { asked, ceilings } = trialCounts(run);
  const parts = [`${String(asked.ok)} of ${String(asked.planned)} boots ok`];
  if (asked.void > 0) parts.push(paint.bad(`${String(asked.void)} void`));
  if (asked.failed > 0) parts.push(paint.bad(`${String(asked.failed)} failed`));
  const style = run.status === 'done' ? paint.good : paint.warning;
  const isCeilingWhole = ceilings.ok === ceilings.planned;
  const ceiling = `ceiling ${String(ceilings.ok)} of ${String(ceilings.planned)}`;
  if (ceilings.planned > 0) parts.push(isCeilingWhole ? ceiling : paint.warning(ceiling));
  return `${style(run.status)}, ${parts.join(', ')}`;
}

function hostText({ host }: Run): string {
  if (host === null) return 'host: the note does not say';
  const { cpu, kernel, memory } = host;
  return `${cpu.model}, ${String(cpu.logicalCpus)} CPUs, ${formatSize(memory.totalBytes)}, Linux ${kernel.release}`;
}

function headLines(run: Run, columns: number, paint: Paint): string[] {
  const configurations = withoutCeilings(run.experiment.configurations);
  const about = configurations.map((configuration) => {
    const trials = run.trials.filter((trial) => trial.configuration.name === configuration.name);
    const name = configurations.length > 1 ? `${configuration.name}: ` : '';
    return printable(name + configurationText(configuration, trials));
  });
  const faintLines = [...about, printable(hostText(run))].flatMap((line) =>
    wrapped(line.split(' '), columns, { first: '', rest: '  ' }),
  );
  const title = `${paint.heading(printable(run.experiment.name))}  ${printable(run.runId)}`;
  const status = statusText(run, paint);
  return [
    ...(tableWidth([widthOf(title), widthOf(status)]) <= columns ? [`${title}  ${status}`] : [title, status]),
    ...[...labNoteLines(run), ...warningsOf(run)].flatMap((text) =>
      wrapped(printable(text).split(' '), columns, { first: '', rest: '  ' }).map(paint.warning),
    ),
    ...faintLines.map(paint.faint),
  ];
}

/** The four columns where they fit; else the costs go under the figures. */
function sectionLines(section: Section, widths: readonly number[], columns: number): string[] {
  if (tableWidth(widths) <= columns) return section.rows.map((row) => tableLine(row, widths));
  const figures = section.rows.filter(([what]) => what !== '').map((row) => tableLine(row.slice(0, 3), widths));
  const costs = section.rows.flatMap(([, , , cost]) => (cost === '' ? [] : [`  ${cost}`]));
  return [...figures, ...costs];
}

function sections(run: Run, paint: Paint): Section[] {
  return askedGroups(run).map((group) => {
    return {
      group,
      title: `${paint.strong(printable(group.names.join(' ')))} ${paint.faint(printable(windowText(group.spec, group.underLoad)))}`,
      rows: workloadRows(group, paint),
    };
  });
}

function isEmpty({ group }: Section): boolean {
  return group.measurements.length === 0;
}

function tableLines(run: Run, { columns, paint, isShort }: FindingLook): string[] {
  const all = sections(run, paint);
  const widths = columnWidths([header, ...all.flatMap((section) => section.rows)]);
  const isWide = tableWidth(widths) <= columns;
  const saidOnce = missingOfAll(all.map(({ group }) => group));
  return [
    paint.faint(tableLine(isWide ? header : header.slice(0, 3), widths)),
    ...[...Map.groupBy(all, ({ group }) => group.configuration)].flatMap(([configuration, own]) =>
      own.length > 1 && own.every(isEmpty)
        ? [`${paint.strong(printable(configuration))} ${paint.faint('nothing was measured')}`]
        : own.flatMap((section) => [
            section.title,
            ...(isEmpty(section) ? [paint.faint('  nothing was measured')] : []),
            ...sectionLines(section, widths, columns),
            ...findingLines(section.group, { columns, paint, isShort }),
            ...notMeasuredLines(section.group, { columns, paint }, saidOnce),
          ]),
    ),
    ...missingLines(saidOnce, { columns, paint, label: 'not measured in any:' }),
  ];
}

function failureLines(run: Run, columns: number, paint: Paint): string[] {
  return run.trials.flatMap(({ trialId, failure }) => {
    if (failure === null) return [];
    const where = failure.workload === null ? '' : ` in ${failure.workload}`;
    const text = printable(`${trialId}${where}: ${failureText(failure)}`);
    const hint =
      failure.hint === null ? [] : wrapped(printable(failure.hint).split(' '), columns, { first: '  ', rest: '  ' });
    const last = failure.consoleTail.at(-1);
    const console =
      last === undefined
        ? []
        : [paint.faint(`  last on the console: ${printable(last).slice(0, Math.max(20, columns - 23))}`)];
    return [
      ...wrapped(['failed', ...text.split(' ')], columns, { first: '', rest: '  ' }).map(paint.bad),
      ...hint,
      ...console,
    ];
  });
}

function overheadLines(run: Run, columns: number, paint: Paint): string[] {
  if (run.overhead === null) return [];
  const { wallNs, measuredNs, toolCpuInWindowsNs } = run.overhead;
  const share = measuredNs === 0 ? '' : ` (${((toolCpuInWindowsNs / measuredNs) * 100).toFixed(2)} % of a core)`;
  const text =
    `took ${formatTime(wallNs)}: ${formatTime(measuredNs)} in windows, ${formatTime(wallNs - measuredNs)} around them; ` +
    `tapbench itself used ${formatTime(toolCpuInWindowsNs)} of CPU in windows${share}`;
  return wrapped(text.split(' '), columns, { first: '', rest: '  ' }).map(paint.faint);
}

/** Of so many workloads (each configuration's for itself) all is shown; of more a screen would hold nothing but details. */
const mostInFull = 16;

const shortText = 'notes in words, flows and system calls of each workload: tapbench show, with --verbose';

function detailBlocks(run: Run, { columns, isVerbose = false }: TerminalOptions, paint: Paint): string[][] {
  const groups = askedGroups(run);
  return [
    ...groups.map((group) => flowLines(group, isVerbose, paint)),
    ...groups.map((group) => callLines(group, columns, paint)),
    ...(isVerbose
      ? groups.flatMap((group) => [
          searchLines(group, paint),
          exitLines(group, columns, paint),
          counterLines(group, columns, paint),
        ])
      : []),
  ];
}

/** The report for people at a terminal: figures with spread and cost, findings, system calls of a unit of work, the comparison of its configurations, and what the run itself cost. Ends in a newline. */
export function terminalReport(run: Run, options: TerminalOptions): string {
  const paint = paintOf(options.isColor);
  const { columns, isVerbose = false } = options;
  const isShort = !isVerbose && askedGroups(run).length > mostInFull;
  const blocks = [
    headLines(run, columns, paint),
    tableLines(run, { columns, paint, isShort }),
    ceilingLines(run, columns, paint),
    growthLines(run, paint),
    ...scalingBlocks(run, columns, paint),
    ...(isShort ? [] : detailBlocks(run, options, paint)),
    ...(isShort ? [[paint.faint(shortText)]] : []),
    failureLines(run, columns, paint),
    ...(options.comparison ? comparisonBlocks(options.comparison, options) : []),
    overheadLines(run, columns, paint),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

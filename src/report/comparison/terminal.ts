import type { ComparedPair, ComparedSide, Comparison, GateResult, MetricComparison } from '../../record/comparison.ts';
import { type Paint, paint as paintOf } from '../text/paint.ts';
import { printable } from '../text/printable.ts';
import { columnWidths, tableLine, tableLines, tableWidth, widthOf } from '../text/table.ts';
import { type Look, labelled, wrap } from '../text/wrap.ts';
import { briefLines, unfairLines } from './differences.ts';
import { pathText } from './path.ts';
import {
  bootsText,
  changeText,
  estimateText,
  headline,
  methodText,
  pValueText,
  remarksOf,
  sameAskedText,
  titleOf,
  verdictTexts,
} from './text.ts';

function sideRow(role: string, { label, runId, startedAt, ...side }: ComparedSide, paint: Paint): string[] {
  const when = startedAt.slice(0, 16).replace('T', ' ');
  return [
    paint.faint(role),
    paint.strong(printable(label)),
    printable(`${runId}, ${when}, ${bootsText({ label, runId, startedAt, ...side })}`),
  ];
}

const verdictPaint: Readonly<Record<MetricComparison['verdict'], (paint: Paint) => (text: string) => string>> = {
  better: (paint) => paint.good,
  worse: (paint) => paint.bad,
  same: (paint) => paint.strong,
  'cannot-tell': (paint) => paint.warning,
};

function verdictCell(row: MetricComparison, paint: Paint): string {
  return verdictPaint[row.verdict](paint)(verdictTexts[row.verdict]);
}

/** Remarks of a row; what an earlier row of the workload said already is not said again. */
function remarkLines(row: MetricComparison, all: readonly MetricComparison[], look: Look): string[] {
  const earlier = all.slice(0, all.indexOf(row)).filter((one) => one.workload === row.workload);
  const said = new Set(earlier.flatMap(remarksOf));
  const texts = remarksOf(row).filter((text) => !said.has(text));
  return texts.flatMap((text) => wrap(text, look, '    ').map(look.paint.faint));
}

const wideHeader = ['', 'BASELINE', 'CANDIDATE', 'CHANGE', 'P', 'VERDICT'];
const narrowHeader = ['', 'CHANGE', 'P', 'VERDICT'];

function wideRow(row: MetricComparison, paint: Paint): string[] {
  const figures = [estimateText(row.baseline, row), estimateText(row.candidate, row)];
  return [`  ${titleOf(row)}`, ...figures, changeText(row), pValueText(row), verdictCell(row, paint)];
}

function narrowRow(row: MetricComparison, paint: Paint): string[] {
  return [`  ${titleOf(row)}`, changeText(row), pValueText(row), verdictCell(row, paint)];
}

/** All in one line where that fits; else the two figures stand under their change. */
function metricLines(rows: readonly MetricComparison[], all: readonly MetricComparison[], look: Look): string[] {
  const { columns, paint } = look;
  const wide = columnWidths([wideHeader, ...all.map((row) => wideRow(row, paint))]);
  const isWide = tableWidth(wide) <= columns;
  const widths = isWide ? wide : columnWidths([narrowHeader, ...all.map((row) => narrowRow(row, paint))]);
  const lines = rows.flatMap((row, index) => {
    const title = rows[index - 1]?.workload === row.workload ? [] : [paint.strong(printable(row.workload))];
    const figures = wrap(`${estimateText(row.baseline, row)} -> ${estimateText(row.candidate, row)}`, look, '    ');
    const cells = isWide ? wideRow(row, paint) : narrowRow(row, paint);
    return [...title, tableLine(cells, widths), ...(isWide ? [] : figures), ...remarkLines(row, all, look)];
  });
  return [paint.faint(tableLine(isWide ? wideHeader : narrowHeader, widths)), ...lines];
}

function kindLines(pair: ComparedPair, kind: MetricComparison['kind'], look: Look): string[] {
  const rows = pair.metrics.filter((row) => row.kind === kind);
  if (rows.length === 0) return [];
  const lines = metricLines(rows, pair.metrics, look);
  return kind === 'cost' ? [look.paint.heading('costs'), ...lines.slice(1)] : lines;
}

/** The blocks of one pair: what differs, figures, costs. */
function pairBlocks(pair: ComparedPair, look: Look): string[][] {
  const { paint } = look;
  const sameAsked = sameAskedText(pair);
  const sides = [sideRow('baseline', pair.baseline, paint), sideRow('candidate', pair.candidate, paint)];
  return [
    wrap(headline(pair), look, '').map(paint.strong),
    tableLines(sides).flatMap((line) => line),
    wrap(pathText(pair), look, ''),
    unfairLines(pair.differences, look),
    [
      ...(sameAsked === null ? [] : wrap(sameAsked, look, '')),
      ...(['asked', 'consequence', 'note'] as const).flatMap((kind) => briefLines(kind, pair.differences, look)),
    ],
    kindLines(pair, 'figure', look),
    kindLines(pair, 'cost', look),
  ];
}

const gatePaint: Readonly<Record<GateResult['status'], (paint: Paint) => (text: string) => string>> = {
  pass: (paint) => paint.good,
  fail: (paint) => paint.bad,
  'cannot-tell': (paint) => paint.warning,
};

function gateLines({ gates, pairs }: Comparison, look: Look): string[] {
  if (gates.length === 0) return [];
  const width = Math.max(...gates.map(({ gate }) => widthOf(printable(gate))));
  const lines = gates.flatMap(({ gate, candidate, workload, status, reason }) => {
    const where = [...(pairs.length > 1 ? [candidate] : []), ...(workload === null ? [] : [workload])].join(' ');
    const text = `${where === '' ? '' : `${where}: `}${reason}`;
    const word = status.replace('-', ' ');
    const label = `  ${word.padEnd(11)}  ${printable(gate).padEnd(width)}  `;
    const isRoomy = label.length <= look.columns / 2;
    const [first = '', ...rest] = isRoomy
      ? labelled(label, text, look)
      : [label.trimEnd(), ...wrap(text, look, '    ')];
    return [first.replace(word, gatePaint[status](look.paint)(word)), ...rest];
  });
  return [look.paint.heading('gates'), ...lines];
}

/** How wide, and whether in colour. */
export interface ComparisonLook {
  readonly columns: number;
  readonly isColor: boolean;
}

/** The blocks of a comparison, each some lines: what makes it unfair, what else differs, the verdicts on figures and then on costs, gates. */
export function comparisonBlocks(comparison: Comparison, { columns, isColor }: ComparisonLook): string[][] {
  const look = { columns, paint: paintOf(isColor) };
  return [
    ...comparison.pairs.flatMap((pair) => pairBlocks(pair, look)),
    gateLines(comparison, look),
    wrap(methodText(comparison), look, '').map(look.paint.faint),
  ].filter((lines) => lines.length > 0);
}

/** A comparison for people at a terminal. Ends in a newline. */
export function comparisonTerminal(comparison: Comparison, look: ComparisonLook): string {
  const blocks = comparisonBlocks(comparison, look);
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

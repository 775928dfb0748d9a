import type {
  ComparedPair,
  ComparedSide,
  Comparison,
  Difference,
  GateResult,
  MetricComparison,
} from '../../record/comparison.ts';
import { markdownCode, markdownTable, markdownText } from '../markdown/escape.ts';
import { folded } from '../markdown/fold.ts';
import { pathText } from './path.ts';
import {
  bootsText,
  changeText,
  differenceValues,
  estimateText,
  methodText,
  pairTitle,
  pValueText,
  remarksOf,
  sameAskedText,
  titleOf,
  verdictCounts,
  verdictTexts,
} from './text.ts';

type Kind = MetricComparison['kind'];

function sideLine(role: string, side: ComparedSide): string {
  const about = `${side.runId}, configuration ${side.configuration}, started ${side.startedAt}, ${bootsText(side)}`;
  return `- ${role} **${markdownText(side.label)}**: ${markdownText(about)}`;
}

/** Verdicts stand out where they say something. */
function verdictCell({ verdict }: MetricComparison): string {
  const text = verdictTexts[verdict];
  return verdict === 'better' || verdict === 'worse' ? `**${text}**` : text;
}

function metricTable({ metrics }: ComparedPair, kind: Kind): string | null {
  const rows = metrics.filter((row) => row.kind === kind);
  if (rows.length === 0) return null;
  const cells = rows.map((row) => [
    ...[row.workload, titleOf(row)].map(markdownText),
    ...[estimateText(row.baseline, row), estimateText(row.candidate, row), changeText(row)],
    markdownText(pValueText(row)),
    verdictCell(row),
  ]);
  return markdownTable(['workload', 'metric', 'baseline', 'candidate', 'change', 'p', 'verdict'], cells);
}

/** Each remark once a workload, with the metrics that it is about. */
function remarkList({ metrics }: ComparedPair): string | null {
  const titles = new Map<string, string[]>();
  for (const row of metrics) {
    for (const remark of remarksOf(row)) {
      const key = JSON.stringify([row.workload, remark]);
      titles.set(key, [...(titles.get(key) ?? []), titleOf(row)]);
    }
  }
  const lines = [...titles].map(([key, names]) => {
    // As written a few lines above.
    const [workload, remark] = JSON.parse(key) as [string, string];
    return `- ${markdownText(`${workload}, ${names.join('; ')}: ${remark}`)}`;
  });
  return lines.length === 0 ? null : lines.join('\n');
}

function unfairList({ differences }: ComparedPair): string | null {
  const unfair = differences.filter((one) => one.kind === 'unfair');
  if (unfair.length === 0) return null;
  const lines = unfair.map((one) => {
    const meaning = one.meaning === null ? '' : `: ${markdownText(one.meaning)}`;
    return `> - ${markdownCode(one.path)} ${markdownText(differenceValues(one).join(' -> '))}${meaning}`;
  });
  return ['> **Not fair**: these differ, and nobody asked for it.', '>', ...lines].join('\n');
}

const kindTexts: Readonly<Record<Difference['kind'], string>> = {
  unfair: '**not fair**',
  asked: 'asked for',
  consequence: 'follows',
  note: 'note',
};

function differenceTable({ differences }: ComparedPair): string | null {
  if (differences.length === 0) return null;
  const rows = differences.map((one) => {
    const texts = [...differenceValues(one), one.meaning ?? ''];
    return [kindTexts[one.kind], markdownCode(one.path), ...texts.map(markdownText)];
  });
  return markdownTable(['', 'fact', 'baseline', 'candidate', 'meaning'], rows);
}

const gateTexts: Readonly<Record<GateResult['status'], string>> = {
  pass: 'pass',
  fail: '**fail**',
  'cannot-tell': '**cannot tell**',
};

function gateTable({ gates }: Comparison): string | null {
  if (gates.length === 0) return null;
  const rows = gates.map(({ gate, candidate, workload, status, reason }) => [
    gateTexts[status],
    markdownCode(gate),
    ...[candidate, workload ?? '', reason].map(markdownText),
  ]);
  return markdownTable(['', 'gate', 'candidate', 'workload', 'why'], rows);
}

interface Part {
  readonly title: string;
  readonly text: string | null;
  /** Who folds it away: a job summary all but the verdicts, a document what is long. */
  readonly foldedIn: 'summary' | 'both' | 'none';
}

function partsOf(pair: ComparedPair): Part[] {
  return [
    { title: 'Figures', text: metricTable(pair, 'figure'), foldedIn: 'none' },
    { title: 'Costs', text: metricTable(pair, 'cost'), foldedIn: 'summary' },
    { title: 'Remarks', text: remarkList(pair), foldedIn: 'summary' },
    { title: `Differences (${String(pair.differences.length)})`, text: differenceTable(pair), foldedIn: 'both' },
  ];
}

function partText({ title, text, foldedIn }: Part, isSummary: boolean): string[] {
  if (text === null) return [];
  const isFolded = foldedIn === 'both' || (isSummary && foldedIn === 'summary');
  return [isFolded ? folded(title, text) : `### ${title}\n\n${text}`];
}

function pairText(pair: ComparedPair, isSummary: boolean): string[] {
  const unfair = unfairList(pair);
  const sameAsked = sameAskedText(pair);
  return [
    `## ${markdownText(pairTitle(pair))}`,
    `**${markdownText(verdictCounts(pair))}**`,
    markdownText(pathText(pair)),
    ...(unfair === null ? [] : [unfair]),
    ...(sameAsked === null ? [] : [markdownText(sameAsked)]),
    [sideLine('baseline', pair.baseline), sideLine('candidate', pair.candidate)].join('\n'),
    ...partsOf(pair).flatMap((part) => partText(part, isSummary)),
  ];
}

function gateHeadline(gates: readonly GateResult[]): string {
  const count = (status: GateResult['status']) => gates.filter((gate) => gate.status === status).length;
  const [failed, open] = [count('fail'), count('cannot-tell')];
  if (failed > 0) return `**${String(failed)} of ${String(gates.length)} gates failed.**`;
  return open > 0 ? `**${String(open)} of ${String(gates.length)} gates can't be told.**` : 'All gates pass.';
}

function sections(comparison: Comparison, isSummary: boolean): string {
  const gates = gateTable(comparison);
  return [
    '# Comparison',
    ...(gates === null ? [] : [gateHeadline(comparison.gates), gates]),
    ...comparison.pairs.flatMap((pair) => pairText(pair, isSummary)),
    markdownText(methodText(comparison)),
  ].join('\n\n');
}

/** `# Comparison`, as a part of a document: without a newline at its end. */
export function comparisonSection(comparison: Comparison): string {
  return sections(comparison, false);
}

/** A comparison as a Markdown document. */
export function comparisonMarkdown(comparison: Comparison): string {
  return `${sections(comparison, false)}\n`;
}

/** A comparison for the summary of a CI job: gates and verdicts open, the rest folded. */
export function comparisonSummary(comparison: Comparison): string {
  return `${sections(comparison, true)}\n`;
}

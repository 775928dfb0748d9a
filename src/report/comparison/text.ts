import { metricNamed } from '../../derive/metrics.ts';
import type {
  ComparedPair,
  ComparedSide,
  Comparison,
  Difference,
  Estimate,
  MetricComparison,
  SampleFlag,
  Verdict,
} from '../../record/comparison.ts';
import { shareText } from '../measurement/ceiling-table.ts';
import { formatOf, intervalText } from '../text/interval-text.ts';
import { formatChange } from '../text/units.ts';

export const verdictTexts: Readonly<Record<Verdict, string>> = {
  better: 'better',
  worse: 'worse',
  same: 'same',
  'cannot-tell': 'cannot tell',
};

/** In the order in which a headline says them. */
const verdictOrder: readonly Verdict[] = ['worse', 'better', 'same', 'cannot-tell'];

/** What the boots show that makes a figure doubtful. That they are few, or all the same, the reason says where it matters. */
const flagTexts: Readonly<Record<SampleFlag, string | null>> = {
  bimodal: 'The boots fall into two groups: their mean says little.',
  drift: 'The figures drift over the run.',
  'few-boots': null,
  'zero-variance': null,
};

/** The metric in words, short enough for a table that shows two figures with their intervals. */
export function titleOf({ metric }: Pick<MetricComparison, 'metric'>): string {
  return (metricNamed(metric)?.title ?? metric).replace('system calls', 'calls');
}

/** `2.35 Gbit/s [2.33, 2.37]`; without an interval the figure alone; `none` where there is no figure. */
export function estimateText(estimate: Estimate | null, { unit, metric }: MetricComparison): string {
  if (estimate === null) return 'none';
  const format = formatOf(unit, metric);
  const figure = format(estimate.value);
  if (estimate.interval === null) return figure;
  return `${figure} ${intervalText(figure, [format(estimate.interval.low), format(estimate.interval.high)])}`;
}

/** `+4.1 % [+2.0, +6.2]`; `none` where the change has no meaning. */
export function changeText({ ratio, ratioInterval }: MetricComparison): string {
  if (ratio === null) return 'none';
  const figure = formatChange(ratio);
  if (ratioInterval === null) return figure;
  return `${figure} ${intervalText(figure, [formatChange(ratioInterval.low), formatChange(ratioInterval.high)])}`;
}

/** Smallest p-value that is written out. */
const leastPValue = 0.001;

/** The p-value after Holm. */
export function pValueText({ adjustedPValue }: MetricComparison): string {
  if (adjustedPValue === null) return 'none';
  return adjustedPValue < leastPValue ? `<${String(leastPValue)}` : adjustedPValue.toFixed(3);
}

/** `Of the ceiling: 43.1 % [40.2, 46.0] -> 45.0 % [43.2, 46.9].` */
function ceilingTexts({ metric, ofCeiling }: MetricComparison): string[] {
  if (ofCeiling === undefined) return [];
  const sides = [ofCeiling.baseline, ofCeiling.candidate];
  const texts = sides.map((side) => (side === null ? 'not measured' : shareText({ metric, ...side })));
  return [`Of the ceiling: ${texts.join(' -> ')}.`];
}

/** What is to be said of a row beside its figures: what it is of the ceiling, why nothing can be told and how many boots would do, boots that are missing, and what is doubtful about the others. */
export function remarksOf(row: MetricComparison): string[] {
  const { verdict, reason, bootsThatWouldDo, missing, flags } = row;
  const wouldDo =
    bootsThatWouldDo === null ? '' : ` About ${String(bootsThatWouldDo)} boots on each side would decide it.`;
  return [
    ...ceilingTexts(row),
    ...(verdict === 'cannot-tell' ? [`${reason}${wouldDo}`] : []),
    ...(missing === null ? [] : [`Boots of the ${missing}.`]),
    ...flags.flatMap((flag) => flagTexts[flag] ?? []),
  ];
}

/** `5 usable boots, 1 void, 2 failed` */
export function bootsText({ boots }: ComparedSide): string {
  const usable = `${String(boots.usable)} usable ${boots.usable === 1 ? 'boot' : 'boots'}`;
  const others = (['void', 'failed'] as const).filter((state) => boots[state] > 0);
  return [usable, ...others.map((state) => `${String(boots[state])} ${state}`)].join(', ');
}

/** Digits of a checksum that tell it from others. */
const checksumDigits = 12;

/** A value of a fact, long checksums cut. */
function valueText(text: string): string {
  return text.replaceAll(/\b[0-9a-f]{32,}\b/g, (hex) => hex.slice(0, checksumDigits));
}

/** The two values of a difference. */
export function differenceValues({ baseline, candidate }: Difference): readonly [baseline: string, candidate: string] {
  return [valueText(baseline), valueText(candidate)];
}

/** What an A/A is made for: the smallest change of each metric that this host would have shown. */
function detectableText({ metrics }: ComparedPair): string {
  const texts = metrics.flatMap((row) =>
    row.detectableChange === null ? [] : [`${row.workload} ${titleOf(row)} ${formatChange(1 + row.detectableChange)}`],
  );
  if (texts.length === 0) return '';
  return ` The smallest changes that these boots would have shown, with 80 % chance: ${texts.join('; ')}.`;
}

/** How `compare` names what a lab note leaves open. */
export const notSaid = 'the note does not say';

/** Said where the two sides were asked to be the same; null where they were not, or are the same boots, which is said elsewhere. */
export function sameAskedText(pair: ComparedPair): string | null {
  const { baseline, candidate, differences } = pair;
  if (differences.some((one) => one.kind === 'asked' || one.path === 'run.boots')) return null;
  if (differences.some((one) => [one.baseline, one.candidate].includes(notSaid))) {
    return 'As far as is known the configurations are the same; the note does not say everything.';
  }
  return baseline.runId === candidate.runId
    ? `The configurations are the same: an A/A. Better or worse is a false alarm here, or comes from a difference that is listed as not fair.${detectableText(pair)}`
    : 'The configurations are the same. Better or worse comes from a difference that is listed as not fair, or from something that changed between the runs and was not recorded.';
}

function verdictCount(metrics: readonly MetricComparison[], verdict: Verdict): string[] {
  const rows = metrics.filter((row) => row.verdict === verdict);
  if (rows.length === 0) return [];
  const isChange = verdict === 'better' || verdict === 'worse';
  const named = rows.map(
    (row) => `${row.workload} ${titleOf(row)}${row.ratio === null ? '' : ` ${formatChange(row.ratio)}`}`,
  );
  return [`${String(rows.length)} ${verdictTexts[verdict]}${isChange ? ` (${named.join('; ')})` : ''}`];
}

/** `b against a` */
export function pairTitle({ baseline, candidate }: ComparedPair): string {
  return `${candidate.label} against ${baseline.label}`;
}

/** `1 worse (sockperf half round trip, p99 +6.1 %), 3 same, 2 cannot tell` */
export function verdictCounts({ metrics, differences }: ComparedPair): string {
  const counts = verdictOrder.flatMap((verdict) => verdictCount(metrics, verdict));
  const isUnfair = differences.some((one) => one.kind === 'unfair');
  return `${counts.join(', ')}${isUnfair ? '; not a fair comparison' : ''}`;
}

/** Both on one line. */
export function headline(pair: ComparedPair): string {
  return `${pairTitle(pair)}: ${verdictCounts(pair)}`;
}

/** What holds for every table: how the figures were made. */
export function methodText({ seed, pairs }: Comparison): string {
  const thresholds = new Set(pairs.flatMap((pair) => pair.metrics.map((row) => row.threshold)));
  const shares = [...thresholds]
    .sort((a, b) => a - b)
    .map((share) => `${String(Number((share * 100).toPrecision(3)))} %`);
  return (
    `Figures are means over boots with 95 % intervals; p is from a permutation test over boots, with Holm's correction. Where the sides took turns, a drift that both have is removed. A change matters from ${shares.join(' or ')}; ` +
    `"same" means that the whole interval lies within it. Seed ${String(seed)}.`
  );
}

import type { HistoryPoint, HistorySeries, MetricHistory } from '../../record/metric-history.ts';
import { type Format, formatOf, intervalText } from '../text/interval-text.ts';
import { type Paint, paint as paintOf } from '../text/paint.ts';
import { printable } from '../text/printable.ts';
import { columnWidths, tableLine, wrapped } from '../text/table.ts';
import { formatChange } from '../text/units.ts';

/** Columns of the plot: what a table of 80 columns has left, less where there is less. */
const plotColumns = 20;
/** Digits of a fingerprint that tell hosts apart. */
const fingerprintDigits = 12;

export interface HistoryLook {
  readonly columns: number;
  readonly isColor: boolean;
}

interface Scale {
  readonly low: number;
  readonly high: number;
}

function endsOf({ estimate }: HistoryPoint): Scale {
  return estimate.interval ?? { low: estimate.value, high: estimate.value };
}

function scaleOf(points: readonly HistoryPoint[]): Scale {
  const ends = points.map(endsOf);
  return { low: Math.min(...ends.map(({ low }) => low)), high: Math.max(...ends.map(({ high }) => high)) };
}

/** Where a value stands on the scale, from 0 to the last column. */
function columnOf(value: number, { low, high }: Scale): number {
  return high === low ? 0 : Math.round(((value - low) / (high - low)) * (plotColumns - 1));
}

/** `  ---o---  `: the mean with its interval, on the scale of the whole series. */
function plot(point: HistoryPoint, scale: Scale): string {
  const ends = endsOf(point);
  const [from, to, at] = [ends.low, ends.high, point.estimate.value].map((value) => columnOf(value, scale));
  return Array.from({ length: plotColumns }, (_, column) => {
    if (column === at) return 'o';
    return column >= (from ?? 0) && column <= (to ?? 0) ? '-' : ' ';
  }).join('');
}

function estimateText({ estimate: { value, interval } }: HistoryPoint, format: Format): string {
  const figure = format(value);
  return interval === null
    ? figure
    : `${figure} ${intervalText(figure, [format(interval.low), format(interval.high)])}`;
}

function cellsOf(point: HistoryPoint, format: Format, scale: Scale): string[] {
  const tags = point.tags.length === 0 ? '' : `  ${point.tags.map(printable).join(' ')}`;
  const when = point.startedAt.slice(0, 16).replace('T', ' ');
  const name = printable(point.runId.replace(/^\d{8}T\d{6}Z-/, ''));
  const boots = plural(point.estimate.boots, 'boot');
  return [`  ${when}`, name, boots, estimateText(point, format), plot(point, scale) + tags];
}

/** The line that stands before a run with which the level changed. */
function changeLines({ change }: HistoryPoint, { betterIs }: MetricHistory, paint: Paint): string[] {
  if (change === null) return [];
  const { ratio, pValue } = change;
  const p = `(p ${pValue.toFixed(3)})`;
  if (ratio === null) return [paint.warning(`  >> another level from here on, no longer 0 ${p}`)];
  const isBetter = ratio > 1 === (betterIs === 'higher');
  const text = `  >> ${formatChange(ratio)} from here on ${p}: ${isBetter ? 'better' : 'worse'}`;
  return [isBetter ? paint.good(text) : paint.bad(text)];
}

function seriesLines(series: HistorySeries, history: MetricHistory, look: HistoryLook): string[] {
  const paint = paintOf(look.isColor);
  const format = formatOf(history.unit, history.metric);
  const scale = scaleOf(series.points);
  const rows = series.points.map((point) => cellsOf(point, format, scale));
  const widths = columnWidths(rows);
  const host = history.fingerprint === null ? [`host ${series.fingerprint.slice(0, fingerprintDigits)}`] : [];
  const fields = Object.entries(series.distinction).map(([path, value]) => `with ${path}=${value}`);
  const words = [...host, ...fields].map((word) => paint.faint(printable(word)));
  const title = paint.strong(printable(`${series.workload} on ${series.configuration}`));
  const lines = series.points.flatMap((point, index) => [
    ...changeLines(point, history, paint),
    tableLine(rows[index] ?? [], widths),
  ]);
  return [...wrapped([title, ...words], look.columns, { first: '', rest: '  ' }), ...lines];
}

function plural(count: number, word: string): string {
  return `${String(count)} ${word}${count === 1 ? '' : 's'}`;
}

function hostText({ fingerprint, otherRuns }: MetricHistory): string {
  if (fingerprint === null) return 'all hosts, each in a separate series';
  const others =
    otherRuns === 0 ? '' : `; left out: ${plural(otherRuns, 'run')} of other hosts (--all-hosts shows them)`;
  return `host ${printable(fingerprint).slice(0, fingerprintDigits)}${others}`;
}

/** A metric over runs for people at a terminal: a line a run, with its mean over boots, the interval, and both drawn on the scale of the series. Ends in a newline. */
export function historyTerminal(history: MetricHistory, look: HistoryLook): string {
  const paint = paintOf(look.isColor);
  const { title, metric, betterIs, series } = history;
  const head = [
    `${paint.heading(title)}  ${metric}, ${betterIs} is better`,
    ...(series.length === 0 ? [] : [paint.faint(hostText(history))]),
  ];
  const blocks = [head, ...series.map((one) => seriesLines(one, history, look))];
  const none = series.length === 0 ? '\nNo run has it.' : '';
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}${none}\n`;
}

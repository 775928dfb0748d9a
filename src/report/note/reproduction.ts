import type { Difference } from '../../record/comparison.ts';
import { median } from '../../stats/median.ts';
import { briefLines, unfairLines } from '../comparison/differences.ts';
import { formatOf, rangeText } from '../text/interval-text.ts';
import { paint as paintOf } from '../text/paint.ts';
import { printable } from '../text/printable.ts';
import { columnWidths, tableLine } from '../text/table.ts';
import { formatNumber } from '../text/units.ts';
import { type Look, wrap } from '../text/wrap.ts';

/** One figure of a lab note beside what the same gave here. */
export interface ReproducedFigure {
  /** Of the note. */
  readonly configuration: string;
  readonly workload: string;
  /** `latency.p50`, or `vmm read a round trip`. */
  readonly what: string;
  readonly unit: string;
  readonly noted: number;
  /** Half a unit of the last digit that the note gives; null where it is exact or not known. */
  readonly rounding: number | null;
  /** Why the note's figure must not be used; null where nothing speaks against it. */
  readonly voidedBy: string | null;
  /** One value a boot; empty where it was not measured. */
  readonly here: readonly number[];
}

/** A lab note done again. */
export interface Reproduction {
  readonly file: string;
  readonly runId: string;
  readonly figures: readonly ReproducedFigure[];
  /** Between what the note says of its set-up and what was measured here. */
  readonly differences: readonly Difference[];
  readonly assumed: readonly string[];
  readonly impossible: readonly string[];
}

type Row = readonly string[];

const header: Row = ['', 'NOTE', 'HERE', 'HERE / NOTE'];

function hereText({ here, unit, what }: ReproducedFigure): string {
  if (here.length === 0) return 'not measured';
  const format = formatOf(unit, what);
  const middle = format(median(here));
  if (here.length === 1) return `${middle} (1 boot)`;
  const ends = rangeText(middle, [format(Math.min(...here)), format(Math.max(...here))]);
  return `${middle} (${ends}, ${String(here.length)} boots)`;
}

function row(figure: ReproducedFigure): Row {
  const { what, unit, noted, here, voidedBy } = figure;
  const ratio = here.length === 0 || noted === 0 ? '' : formatNumber(median(here) / noted);
  const mark = voidedBy === null ? '' : ' (void)';
  return [`  ${printable(what)}`, `${formatOf(unit, what)(noted)}${mark}`, hereText(figure), ratio];
}

function tableLines(figures: readonly ReproducedFigure[], look: Look): string[] {
  const widths = columnWidths([header, ...figures.map(row)]);
  const groups = Map.groupBy(figures, ({ configuration, workload }) => `${configuration}, ${workload}`);
  return [
    look.paint.faint(tableLine(header, widths)),
    ...[...groups].flatMap(([title, own]) => [
      look.paint.strong(printable(title)),
      ...own.map((figure) => tableLine(row(figure), widths)),
    ]),
  ];
}

function voidLines(figures: readonly ReproducedFigure[], look: Look): string[] {
  const reasons = new Set(figures.flatMap(({ voidedBy }) => voidedBy ?? []));
  return [...reasons].flatMap((reason) => wrap(`void in the note: ${reason}`, look, '  '));
}

/** What is said of how the note was done again, before and after it is. */
export function reproductionRemarks(
  { assumed, impossible }: Pick<Reproduction, 'assumed' | 'impossible'>,
  look: Look,
): string[] {
  return [
    ...assumed.flatMap((what) => wrap(`assumed: ${what}`, look, '  ')),
    ...impossible.flatMap((what) => wrap(`left out: ${what}`, look, '  ')),
  ];
}

/** Old beside new, and what differs about the two set-ups. A note gives one value and no spread: nothing is tested. Ends in a newline. */
export function reproductionText(
  reproduction: Reproduction,
  { columns, isColor }: { columns: number; isColor: boolean },
): string {
  const look: Look = { columns, paint: paintOf(isColor) };
  const { file, runId, figures, differences } = reproduction;
  const caution =
    'A lab note gives one value without its spread, and the ratio compares two machines: no test is made.';
  const remarks = reproductionRemarks(reproduction, look);
  const blocks = [
    [look.paint.heading(printable(`${file}, done again as ${runId}`))],
    tableLines(figures, look),
    voidLines(figures, look),
    remarks,
    [
      ...unfairLines(differences, look),
      ...(['asked', 'consequence', 'note'] as const).flatMap((kind) => briefLines(kind, differences, look)),
    ],
    wrap(caution, look, ''),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

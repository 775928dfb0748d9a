import type {
  AskedTimes,
  Deed,
  FigureName,
  Formats,
  PrintedFigures,
  PrintedText,
  Repeatable,
  Requests,
  Transfer,
  WorkloadWords,
} from './workload.ts';
import { type NotedSpec, notedOnly, workloads } from './workloads.ts';

/** Each takes the spec of its own kind: that the two belong together is why nobody else reads this map. */
const wordsByKind: ReadonlyMap<string, WorkloadWords<NotedSpec>> = new Map<string, WorkloadWords<never>>(
  [...workloads, ...notedOnly].map((one) => [one.kind, one]),
);

function wordsOf({ kind }: NotedSpec): WorkloadWords<NotedSpec> {
  const words = wordsByKind.get(kind);
  if (words === undefined) throw new RangeError(`no workload ${kind}`);
  return words;
}

/** Which figures a workload is run for, the main one first; none where it isn't said what ran. */
export function figuresOf(spec: NotedSpec): readonly FigureName[] {
  return wordsOf(spec).figures(spec);
}

/** The figure that a workload is run for; null where it isn't said what ran. */
export function mainFigureOf(spec: NotedSpec): FigureName | null {
  return figuresOf(spec)[0] ?? null;
}

/** The bulk transfer that a workload is; null where it is none. */
export function transferOf(spec: NotedSpec): Transfer | null {
  return wordsOf(spec).transfer(spec);
}

/** The requests that a workload sends; null where it sends none. */
export function requestsOf(spec: NotedSpec): Requests | null {
  return wordsOf(spec).requests(spec);
}

/** What was asked for; null where it isn't said. */
export function askedTimesOf(spec: NotedSpec): AskedTimes | null {
  return wordsOf(spec).asked(spec);
}

/** How a workload is run, in a few words each. */
export function settingsOf(spec: NotedSpec, formats: Formats): readonly string[] {
  return wordsOf(spec).settings(spec, formats);
}

/** What a workload does, in the words of lab notes. */
export function deedOf(spec: NotedSpec): Deed {
  return wordsOf(spec).deed(spec);
}

/** What the figure of a workload's tool is, where that may be misread. */
export function remarkOf(spec: NotedSpec): string | null {
  return wordsOf(spec).remark(spec);
}

/** What tells a workload from others of its tool, in a word or two; may be empty. */
export function variantOf(spec: NotedSpec): string {
  return wordsOf(spec).variant(spec);
}

/** Figures as the workload's tool prints them. */
export function printedText(spec: NotedSpec, figures: PrintedFigures): PrintedText {
  return wordsOf(spec).printed(figures);
}

/** What a workload of a lab note is in an experiment's file. */
export function repeatableWorkload(spec: NotedSpec): Repeatable {
  return wordsOf(spec).repeatable(spec);
}

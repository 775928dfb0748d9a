import type { Comparison } from '../../record/comparison.ts';
import { noteLogLanguage } from '../../record/note-part.ts';
import type { Run } from '../../record/run.ts';
import { mainFigureOf } from '../../workload/questions.ts';
import { comparisonSection } from '../comparison/markdown.ts';
import { warningsOf } from '../measurement/describe.ts';
import { failureText } from '../measurement/failure-text.ts';
import { type MeasurementInTrial, workloadGroups } from '../measurement/figures.ts';
import { labNoteLines } from '../note/source-lines.ts';
import { exactAppendix } from './appendix.ts';
import { costsSection } from './costs.ts';
import { fenced, markdownText } from './escape.ts';
import { findingsSection } from './findings.ts';
import { guestSection } from './guest.ts';
import { hostSection } from './host.ts';
import { measurementSection } from './measurement.ts';
import { methodSection } from './method.ts';
import { resultSection } from './result.ts';

function chapter(run: Run, title: string, isIn: (one: MeasurementInTrial) => boolean): string[] {
  const measurements = workloadGroups(run)
    .flatMap((group) => group.measurements)
    .filter(isIn);
  if (measurements.length === 0) return [];
  const [first, ...rest] = measurements.map((one) => measurementSection(run, one));
  return [`# ${title}\n${first ?? ''}`, ...rest];
}

function failuresSection(run: Run): string[] {
  const parts = run.trials.flatMap(({ trialId, failure }) => {
    if (failure === null) return [];
    const where = failure.workload === null ? '' : `, ${failure.workload}`;
    const head = `- ${markdownText(`${trialId}${where}: ${failureText(failure)}`)}`;
    const tail = [...failure.consoleTail, ...failure.vmmStderrTail];
    return [tail.length === 0 ? head : `${head}\n\n${fenced(tail, noteLogLanguage)}`];
  });
  return parts.length === 0 ? [] : [['# Failures', ...parts].join('\n\n')];
}

export interface MarkdownOptions {
  /** Of the run's configurations with the first of them; null or absent: not shown. */
  readonly comparison?: Comparison | null | undefined;
}

/**
 * `report.md`: what was asked and the answer first, then how it came about, and last the tools' own output in the layout of a lab note written by hand
 * (`# Throughput`, `# Latency`, commands, tool tables, `### Syscalls`). Tables round as the tools do; the appendix holds every digit in base units.
 */
export function markdownReport(run: Run, { comparison }: MarkdownOptions = {}): string {
  const sections = [
    ...labNoteLines(run).map((text) => `> ${markdownText(text)}`),
    ...warningsOf(run).map((text) => `> **${markdownText(text)}**`),
    resultSection(run),
    ...failuresSection(run),
    ...(comparison ? [comparisonSection(comparison)] : []),
    costsSection(run),
    findingsSection(run),
    hostSection(run),
    guestSection(run),
    methodSection(run),
    ...chapter(run, 'Throughput', ({ measurement }) => mainFigureOf(measurement.spec) === 'throughput'),
    ...chapter(run, 'Latency', ({ measurement }) => mainFigureOf(measurement.spec) === 'latency'),
    ...chapter(run, 'System calls', ({ measurement }) => mainFigureOf(measurement.spec) === null),
    ...exactAppendix(run),
  ];
  return `${sections.join('\n\n')}\n`;
}

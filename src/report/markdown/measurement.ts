import type { Measurement } from '../../record/measurement.ts';
import { keyName } from '../../record/note-part.ts';
import type { SystemCalls } from '../../record/probe-readings.ts';
import type { Run } from '../../record/run.ts';
import { printedText } from '../../workload/questions.ts';
import { callName } from '../measurement/call-rates.ts';
import type { MeasurementInTrial } from '../measurement/figures.ts';
import { workloadSentence } from '../measurement/workload-sentence.ts';
import { formatCount, formatSpan } from '../text/units.ts';
import { fenced, markdownText, shellLine } from './escape.ts';
import { ownFindings } from './findings.ts';
import { folded } from './fold.ts';
import { counterSection, exitSection } from './kvm.ts';
import { searchSection } from './search.ts';

/** What tells a measurement from the others of the same heading: nothing where it is the only one. */
function distinction(run: Run, { trial, measurement }: MeasurementInTrial): string {
  const { configurations, boots } = run.experiment;
  const sameKind = trial.configuration.workloads.filter((spec) => spec.kind === measurement.spec.kind);
  const parts = [
    ...(configurations.length > 1 ? [trial.configuration.name] : []),
    ...(sameKind.length > 1 ? [measurement.workload] : []),
    ...(boots > 1 ? [`boot ${String(trial.boot)}`] : []),
  ];
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

function place(endpoint: string): string {
  return endpoint === 'guest' ? 'vm' : endpoint;
}

function commandLines({ commands }: Measurement): string[] {
  return [commands.server, commands.client].flatMap((command) =>
    command === null ? [] : [`# ${place(command.endpoint)}`, shellLine(command.argv)],
  );
}

/** The calls of a reading as bpftrace prints the lab note's map, threads of one name summed, in the order of names. */
function totalLines({ threads }: SystemCalls): string[] {
  const totals = new Map<string, number>();
  for (const thread of threads) {
    const names = [thread.machine, thread.name].filter((name) => name !== null && name !== undefined);
    for (const call of thread.calls) {
      const key = `@total[${[...names.map(keyName), callName(call)].join(', ')}]`;
      totals.set(key, (totals.get(key) ?? 0) + call.count);
    }
  }
  return [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, count]) => `${key}: ${String(count)}`);
}

const whereTexts = {
  inline: ' in the measured window itself',
  separate: ' in a traced window after the measured one',
} as const;

function spanText({ window }: SystemCalls): string[] {
  return window === null ? [] : [formatSpan(Math.round((window.endNs - window.startNs) / 1e6) * 1e6)];
}

function countedText(calls: SystemCalls): string {
  const where = calls.mode === null ? '' : whereTexts[calls.mode];
  const work = [
    ...spanText(calls),
    ...(calls.messages === null ? [] : [`${formatCount(calls.messages)} round trips`]),
    ...(calls.bytes === null ? [] : [`${formatCount(calls.bytes)} payload bytes`]),
    ...(calls.onlyCalls === null ? [] : [`only calls of ${markdownText(calls.onlyCalls.join(', '))}`]),
  ];
  const reason = calls.sourceReason === null ? '' : ` (${markdownText(calls.sourceReason)})`;
  return `Counted by ${calls.source}${reason}${where}${work.length === 0 ? '' : `: ${work.join(', ')}`}.`;
}

function callSection(measurement: Measurement): string[] {
  const { systemCalls, notMeasured } = measurement;
  if (systemCalls === null) {
    return ['### Syscalls', `Not measured: ${markdownText(notMeasured.systemCalls ?? 'no reason was recorded')}.`];
  }
  const totals = totalLines(systemCalls);
  return ['### Syscalls', ...(totals.length === 0 ? [] : [fenced(totals)]), '', countedText(systemCalls)];
}

function voidLines({ findings }: Measurement): string[] {
  return findings
    .filter((finding) => finding.level === 'void')
    .flatMap(({ audit, message }) => [`> **Void** (${markdownText(audit)}): ${markdownText(message)}`, '']);
}

/** What the tools said, as they print it; what they would never print so is listed. */
function saidLines(measurement: Measurement): string[] {
  const { lines, listed } = printedText(measurement.spec, measurement);
  return [...listed.map((row) => `- ${markdownText(row)}`), ...(lines.length === 0 ? [] : [fenced(lines)])];
}

/** The heading of a measurement. The appendix has it too: there by its text the exact figures are found. */
export function measurementHeading(run: Run, one: MeasurementInTrial): string {
  const sentence = workloadSentence(one.trial.configuration.topology, one.measurement.spec);
  return `## ${sentence}${markdownText(distinction(run, one))}`;
}

function findingSection(measurement: Measurement): string[] {
  const lines = ownFindings(measurement);
  return lines.length === 0 ? [] : ['', '### Findings', '', ...lines];
}

/** One measurement in the lab note's layout: heading, commands, what the tool said, system calls; of several boots, all below the heading is folded away. */
export function measurementSection(run: Run, one: MeasurementInTrial): string {
  const { measurement } = one;
  const isOneBoot = run.experiment.boots === 1;
  const commands = commandLines(measurement);
  const body = [
    ...(commands.length === 0 ? [] : [fenced(commands, 'bash')]),
    ...saidLines(measurement),
    ...searchSection(measurement),
    '',
    ...callSection(measurement),
    ...exitSection(measurement),
    ...counterSection(measurement),
    ...(isOneBoot ? [] : findingSection(measurement)),
  ].join('\n');
  return [
    measurementHeading(run, one),
    ...voidLines(measurement),
    isOneBoot ? body : folded('Commands, output and system calls', body),
  ].join('\n');
}

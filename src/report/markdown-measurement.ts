import type { Measurement } from '../record/measurement.ts';
import type { SystemCalls } from '../record/probe-readings.ts';
import type { Run } from '../record/run.ts';
import { callName } from './call-rates.ts';
import { exactLine } from './exact-line.ts';
import type { MeasurementInTrial } from './figures.ts';
import { iperf3Table } from './iperf3-table.ts';
import { fenced, markdownCode, markdownText, shellLine } from './markdown-escape.ts';
import { sockperfText } from './sockperf-text.ts';
import { formatCount, formatSpan } from './units.ts';
import { workloadSentence } from './workload-sentence.ts';

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
  return [commands.server, commands.client].flatMap(({ endpoint, argv }) => [`# ${place(endpoint)}`, shellLine(argv)]);
}

/** The calls of a reading as bpftrace prints the lab note's map, threads of one name summed, in the order of names. */
function totalLines({ threads }: SystemCalls): string[] {
  const totals = new Map<string, number>();
  for (const thread of threads) {
    for (const call of thread.calls) {
      const key = `@total[${thread.name}, ${callName(call)}]`;
      totals.set(key, (totals.get(key) ?? 0) + call.count);
    }
  }
  return [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, count]) => `${key}: ${String(count)}`);
}

function countedText(calls: SystemCalls): string {
  const span = formatSpan(Math.round((calls.window.endNs - calls.window.startNs) / 1e6) * 1e6);
  const where = calls.mode === 'inline' ? 'in the measured window itself' : 'in a traced window after the measured one';
  const work = [
    ...(calls.messages === null ? [] : [`${formatCount(calls.messages)} round trips`]),
    ...(calls.bytes === null ? [] : [`${formatCount(calls.bytes)} payload bytes`]),
  ];
  const reason = calls.sourceReason === null ? '' : ` (${markdownText(calls.sourceReason)})`;
  return `Counted by ${calls.source}${reason} ${where}: ${[span, ...work].join(', ')}.`;
}

function callSection(measurement: Measurement): string[] {
  const { systemCalls, notMeasured } = measurement;
  if (systemCalls === null) {
    return ['### Syscalls', `Not measured: ${markdownText(notMeasured.systemCalls ?? 'no reason was recorded')}.`];
  }
  return ['### Syscalls', fenced(totalLines(systemCalls)), '', countedText(systemCalls)];
}

function voidLines({ findings }: Measurement): string[] {
  return findings
    .filter((finding) => finding.level === 'void')
    .flatMap(({ audit, message }) => [`> **Void** (${markdownText(audit)}): ${markdownText(message)}`, '']);
}

/** One measurement in the lab note's layout: heading, commands, what the tool said, system calls. */
export function measurementSection(run: Run, one: MeasurementInTrial): string {
  const { measurement } = one;
  const { throughput, latency } = measurement;
  const said = [
    ...(throughput === null ? [] : iperf3Table(throughput)),
    ...(latency === null ? [] : sockperfText(latency)),
  ];
  return [
    `## ${workloadSentence(one.trial.configuration.topology, measurement.spec)}${markdownText(distinction(run, one))}`,
    ...voidLines(measurement),
    fenced(commandLines(measurement), 'bash'),
    ...(said.length === 0 ? [] : [fenced(said), '', `Exact: ${markdownCode(exactLine(measurement))}`, '']),
    ...callSection(measurement),
  ].join('\n');
}

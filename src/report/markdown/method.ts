import { withoutCeilings } from '../../record/ceiling.ts';
import type { RecordedConfiguration, RecordedExperiment } from '../../record/recorded-experiment.ts';
import type { Run } from '../../record/run.ts';
import { loadsBeside } from '../../record/windows.ts';
import { remarkOf } from '../../workload/questions.ts';
import { configurationText, windowText } from '../measurement/describe.ts';
import { formatSpan } from '../text/units.ts';
import { markdownCode, markdownText, shellLine } from './escape.ts';
import { type Fact, factList } from './fact-list.ts';

const traceTexts = {
  separate:
    'the measured window is not traced; a short traced window of the same workload follows in the same boot, and system calls are counted there',
  inline: 'the measured window itself is traced: its figures carry the cost of tracing',
  off: 'no system calls are counted',
  'lab-note': 'the measured window is traced by the script of a lab note: its figures carry the cost of that',
} as const;

/** The workloads once where all configurations have the same, else by configuration. */
function workloadFacts(configurations: readonly RecordedConfiguration[]): Fact[] {
  const factsOf = (one: RecordedConfiguration, of: string): Fact[] =>
    one.workloads.map((spec) => {
      const how = windowText(spec, loadsBeside(one, spec.name));
      return [`workload ${markdownText(spec.name)}${of}`, `${spec.kind}, ${how}`];
    });
  const [first] = configurations;
  if (first === undefined) return [];
  const isOne = configurations.every(
    ({ workloads, together }) =>
      JSON.stringify([workloads, together]) === JSON.stringify([first.workloads, first.together]),
  );
  return isOne ? factsOf(first, '') : configurations.flatMap((one) => factsOf(one, ` of ${markdownText(one.name)}`));
}

function traceText({ trace }: RecordedConfiguration): string {
  if (trace === null) return 'the note does not say';
  const { mode, timing, durationNs } = trace;
  const length = mode === 'separate' ? ` (${formatSpan(durationNs)})` : '';
  return `${mode}${length}: ${traceTexts[mode]}${timing ? '; with the time of each call' : ''}`;
}

function bootsText({ boots, seed }: RecordedExperiment, isNote: boolean): string {
  if (isNote) return 'the note does not say how often it was repeated';
  return `${String(boots)} of each configuration, in blocks, order drawn with seed ${String(seed)}`;
}

/** What the tools' own figures of latency are; nothing where none of them has one. */
function latencyFacts({ configurations }: RecordedExperiment): Fact[] {
  const remarks = configurations.flatMap(({ workloads }) => workloads.map(remarkOf)).filter((text) => text !== null);
  return remarks.length === 0 ? [] : [['latency', [...new Set(remarks)].join('; ')]];
}

/** How tapbench measures; a lab note says nothing of that. */
function instrumentFacts({ host, source, experiment }: Run): Fact[] {
  if (source.kind === 'lab-note') return [];
  return [
    ['windows', 'from just before the client starts to just after it ends; all counters are read at these two moments'],
    ...latencyFacts(experiment),
    ['gigabyte', '1e9 payload bytes'],
    ['system calls', 'those that do work; waits and KVM_RUN are counted apart'],
    [
      'tapbench',
      host === null
        ? null
        : `${host.tapbench.version}, node ${host.tapbench.node}, commit ${host.tapbench.commit ?? 'unknown'}`,
    ],
  ];
}

/** Once where all configurations are traced alike, else by configuration. */
function traceFacts(configurations: readonly RecordedConfiguration[]): Fact[] {
  const texts = configurations.map(traceText);
  const [first] = texts;
  if (first !== undefined && texts.every((text) => text === first)) return [['tracing', first]];
  return configurations.map((one) => [`tracing of ${markdownText(one.name)}`, traceText(one)]);
}

/** `# Method`: what was measured, and how to measure it again. */
export function methodSection(run: Run): string {
  const { experiment, command, source } = run;
  const configurations = experiment.configurations.map((configuration): Fact => {
    const trials = run.trials.filter((trial) => trial.configuration.name === configuration.name);
    return [`configuration ${markdownText(configuration.name)}`, configurationText(configuration, trials)];
  });
  const facts = factList([
    ['run', `${run.runId}, started ${run.startedAt}, ${run.status}`],
    ['boots', bootsText(experiment, source.kind === 'lab-note')],
    ...configurations,
    ...traceFacts(withoutCeilings(experiment.configurations)),
    ...workloadFacts(experiment.configurations),
    ...instrumentFacts(run),
  ]);
  const again = source.kind === 'lab-note' ? '' : ' To do it again from this file: `tapbench reproduce report.md`.';
  return ['# Method', `Made with: ${markdownCode(shellLine(command))}.${again}`, facts].join('\n\n');
}

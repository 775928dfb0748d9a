import type { Configuration, Experiment } from '../record/experiment.ts';
import type { PlannedTrial } from '../record/run.ts';
import { virtualCpus } from '../record/topology.ts';
import { configurationText, workloadText } from './measurement/describe.ts';
import { paint as paintOf } from './text/paint.ts';
import { printable } from './text/printable.ts';
import { tableLines, widthOf, wrapped } from './text/table.ts';
import { formatSpan } from './text/units.ts';

/** An experiment with its trials and the times that they will take. */
export interface PlanToShow {
  readonly experiment: Experiment;
  readonly trials: readonly PlannedTrial[];
  /** By the name of the configuration. */
  readonly trialTimesNs: Readonly<Record<string, number>>;
  readonly runTimeNs: number;
}

export interface PlanLook {
  readonly columns: number;
  readonly isColor: boolean;
  /** Of this machine: where guests have more, the plan says so. */
  readonly cpus: number;
}

const minuteNs = 60e9;

/** An estimate no more exact than it is: `35 s`, `12 min`, `3 h 20 min`. */
export function formatEstimate(ns: number): string {
  if (ns < 2 * minuteNs) return `${String(Math.max(1, Math.round(ns / 1e9)))} s`;
  const minutes = Math.round(ns / minuteNs);
  if (minutes < 120) return `${String(minutes)} min`;
  const rest = minutes % 60;
  return `${String(Math.floor(minutes / 60))} h${rest === 0 ? '' : ` ${String(rest)} min`}`;
}

function plural(count: number, word: string): string {
  return `${String(count)} ${word}${count === 1 ? '' : 's'}`;
}

/** What a workload is, and which configurations are without it; those in which it differs are told by the factors. */
function workloadPlanText(configurations: readonly Configuration[], name: string): string {
  const specs = configurations.map(({ workloads }) => workloads.find((each) => each.name === name));
  const texts = new Set(specs.flatMap((spec) => (spec === undefined ? [] : `${spec.kind} ${workloadText(spec)}`)));
  const [text = 'differs'] = texts.size === 1 ? texts : [];
  const without = configurations.filter((_, index) => specs[index] === undefined).map((each) => each.name);
  return without.length === 0 ? text : `${text}; not in ${without.map(printable).join(', ')}`;
}

/** One entry for each workload. */
function workloadLines(configurations: readonly Configuration[], columns: number): string[] {
  const names = [...new Set(configurations.flatMap(({ workloads }) => workloads.map(({ name }) => name)))];
  const widest = Math.max(...names.map((name) => widthOf(printable(name))));
  return names.flatMap((name) => {
    const shown = printable(name);
    const first = `  ${shown}${' '.repeat(widest - widthOf(shown))}  `;
    const words = workloadPlanText(configurations, name).split(' ');
    return wrapped(words, columns, { first, rest: ' '.repeat(widest + 6) });
  });
}

/** Of a value in the table, such as a list of workloads. */
const valueCharacters = 32;

function valueText(text: string): string {
  return printable(text.length > valueCharacters ? `${text.slice(0, valueCharacters - 3)}...` : text);
}

/** The configurations with what distinguishes them. */
function configurationLines({ experiment, trialTimesNs }: PlanToShow, faint: (text: string) => string): string[] {
  const { configurations } = experiment;
  const paths = [...new Set(configurations.flatMap(({ factors }) => Object.keys(factors)))];
  const header = ['CONFIGURATION', 'A TRIAL', ...paths.map(printable)].map(faint);
  const rows = configurations.map(({ name, factors }) => [
    printable(name),
    formatEstimate(trialTimesNs[name] ?? 0),
    ...paths.map((path) => valueText(Object.hasOwn(factors, path) ? (factors[path] ?? '') : '')),
  ]);
  return tableLines([header, ...rows], ['left', 'right']);
}

/** Configurations whose guests have more virtual CPUs than this machine has CPUs. */
function crowdLines({ experiment }: PlanToShow, cpus: number): string[] {
  return experiment.configurations.flatMap((configuration) => {
    const virtual = virtualCpus(configuration);
    if (virtual <= cpus) return [];
    return [
      `${printable(configuration.name)}: ${plural(virtual, 'virtual CPU')} on the ${String(cpus)} of this machine: they wait for each other`,
    ];
  });
}

function blockLines({ trials }: PlanToShow, columns: number): string[] {
  const blocks = new Map<number, string[]>();
  for (const { block, configuration } of trials) {
    blocks.set(block, [...(blocks.get(block) ?? []), printable(configuration)]);
  }
  const digits = String(blocks.size).length;
  return [...blocks].flatMap(([block, names]) => {
    const first = `  ${String(block).padStart(digits)}  `;
    return wrapped(names, columns, { first, rest: ' '.repeat(first.length) });
  });
}

function orderLine({ order, seed, boots, configurations }: Experiment): string {
  if (order !== 'shuffled') return `Trials by block, order ${order}`;
  const isSame = boots === 1 || configurations.length === 1;
  return `Trials by block, shuffled with seed ${String(seed)}${isSame ? '' : ` (--seed ${String(seed)} gives this order again)`}`;
}

/** What a run would do, for people. Ends in a newline. */
export function planReport(plan: PlanToShow, { columns, isColor, cpus }: PlanLook): string {
  const { experiment, trials, runTimeNs } = plan;
  const { configurations, boots, budgetNs } = experiment;
  const paint = paintOf(isColor);
  const budget = budgetNs === null ? '' : `; the budget is ${formatSpan(budgetNs)}`;
  const [first] = configurations;
  const count = `${plural(configurations.length, 'configuration')}, ${plural(boots, 'boot')} of each: ${plural(trials.length, 'trial')}`;
  return `${[
    `${paint.strong(printable(experiment.name))}  ${printable(experiment.description)}`.trimEnd(),
    `${count}, about ${formatEstimate(runTimeNs)}${budget}`,
    '',
    'Workloads',
    ...workloadLines(configurations, columns),
    '',
    ...configurationLines(plan, paint.faint),
    ...(configurations.length === 1 && first !== undefined ? [`  ${configurationText(first, [])}`] : []),
    ...crowdLines(plan, cpus),
    '',
    orderLine(experiment),
    ...blockLines(plan, columns),
  ].join('\n')}\n`;
}

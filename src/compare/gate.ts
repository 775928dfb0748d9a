import type { MetricDefinition } from '../derive/metrics.ts';
import { TapbenchError } from '../record/error.ts';
import { knownMetric } from './known-metric.ts';
import { shareOf } from './share.ts';

/**
 * A workload that nobody has is a slip of the pen, which no number of boots mends.
 * @param workloads names of all that were, or are to be, measured
 * @throws TapbenchError `USAGE`
 */
export function checkGateWorkloads(gates: readonly Gate[], workloads: readonly string[]): void {
  for (const { text, workload } of gates) {
    if (workload === null || workloads.includes(workload)) continue;
    throw new TapbenchError('USAGE', `--gate ${text}: there is no workload ${JSON.stringify(workload)}`, {
      hint: `There is: ${[...new Set(workloads)].join(', ')}`,
    });
  }
}

/** What a metric must hold to. */
export interface Gate {
  /** As the user wrote it. */
  readonly text: string;
  /** null: every workload that has the metric. */
  readonly workload: string | null;
  readonly metric: MetricDefinition;
  readonly is: 'at-most' | 'at-least';
  /** `change`: a limit on candidate / baseline, as a ratio; `value`: on the candidate itself, in the metric's unit. */
  readonly of: 'change' | 'value';
  readonly limit: number;
  /** The user's unit of a limit on the value: its factor to the metric's own. */
  readonly unit: { readonly name: string; readonly factor: number };
}

const noUnit: Gate['unit'] = { name: '', factor: 1 };

type Unit = MetricDefinition['unit'];

/** Factors to the base unit of the record. */
const factors: Readonly<Record<Unit, Readonly<Record<string, number>>>> = {
  B: { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 },
  ns: { ns: 1, us: 1e3, ms: 1e6, s: 1e9 },
  'bit/s': { 'bit/s': 1, 'kbit/s': 1e3, 'Mbit/s': 1e6, 'Gbit/s': 1e9, 'Tbit/s': 1e12 },
  '1': { '': 1 },
};

const wanted =
  'must be [WORKLOAD:]METRIC<=LIMIT or >=LIMIT, as latency.p99<=+5%, throughput>=-3% or latency.p99<=120us';

function wrong(text: string, why: string): TapbenchError {
  return new TapbenchError('USAGE', `--gate ${text}: ${why}`);
}

type Limit = Pick<Gate, 'of' | 'limit' | 'unit'>;

/** `120us` in the metric's base unit. */
function valueOf(text: string, limit: string, { name, unit }: MetricDefinition): Limit {
  const match = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*(\S*)$/.exec(limit);
  const number = Number(match?.[1]);
  if (match === null || !Number.isFinite(number))
    throw wrong(text, `${JSON.stringify(limit)} is no limit; it ${wanted}`);
  const factor = factors[unit][match[2] ?? ''];
  if (factor !== undefined) return { of: 'value', limit: number * factor, unit: { name: match[2] ?? '', factor } };
  const units = Object.keys(factors[unit]).join(', ');
  if (unit === '1') throw wrong(text, `${name} has no unit: write the number alone`);
  throw wrong(text, `${name} is a ${unit === 'ns' ? 'time' : 'rate'}: the limit needs one of ${units}`);
}

/** `+5%` is a change; of a share, `5%` without a sign is the share itself. */
function limitOf(text: string, limit: string, metric: MetricDefinition): Limit {
  const share = shareOf(limit);
  if (share === null) return valueOf(text, limit, metric);
  if (/^[+-]/.test(limit)) {
    if (share <= -1) throw wrong(text, 'nothing can fall by 100 % or more');
    return { of: 'change', limit: 1 + share, unit: noUnit };
  }
  if (metric.name.endsWith('Share')) return { of: 'value', limit: share, unit: { name: '%', factor: 0.01 } };
  throw wrong(text, `a change needs its sign: ${text.replace(limit, `+${limit}`)}`);
}

/**
 * Reads one argument of `--gate`.
 * @throws TapbenchError `USAGE`
 */
export function readGate(text: string): Gate {
  const match = /^\s*(?:([^<>=]+):)?\s*([^<>=:]+?)\s*(<=|>=)\s*([^<>=]+?)\s*$/.exec(text);
  const [, workload, name, operator, limit] = match ?? [];
  if (name === undefined || operator === undefined || limit === undefined) throw wrong(text, wanted);
  const metric = knownMetric(name, `--gate ${text}`);
  const is = operator === '<=' ? 'at-most' : 'at-least';
  return { text, workload: workload?.trim() ?? null, metric, is, ...limitOf(text, limit, metric) };
}

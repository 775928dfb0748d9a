import type { ComparedPair, Estimate, GateResult, MetricComparison } from '../record/comparison.ts';
import type { Gate } from './gate.ts';

interface Range {
  readonly low: number;
  readonly high: number;
}

type Judgement = Pick<GateResult, 'status' | 'reason'>;

/** Digits in which a range is told: as many as tell it from its limit in all but the closest cases. */
const digits = 4;

/** From this many boots their range is a distribution-free 95 % interval of the median: 1 - 2 / 2^6 is 0.97, with 5 it is 0.94. */
const rangeFrom = 6;

/** Whether every one of enough boots gave the same: then that figure is its own interval. */
function isConstant(row: MetricComparison, side: Estimate | null): boolean {
  return side !== null && side.interval === null && side.boots >= rangeFrom && row.flags.includes('zero-variance');
}

function exactly(value: number | null): Range | null {
  return value === null ? null : { low: value, high: value };
}

/** The range that a gate's limit is held against; null where there is none. */
function rangeOf(gate: Gate, row: MetricComparison): Range | null {
  const isExact = isConstant(row, row.candidate);
  if (gate.of === 'value') return row.candidate?.interval ?? (isExact ? exactly(row.candidate?.value ?? null) : null);
  return row.ratioInterval ?? (isExact && isConstant(row, row.baseline) ? exactly(row.ratio) : null);
}

function valueText(value: number, gate: Gate): string {
  if (gate.of === 'change') {
    const percent = Number(((value - 1) * 100).toPrecision(digits));
    return `${percent < 0 ? '' : '+'}${String(percent)} %`;
  }
  const { name, factor } = gate.unit;
  return `${String(Number((value / factor).toPrecision(digits)))}${name === '' ? '' : ` ${name}`}`;
}

function rangeText({ low, high }: Range, gate: Gate): string {
  if (low === high) return `every boot gives ${valueText(low, gate)}`;
  return `the 95 % interval is ${valueText(low, gate)} to ${valueText(high, gate)}`;
}

/** Passes only if the far end of the interval does, fails only if the near end does. */
function judged(range: Range, gate: Gate): Judgement {
  const isAtMost = gate.is === 'at-most';
  const passes = (value: number) => (isAtMost ? value <= gate.limit : value >= gate.limit);
  const [near, far] = isAtMost ? [range.low, range.high] : [range.high, range.low];
  const text = rangeText(range, gate);
  if (passes(far)) return { status: 'pass', reason: `${text}, within the limit` };
  if (!passes(near)) return { status: 'fail', reason: `${text}, beyond the limit` };
  return { status: 'cannot-tell', reason: `${text}: the limit lies inside it` };
}

function resultOf(gate: Gate, row: MetricComparison): Judgement {
  const range = rangeOf(gate, row);
  if (range === null) return { status: 'cannot-tell', reason: `there is no interval: ${row.reason}` };
  const judgement = judged(range, gate);
  const { bootsThatWouldDo } = row;
  if (judgement.status !== 'cannot-tell' || bootsThatWouldDo === null) return judgement;
  return {
    ...judgement,
    reason: `${judgement.reason}; about ${String(bootsThatWouldDo)} boots on each side would decide it`,
  };
}

function ofPair(gate: Gate, { candidate, metrics }: ComparedPair): GateResult[] {
  const rows = metrics.filter(
    (row) => row.metric === gate.metric.name && (gate.workload === null || row.workload === gate.workload),
  );
  const shared = { gate: gate.text, candidate: candidate.label };
  if (rows.length > 0) return rows.map((row) => ({ ...shared, workload: row.workload, ...resultOf(gate, row) }));
  const reason =
    gate.workload === null
      ? `no workload of both sides has ${gate.metric.name}`
      : `${gate.workload} of both sides has no ${gate.metric.name}`;
  return [{ ...shared, workload: null, status: 'cannot-tell', reason }];
}

/** Each gate against each candidate, in each workload that has its metric. */
export function gateResults(gates: readonly Gate[], pairs: readonly ComparedPair[]): GateResult[] {
  return gates.flatMap((gate) => pairs.flatMap((pair) => ofPair(gate, pair)));
}

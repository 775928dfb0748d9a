import { metricNamed, usableValue } from '../derive/metrics.ts';
import type { Measurement } from '../record/measurement.ts';
import type { VmmMemory } from '../record/probe-readings.ts';
import type { Run } from '../record/run.ts';
import type { Throughput } from '../record/throughput.ts';
import { callName, threadName } from './measurement/call-rates.ts';
import { type Concern, isVoid } from './measurement/figures.ts';
import { csvText as text } from './text/csv-field.ts';

interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly value: number | null;
  /** The figure that it is part of; null: no audit speaks of it. */
  readonly concern: Concern | null;
}

const header = ['run', 'trial', 'configuration', 'boot', 'workload', 'metric', 'unit', 'value', 'usable', 'findings'];

/** Of both ways at once what each of them carried. */
function wayMetrics(
  { ways }: Throughput,
  metric: (name: string, unit: string, value: number | null) => Metric,
): Metric[] {
  return Object.entries(ways ?? {}).flatMap(([way, one]) => [
    metric(`ways.${way}.bitsPerSecond`, 'bit/s', one.bitsPerSecond),
    metric(`ways.${way}.sentDatagrams`, '1', one.sentDatagrams ?? null),
    metric(`ways.${way}.lostDatagrams`, '1', one.lostDatagrams),
    metric(`ways.${way}.jitterNs`, 'ns', one.jitterNs ?? null),
  ]);
}

function throughputMetrics({ throughput }: Measurement): Metric[] {
  if (throughput === null) return [];
  const metric = (name: string, unit: string, value: number | null): Metric => ({
    name: `throughput.${name}`,
    unit,
    value,
    concern: 'throughput',
  });
  return [
    metric('bitsPerSecond', 'bit/s', throughput.bitsPerSecond),
    metric('bytes', 'B', throughput.bytes),
    metric('sentBytes', 'B', throughput.sentBytes),
    metric('durationNs', 'ns', throughput.durationNs),
    metric('retransmits', '1', throughput.retransmits),
    metric('datagrams.sent', '1', throughput.datagrams?.sent ?? null),
    metric('datagrams.lost', '1', throughput.datagrams?.lost ?? null),
    ...wayMetrics(throughput, metric),
    metric('datagrams.jitterNs', 'ns', throughput.datagrams?.jitterNs ?? null),
    ...throughput.streams.map(({ id, bitsPerSecond }) =>
      metric(`stream[${String(id)}].bitsPerSecond`, 'bit/s', bitsPerSecond),
    ),
  ];
}

function latencyMetrics({ latency }: Measurement): Metric[] {
  if (latency === null) return [];
  const counts = Object.entries({
    messages: latency.messages,
    sentMessages: latency.sentMessages,
    receivedMessages: latency.receivedMessages,
    droppedMessages: latency.droppedMessages,
    duplicatedMessages: latency.duplicatedMessages,
    outOfOrderMessages: latency.outOfOrderMessages,
  });
  const outcomes = Object.entries(latency.requests ?? {});
  return [
    ...counts.map(([name, value]): Metric => ({ name: `latency.${name}`, unit: '1', value, concern: 'latency' })),
    ...outcomes.map(
      ([name, value]): Metric => ({
        name: `latency.requests.${name}`,
        unit: name === 'replyBytes' ? 'B' : '1',
        value,
        concern: 'latency',
      }),
    ),
    ...Object.entries(latency.halfRoundTripNs).map(
      ([name, value]): Metric => ({ name: `latency.halfRoundTripNs.${name}`, unit: 'ns', value, concern: 'latency' }),
    ),
  ];
}

/** KVM's exits and accesses. */
function exitMetrics({ kvmExits }: Measurement): Metric[] {
  if (kvmExits === null) return [];
  const metric = (name: string, value: number): Metric => ({ name, unit: '1', value, concern: 'cost' });
  return [
    ...kvmExits.threads.flatMap(({ tid, name, exits, userspaceExits }) => [
      ...exits.map(({ reason, count }) => metric(`exits[${String(tid)} ${name}, ${reason}]`, count)),
      ...userspaceExits.map(({ reason, count }) => metric(`userspaceExits[${String(tid)} ${name}, ${reason}]`, count)),
    ]),
    ...kvmExits.accesses.map(({ kind, device, count }) => metric(`accesses[${kind} ${device}]`, count)),
  ];
}

/** Whether a figure may be used: a cost may not where what it is made of is void. */
function isFigureUsable(measurement: Measurement, { name, concern }: Metric): boolean {
  const metric = concern === 'cost' ? metricNamed(name) : null;
  if (metric !== null) return usableValue(measurement, metric) !== null;
  return concern === null || !isVoid(measurement, concern);
}

/** The unit that the name of a cost carries. */
function costUnit(name: string): string {
  if (name.startsWith('bitsPerSecond')) return 'bit/s';
  return name.includes('Ns') ? 'ns' : '1';
}

function costMetrics({ cost, observerEffect }: Measurement): Metric[] {
  return [
    ...Object.entries(cost).flatMap(([name, value]): Metric[] =>
      typeof value === 'number' ? [{ name: `cost.${name}`, unit: costUnit(name), value, concern: 'cost' }] : [],
    ),
    { name: 'observerEffect.ratio', unit: '1', value: observerEffect?.ratio ?? null, concern: null },
  ];
}

function threadMetrics({ threads, systemCalls }: Measurement): Metric[] {
  const times = threads.flatMap(({ tid, name, runNs, waitNs, userNs, systemNs }) =>
    Object.entries({ runNs, waitNs, userNs, systemNs }).map(
      ([key, value]): Metric => ({ name: `thread[${String(tid)} ${name}].${key}`, unit: 'ns', value, concern: null }),
    ),
  );
  const calls = (systemCalls?.threads ?? []).flatMap(({ calls: made, ...thread }) =>
    made.map(
      (call): Metric => ({
        name: `calls[${thread.tid === null ? '' : `${String(thread.tid)} `}${threadName(thread)}, ${callName(call)}]`,
        unit: '1',
        value: call.count,
        concern: 'systemCalls',
      }),
    ),
  );
  return [...times, ...calls];
}

/** What a search before the window found, and its steps. */
function searchMetrics({ search }: Measurement): Metric[] {
  if (search === undefined) return [];
  const metric = (name: string, unit: string, value: number | null): Metric => ({
    name: `search.${name}`,
    unit,
    value,
    concern: 'throughput',
  });
  return [
    metric('highestBitsPerSecond', 'bit/s', search.highestBitsPerSecond),
    metric('failedBitsPerSecond', 'bit/s', search.failedBitsPerSecond),
    ...search.steps.flatMap((step, index) => [
      metric(`step[${String(index + 1)}].targetBitsPerSecond`, 'bit/s', step.targetBitsPerSecond),
      metric(`step[${String(index + 1)}].bitsPerSecond`, 'bit/s', step.bitsPerSecond),
      metric(`step[${String(index + 1)}].datagramsPerSecond`, '1', step.datagramsPerSecond),
      metric(`step[${String(index + 1)}].lostShare`, '1', step.lostShare),
    ]),
  ];
}

/** Of several flows each by itself, and how they stand to each other. */
function flowMetrics({ flows = [], together }: Measurement): Metric[] {
  if (together === undefined) return [];
  const each = flows.flatMap(({ name, throughput, latency }) => {
    const ofFlow = `flow[${name}]`;
    const rate: Metric = {
      name: `${ofFlow}.throughput.bitsPerSecond`,
      unit: 'bit/s',
      value: throughput?.bitsPerSecond ?? null,
      concern: 'throughput',
    };
    const times = (['mean', 'p50', 'p99', 'max'] as const).map(
      (key): Metric => ({
        name: `${ofFlow}.latency.halfRoundTripNs.${key}`,
        unit: 'ns',
        value: latency?.halfRoundTripNs[key] ?? null,
        concern: 'latency',
      }),
    );
    return [rate, ...times];
  });
  return [...each, { name: 'together.fairness', unit: '1', value: together.fairness, concern: null }];
}

/** Of one VMM; of several each by itself, too. */
function memoryMetrics({ vmmMemory, machines = [] }: Measurement): Metric[] {
  const metricsOf = (prefix: string, memory: VmmMemory | null | undefined): Metric[] =>
    Object.entries(memory ?? {}).map(([key, value]) => ({
      name: `${prefix}vmmMemory.${key}`,
      unit: 'B',
      value,
      concern: null,
    }));
  return [
    ...metricsOf('', vmmMemory),
    ...machines.flatMap((machine) => metricsOf(`machine[${machine.name}].`, machine.vmmMemory)),
  ];
}

function linkMetrics({ link }: Measurement): Metric[] {
  if (link === null) return [];
  return (['fromGuest', 'toGuest'] as const).flatMap((direction) =>
    Object.entries(link[direction]).map(
      ([key, value]): Metric => ({
        name: `link.${direction}.${key}`,
        unit: key === 'bytes' ? 'B' : '1',
        value,
        concern: null,
      }),
    ),
  );
}

/** Figures as so many times those of the ceiling in the same block, by trial and workload. */
function ceilingMetrics({ ceilingShares = [] }: Run): Map<string, Metric[]> {
  const found = new Map<string, Metric[]>();
  for (const { workload, metric, ratios } of ceilingShares) {
    const concern = metric.startsWith('latency.') ? 'latency' : 'throughput';
    for (const { trialId, ratio } of ratios) {
      const key = JSON.stringify([trialId, workload]);
      const own = found.get(key) ?? [];
      own.push({ name: `ofCeiling.${metric}`, unit: '1', value: ratio, concern });
      found.set(key, own);
    }
  }
  return found;
}

/** Every figure in long form, one a line, with whether it may be used and what was found about it (`level:audit`, separated by spaces). Lines end in CRLF (RFC 4180). What was not measured has no line. */
export function csvReport(run: Run): string {
  const ofCeilings = ceilingMetrics(run);
  const lines = run.trials.flatMap((trial) =>
    trial.measurements.flatMap((measurement) => {
      const place = [run.runId, trial.trialId, trial.configuration.name, String(trial.boot), measurement.workload].map(
        text,
      );
      const metrics = [
        throughputMetrics,
        searchMetrics,
        latencyMetrics,
        flowMetrics,
        costMetrics,
        threadMetrics,
        exitMetrics,
        linkMetrics,
        memoryMetrics,
      ].flatMap((of) => of(measurement));
      const ofCeiling = ofCeilings.get(JSON.stringify([trial.trialId, measurement.workload])) ?? [];
      return [...metrics, ...ofCeiling].flatMap((metric) => {
        const { name, unit, value, concern } = metric;
        if (value === null) return [];
        const isUsable = isFigureUsable(measurement, metric);
        const findings = measurement.findings
          .filter(({ concerns }) => concerns.includes('all') || (concern !== null && concerns.includes(concern)))
          .map(({ level, audit }) => `${level}:${audit}`);
        return [
          [...place, text(name), unit, String(value), isUsable ? 'yes' : 'no', text(findings.join(' '))].join(','),
        ];
      });
    }),
  );
  return [header.join(','), ...lines, ''].join('\r\n');
}

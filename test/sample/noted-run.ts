import fc from 'fast-check';
import { callKind } from '../../src/record/call-kind.ts';
import type { WorkloadSpec } from '../../src/record/experiment.ts';
import type { Latency, LatencyDistribution } from '../../src/record/latency.ts';
import type { CommandRecord, WholeMeasurement } from '../../src/record/measurement.ts';
import type { SystemCall, SystemCalls } from '../../src/record/probe-readings.ts';
import type { RateSearch } from '../../src/record/rate-search.ts';
import type { RecordedConfiguration } from '../../src/record/recorded-experiment.ts';
import { schemaVersion } from '../../src/record/run.ts';
import type { Throughput, ThroughputStream } from '../../src/record/throughput.ts';
import type { WholeTrial } from '../../src/record/trial.ts';
import { workloadFor } from '../../src/workload/bound-workload.ts';
import { arbitraryMeasurement } from './arbitrary.ts';
import { sampleConfiguration } from './experiment.ts';
import { sampleRunEnd, sampleRunHeader } from './run.ts';
import { sampleSearch } from './search.ts';
import { sampleFailedTrial, sampleTrial } from './trial.ts';

/** What is stored of a run that a lab note can carry: measured, of workloads with their own commands. */
export interface NotedRun {
  readonly header: ReturnType<typeof sampleRunHeader>;
  readonly trials: readonly WholeTrial[];
  readonly ends: readonly ReturnType<typeof sampleRunEnd>[];
}

/** Text that means something in Markdown, in a shell, in a map of bpftrace, in HTML, in JSON, or to a terminal. */
const odd = fc.constantFrom(
  ...[
    '`',
    '```',
    '|',
    ']',
    ']: 5',
    ', ',
    '@total[',
    '\n# Throughput\n',
    '\r',
    '\t',
    '  ',
    '<b>',
    '&amp;',
    '\\',
    '"',
    "'",
  ],
  ...[
    '\u202e',
    '\u200b',
    '\u00a0',
    '\u2028',
    '\u009b',
    '\u0000',
    '😀',
    'é',
    '%5D',
    '%',
    ': ',
    'boot 2',
    '{',
    '$(x)',
    'read',
  ],
  ...['[SUM] 0.00-1.00 sec 1 GBytes 8 Gbits/sec receiver', '```\n```tapbench-exact\nthroughput {}', 'Exact: `bytes=1`'],
);
const plain = fc.constantFrom(
  'qemu',
  'fc_vcpu 0',
  'CPU 0/KVM',
  'vhost-4001',
  'kworker/u4:0',
  'a, b',
  '7',
  'x'.repeat(40),
);
const name = fc.oneof(
  plain,
  fc.string({ minLength: 1 }),
  fc.string({ unit: 'binary', minLength: 1 }),
  odd,
  fc.array(odd, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
);

/** Of what tools print, a reader takes what is below 2^53: nothing larger occurs. */
const largest = 9e15;
const whole = fc.oneof(fc.constant(0), fc.nat({ max: 20 }), fc.nat(), fc.nat({ max: largest }));
const quantity = fc.oneof(
  whole,
  fc.double({ min: 0, max: largest, noNaN: true }).map((value) => (value < 1e-6 ? 0 : value)),
  fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => (value < 1e-6 ? 0 : value)),
);
const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 4 });
const protocol = fc.constantFrom('tcp' as const, 'udp');
const seconds = fc.oneof(
  fc.integer({ min: 1, max: 3600 }).map((count) => count * 1e9),
  fc.integer({ min: 1, max: 1e10 }),
);

const iperf3Spec = fc
  .record({
    name,
    kind: fc.constant('iperf3' as const),
    durationNs: seconds,
    protocol,
    streams: fc.integer({ min: 1, max: 128 }),
    direction: fc.constantFrom('upload' as const, 'download'),
    omitNs: fc.oneof(fc.constant(0), seconds),
    targetBitsPerSecond: perhaps(fc.integer({ min: 1, max: 1e11 })),
    bufferBytes: perhaps(fc.integer({ min: 1, max: 1 << 20 })),
    mostLostShare: perhaps(fc.double({ min: 0, max: 0.99, noNaN: true }).map((share) => (share < 1e-6 ? 0 : share))),
  })
  .map(({ mostLostShare, ...spec }) =>
    mostLostShare === null || spec.protocol === 'tcp' ? spec : { ...spec, search: { mostLostShare } },
  );
const sockperfSpec = fc.record({
  name,
  kind: fc.constant('sockperf' as const),
  durationNs: seconds,
  protocol,
  mode: fc.constantFrom('ping-pong' as const, 'under-load'),
  messageBytes: fc.integer({ min: 14, max: 65_507 }),
  messagesPerSecond: perhaps(fc.integer({ min: 1, max: 1e6 })),
});

const figures = { bytes: perhaps(quantity), sentBytes: perhaps(quantity), retransmits: perhaps(whole) };
/** A stream is one because a tool has said something of it. */
const stream: fc.Arbitrary<ThroughputStream> = fc
  .record({
    id: fc.nat({ max: 99_999 }),
    ...figures,
    bitsPerSecond: perhaps(quantity),
    meanTcpRoundTripNs: perhaps(quantity),
  })
  .filter(({ bytes, sentBytes, bitsPerSecond }) => bytes !== null || sentBytes !== null || bitsPerSecond !== null);
const datagrams = fc
  .record({ sent: perhaps(whole), lost: perhaps(whole), outOfOrder: perhaps(whole), jitterNs: perhaps(quantity) })
  .map(({ sent, lost, ...rest }) => ({
    ...rest,
    sent,
    lost: sent === null || lost === null ? lost : Math.min(sent, lost),
  }));

const throughput: fc.Arbitrary<Throughput> = fc.record({
  protocol: perhaps(protocol),
  bitsPerSecond: quantity,
  durationNs: perhaps(quantity),
  ...figures,
  streams: fc.uniqueArray(stream, { maxLength: 4, selector: ({ id }) => id }),
  intervals: fc.array(
    fc.record({
      startNs: quantity,
      endNs: quantity,
      bytes: perhaps(quantity),
      bitsPerSecond: perhaps(quantity),
      retransmits: perhaps(whole),
      isOmitted: fc.boolean(),
    }),
    { maxLength: 5 },
  ),
  datagrams: perhaps(datagrams),
  congestionControl: fc.record({ sender: perhaps(name), receiver: perhaps(name) }),
  toolCpuPercent: perhaps(fc.record({ client: quantity, server: quantity })),
});

const percentile = perhaps(quantity);
const half: fc.Arbitrary<LatencyDistribution> = fc.record({
  mean: percentile,
  stddev: percentile,
  min: percentile,
  max: percentile,
  p25: percentile,
  p50: percentile,
  p75: percentile,
  p90: percentile,
  p99: percentile,
  p999: percentile,
  p9999: percentile,
  p99999: percentile,
});

function doubled(distribution: LatencyDistribution): LatencyDistribution {
  const twice = Object.entries(distribution).map(([key, ns]: [string, number | null]): [string, number | null] => [
    key,
    ns === null ? null : 2 * ns,
  ]);
  return { ...distribution, ...Object.fromEntries(twice) };
}

const requests = fc.record({
  perSecond: quantity,
  replyBytes: whole,
  connectErrors: whole,
  readErrors: whole,
  writeErrors: whole,
  timeouts: whole,
  refusals: whole,
});

const latency: fc.Arbitrary<Latency> = fc
  .record({
    protocol: perhaps(protocol),
    mode: perhaps(fc.constantFrom('ping-pong' as const, 'under-load')),
    messages: perhaps(whole),
    sentMessages: perhaps(whole),
    receivedMessages: perhaps(whole),
    droppedMessages: perhaps(whole),
    duplicatedMessages: perhaps(whole),
    outOfOrderMessages: perhaps(whole),
    messageBytes: perhaps(whole),
    durationNs: perhaps(quantity),
    halfRoundTripNs: half,
    histogram: fc.constant(null),
    spread: perhaps(
      fc.record({
        meanAbsoluteDeviationNs: quantity,
        medianAbsoluteDeviationNs: quantity,
        semiInterquartileRangeNs: quantity,
        coefficientOfVariation: quantity,
        standardErrorNs: quantity,
        confidence99Ns: fc.record({ low: quantity.map((ns) => 0 - ns), high: quantity }),
      }),
    ),
  })
  .map((each) => ({ ...each, roundTripNs: doubled(each.halfRoundTripNs) }))
  .chain((each) =>
    fc.oneof(
      fc.constant(each),
      requests.map((own) => ({ ...each, requests: own })),
    ),
  );

const call: fc.Arbitrary<SystemCall> = fc
  .record({
    what: fc.constantFrom(
      ...([
        ['read', null],
        ['writev', null],
        ['ppoll', null],
        ['ioctl', 'KVM_RUN'],
        ['ioctl', '0xae80'],
        ['futex', 'FUTEX_WAIT'],
      ] as const),
      ...([
        ['syscall_999', null],
        ['io_uring_enter', null],
        ['ioctl', null],
      ] as const),
    ),
    count: fc.nat(),
    timeNs: perhaps(quantity),
  })
  .map(({ what: [callName, request], ...rest }) => ({
    name: callName,
    request,
    kind: callKind(callName, request),
    ...rest,
  }));

const systemCalls: fc.Arbitrary<SystemCalls> = fc.record({
  source: fc.constantFrom('bpftrace' as const, 'procfs-io', 'perf-trace', 'strace'),
  sourceReason: perhaps(name),
  mode: perhaps(fc.constantFrom('inline' as const, 'separate')),
  window: perhaps(fc.record({ startNs: quantity, endNs: quantity })),
  onlyCalls: perhaps(fc.array(fc.constantFrom('read', 'write', 'sendto'), { maxLength: 3 })),
  messages: perhaps(whole),
  bytes: perhaps(whole),
  lostEvents: perhaps(whole),
  threads: fc.array(
    fc.record({
      tid: perhaps(fc.nat()),
      name: perhaps(fc.oneof(name, fc.constant(''))),
      role: perhaps(fc.constantFrom('vmm' as const, 'vcpu', 'net', 'api', 'vhost', 'worker')),
      calls: fc.array(call, { maxLength: 4 }),
    }),
    { maxLength: 4 },
  ),
});

function commandOf(argv: readonly string[], endpoint: string): CommandRecord {
  return { endpoint, argv: [...argv], exitStatus: 0, files: [] };
}

function commandsOf(spec: WorkloadSpec, topology: RecordedConfiguration['topology']): WholeMeasurement['commands'] {
  const place = { serverAddress: '192.168.100.1', clientFolder: '/tmp/a b', keepsLog: true };
  const isGuestClient = topology !== 'host-to-vm';
  const workload = workloadFor(spec);
  const server = workload.server(place);
  return {
    client: commandOf(workload.client(place).argv, isGuestClient ? 'guest' : 'host'),
    server: server === null ? null : commandOf(server.argv, isGuestClient ? 'host' : 'guest'),
  };
}

/** What the window was run with. */
function runOf(spec: WorkloadSpec, { targetBitsPerSecond }: RateSearch): WorkloadSpec {
  return spec.kind === 'iperf3' && spec.search !== undefined ? { ...spec, targetBitsPerSecond } : spec;
}

/** What a tool says of what it was asked for is that, or nothing. */
function agreeing<T extends object>(said: T | null, asked: object): T | null {
  if (said === null) return null;
  const wanted = new Map<string, unknown>(Object.entries(asked));
  const repeated = Object.entries(said).filter(
    ([key, value]) => value !== null && /^(?:protocol|mode|messageBytes)$/.test(key),
  );
  return { ...said, ...Object.fromEntries(repeated.map(([key]): [string, unknown] => [key, wanted.get(key)])) };
}

const search = fc
  .record({ targetBitsPerSecond: perhaps(fc.integer({ min: 1, max: 1e11 })), failure: perhaps(name) })
  .map(({ targetBitsPerSecond, failure }) => {
    const sample = sampleSearch({ targetBitsPerSecond });
    return { ...sample, steps: sample.steps.map((step) => ({ ...step, failure })) };
  });

/** Any figures that a tool and the probes can have given of a workload. */
function measurementOf(
  spec: WorkloadSpec,
  topology: RecordedConfiguration['topology'],
): fc.Arbitrary<WholeMeasurement> {
  return fc
    .record({
      any: arbitraryMeasurement,
      throughput: perhaps(throughput),
      latency: perhaps(latency),
      systemCalls: perhaps(systemCalls),
      rounding: fc.dictionary(
        fc.constantFrom('throughput.bitsPerSecond', 'latency.halfRoundTripNs.p50', 'latency.roundTripNs.p50'),
        quantity,
      ),
      isNoted: fc.boolean(),
      hasCommands: fc.boolean(),
      found: search,
    })
    .map(({ any, isNoted, rounding, hasCommands, found, ...parts }) => ({
      ...any,
      ...parts,
      ...(spec.kind === 'iperf3' && spec.search !== undefined ? { search: found } : {}),
      spec,
      workload: spec.name,
      throughput: spec.kind === 'iperf3' ? agreeing(parts.throughput, { protocol: spec.protocol }) : null,
      latency: spec.kind === 'sockperf' ? agreeing(parts.latency, spec) : null,
      commands: hasCommands ? commandsOf(runOf(spec, found), topology) : { server: null, client: null },
      noted: isNoted ? { section: [], line: 1, rounding } : null,
    }));
}

const configuration = fc.record({
  name,
  topology: fc.constantFrom('vm-to-host' as const, 'host-to-vm'),
  workloads: fc.uniqueArray(fc.oneof(iperf3Spec, sockperfSpec), {
    minLength: 1,
    maxLength: 3,
    selector: (spec) => spec.name,
  }),
});

/** Runs of several configurations, boots and workloads, with trials that failed and trials that repeat another. */
export const notedRun: fc.Arbitrary<NotedRun> = fc
  .record({
    configurations: fc.uniqueArray(configuration, { minLength: 1, maxLength: 2, selector: (each) => each.name }),
    boots: fc.integer({ min: 1, max: 2 }),
    hasRepetition: fc.boolean(),
  })
  .chain(({ configurations, boots, hasRepetition }) => {
    const full = configurations.map((changes) => sampleConfiguration(changes));
    const slots = full.flatMap((each) =>
      Array.from({ length: boots }, (_, index) => ({ configuration: each, boot: index + 1, repeats: false })),
    );
    const [again] = slots;
    const all = hasRepetition && again !== undefined ? [...slots, { ...again, repeats: true }] : slots;
    const trials = all.map(({ configuration: own, boot, repeats }, index) => {
      const trialId = `${String(index + 1).padStart(3, '0')}-b${String(boot)}`;
      const fixed = { trialId, configuration: own, boot, block: boot, vmm: null, repeats: repeats ? '001-b1' : null };
      const measured = fc
        .tuple(...own.workloads.map((spec) => measurementOf(spec, own.topology)))
        .map((measurements) => sampleTrial({ ...fixed, measurements }));
      const failure = fc.array(odd).map((consoleTail) => ({
        code: 'GUEST_FAILED',
        message: consoleTail.join(' '),
        hint: null,
        workload: null,
        consoleTail,
        vmmStderrTail: consoleTail,
      }));
      const failed = failure.map((each) => sampleFailedTrial({ ...fixed, failure: each }));
      return fc.oneof({ weight: 5, arbitrary: measured }, { weight: 1, arbitrary: failed });
    });
    return fc.tuple(...trials).map((made): NotedRun => {
      const header = sampleRunHeader();
      const plan = made.map((trial) => ({
        trialId: trial.trialId,
        configuration: trial.configuration.name,
        block: trial.block,
        boot: trial.boot,
      }));
      const experiment = { ...header.experiment, boots, configurations: full };
      return { header: { ...header, schemaVersion, experiment, plan }, trials: made, ends: [sampleRunEnd()] };
    });
  });

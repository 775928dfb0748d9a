import type { WholeMeasurement } from '../../src/record/measurement.ts';
import type { RecordedConfiguration } from '../../src/record/recorded-experiment.ts';
import type { RunEnd, RunHeader } from '../../src/record/run.ts';
import { schemaVersion } from '../../src/record/run.ts';
import type { WholeTrial } from '../../src/record/trial.ts';

const runId = '20250104T120000Z-vm-client-9a0b';
const readAt = '2025-01-04T12:00:00.000Z';
const unsaid = 'the note does not say';

/** What a note says of a guest as client: little. */
export function sampleNotedConfiguration(changes: Partial<RecordedConfiguration> = {}): RecordedConfiguration {
  return {
    name: 'vm-as-client',
    factors: {},
    topology: 'vm-to-host',
    pairs: 1,
    vmm: { kind: 'firecracker', accel: null, binary: null, vcpus: null, memoryBytes: null, options: {} },
    guest: null,
    nic: null,
    trace: null,
    prepare: null,
    workloads: [
      {
        kind: 'iperf',
        name: 'iperf',
        durationNs: 30_000_000_000,
        protocol: 'tcp',
        streams: 1,
        direction: 'upload',
        omitNs: null,
        targetBitsPerSecond: null,
        bufferBytes: null,
      },
    ],
    ...changes,
  };
}

/** A lab note in the store. */
export function sampleNoteHeader(changes: Partial<RunHeader> = {}): RunHeader {
  const configuration = sampleNotedConfiguration();
  return {
    schemaVersion,
    runId,
    startedAt: readAt,
    command: ['tapbench', 'import', 'vm-client.md'],
    source: {
      kind: 'lab-note',
      file: 'vm-client.md',
      sha256: 'c4'.repeat(32),
      lineCount: 40,
      notRecorded: [31],
      leftOut: [{ line: 12, what: 'uname -a', why: 'no measurement' }],
    },
    experiment: {
      name: 'vm-client',
      description: 'VM as client',
      boots: 1,
      order: null,
      seed: null,
      budgetNs: null,
      settleNs: null,
      warmupNs: null,
      bootTimeoutNs: null,
      timeoutNs: null,
      configurations: [configuration],
    },
    experimentSource: null,
    plan: [{ trialId: '001-vm-as-client', configuration: configuration.name, block: 1, boot: 1 }],
    host: null,
    ...changes,
  };
}

/** One line of text output: a rate, and nothing that it was computed from. */
export function sampleNotedMeasurement(changes: Partial<WholeMeasurement> = {}): WholeMeasurement {
  const { workloads } = sampleNotedConfiguration();
  const [spec] = workloads;
  if (spec === undefined) throw new Error('the sample has a workload');
  return {
    workload: spec.name,
    spec,
    window: null,
    startedAt: null,
    commands: { server: null, client: null },
    throughput: {
      protocol: 'tcp',
      bitsPerSecond: 16_400_000_000,
      bytes: null,
      sentBytes: null,
      durationNs: null,
      retransmits: null,
      streams: [],
      intervals: [],
      datagrams: null,
      toolCpuPercent: null,
      congestionControl: { sender: null, receiver: null },
    },
    latency: null,
    work: { roundTrips: null, payloadBytes: null },
    systemCalls: null,
    kvmExits: null,
    vmmCounters: null,
    vmmErrors: null,
    threads: [],
    link: null,
    hostCpu: null,
    guestResources: null,
    traced: null,
    consoleBytes: null,
    notMeasured: { threads: unsaid, link: unsaid, hostCpu: unsaid },
    noted: { section: ['VM as client'], line: 20, rounding: { 'throughput.bitsPerSecond': 50_000_000 } },
    ...changes,
  };
}

/** The trial of `sampleNoteHeader()`. */
export function sampleNotedTrial(changes: Partial<WholeTrial> = {}): WholeTrial {
  return {
    schemaVersion,
    trialId: '001-vm-as-client',
    runId,
    configuration: sampleNotedConfiguration(),
    block: 1,
    boot: 1,
    attempt: 1,
    repeats: null,
    startedAt: null,
    endedAt: null,
    vmm: null,
    guest: null,
    path: null,
    preparation: { settings: [], pins: [] },
    failure: null,
    phases: [],
    status: 'ok',
    measurements: [sampleNotedMeasurement()],
    toolCpuInWindowsNs: null,
    toolResidentBytes: null,
    notSaid: { 'vmm.version': unsaid },
    ...changes,
  };
}

/** What ends the import of a note. */
export function sampleNoteEnd(): RunEnd {
  return { schemaVersion, status: 'done', stoppedBy: null, endedAt: readAt, overhead: null };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { list } from 'tar';
import { describe, expect, it } from 'vitest';
import { gatheredOf } from './gathered-of.ts';
import { runEnd, runHeader, schemaVersion } from './run.ts';
import { gatheredTrial, wholeTrial } from './trial.ts';
import { upgraded, upgradedPrint } from './upgrade.ts';

/** Records as schema 1 stored them. */
const stored = join(import.meta.dirname, '../../test/golden/four-boots/stored');

function record(file: string): unknown {
  return JSON.parse(readFileSync(join(stored, file), 'utf8'));
}

const unread = 'this version of tapbench did not read them';

describe('a record of schema 1', () => {
  it('is really one', () => {
    expect(record('run.json')).toMatchObject({ schemaVersion: 1, experiment: { workloads: [{}, {}] } });
  });

  it('becomes a header whose configurations have the workloads of the experiment', () => {
    const { experiment } = runHeader.parse(upgraded(record('run.json')));
    expect(experiment).toMatchObject({ order: 'shuffled', budgetNs: null, settleNs: 0, warmupNs: 0 });
    expect(experiment.configurations[0]).toMatchObject({
      factors: {},
      vmm: { options: { machine: 'microvm' } },
      nic: { offloads: { tso: true }, vhost: false, queues: 1, rxQueueSize: null, txQueueSize: null },
      prepare: { pin: 'none' },
      workloads: [{ name: 'iperf3' }, { name: 'sockperf' }],
    });
  });

  it('becomes a trial with the workloads that it measured', () => {
    const trial = gatheredTrial.parse(upgraded(record('trials/001-qemu-b1/trial.json')));
    expect(trial.repeats).toBeNull();
    expect(trial.machines[0]?.guest?.nic.queueSizes).toBeNull();
    expect(trial.measurements[0]?.machines[0]?.notMeasured).toMatchObject({ kvmExits: unread, vmmCounters: unread });
    expect(trial.configuration.workloads).toEqual(trial.measurements.map(({ spec }) => spec));
  });

  it('becomes an end', () => {
    const end = JSON.parse(readFileSync(join(stored, '../../one-boot/stored/end-001.json'), 'utf8')) as object;
    expect(runEnd.parse(upgraded(end))).toMatchObject({ status: 'done', stoppedBy: null });
  });
});

/** Records as schema 2 stored them. */
const second = {
  configuration: {
    name: 'a',
    factors: {},
    topology: 'vm-to-host',
    vmm: { kind: 'qemu', accel: 'kvm', binary: null, vcpus: 1, memoryBytes: 512 },
    guest: { kernel: null, initrd: null, kernelArguments: '', congestionControl: null },
    nic: { mtu: 1500, offloads: { csum: true, tso: true, gso: true, mrgRxbuf: true } },
    trace: { mode: 'separate', timing: false, durationNs: 1 },
    prepare: {
      pin: 'none',
      governor: null,
      turbo: null,
      idleLatencyUs: null,
      ksm: null,
      transparentHugepages: null,
      irqbalance: null,
    },
    workloads: [],
  },
  calls: {
    source: 'bpftrace',
    sourceReason: null,
    mode: 'inline',
    window: { startNs: 0, endNs: 1 },
    messages: null,
    bytes: null,
    lostEvents: 0,
    threads: [],
  },
};

function secondTrial(changes: object = {}): object {
  return {
    schemaVersion: 2,
    trialId: 't',
    runId: 'r',
    configuration: second.configuration,
    block: 1,
    boot: 1,
    attempt: 1,
    repeats: null,
    startedAt: '2026-11-20T10:00:00.000Z',
    endedAt: '2026-11-20T10:01:00.000Z',
    vmm: null,
    guest: null,
    path: null,
    preparation: { settings: [], pins: [] },
    failure: null,
    phases: [],
    status: 'failed',
    measurements: [],
    toolCpuInWindowsNs: 0,
    toolResidentBytes: 0,
    ...changes,
  };
}

const secondMeasurement = {
  workload: 'w',
  window: { startNs: 0, endNs: 1 },
  startedAt: '2026-11-20T10:00:00.000Z',
  throughput: null,
  latency: null,
  spec: {
    name: 'w',
    kind: 'sockperf',
    durationNs: 1,
    mode: 'ping-pong',
    protocol: 'udp',
    messageBytes: 64,
    messagesPerSecond: null,
  },
  commands: {
    server: { endpoint: 'host', argv: [], exitStatus: 0, files: [] },
    client: { endpoint: 'guest', argv: [], exitStatus: 0, files: [] },
  },
  work: { roundTrips: null, payloadBytes: null },
  systemCalls: second.calls,
  threads: [],
  link: null,
  hostCpu: null,
  guestResources: null,
  traced: null,
  consoleBytes: 0,
  notMeasured: { link: 'gone' },
};

describe('a record of schema 2', () => {
  it('becomes a measured header, and an end', () => {
    const header = upgraded({ schemaVersion: 2, experiment: { configurations: [second.configuration] } });
    expect(header).toMatchObject({ schemaVersion, source: { kind: 'measured' } });
    expect(header).toHaveProperty('experiment.configurations.0.vmm.options', { machine: 'microvm', modern: false });
    const overhead = { wallNs: 1, measuredNs: 1, toolCpuInWindowsNs: 1, phases: [] };
    const end = {
      schemaVersion: 2,
      status: 'done',
      stoppedBy: 'budget',
      endedAt: '2026-11-20T10:01:00.000Z',
      overhead,
    };
    expect(runEnd.parse(upgraded(end))).toEqual({ ...end, schemaVersion });
  });

  it('becomes a trial that says nothing of what was not read then', () => {
    const trial = gatheredTrial.parse(
      upgraded(
        secondTrial({
          vmm: { kind: 'qemu', accel: 'kvm', argv: [], path: '/q', version: '7.2', sha256: '00' },
          path: { device: 'tap0', mtu: 1500, offloads: {}, congestionControl: 'cubic', qdisc: null },
          measurements: [secondMeasurement, { ...secondMeasurement, systemCalls: null }],
        }),
      ),
    );
    expect(trial.notSaid).toEqual({});
    const [machine] = trial.machines;
    expect(machine?.vmm).toMatchObject({ isStatic: null, isDebugBuild: null, buildReason: null, files: {} });
    expect(machine?.path).toMatchObject({ queues: null, notification: null });
    expect(trial.configuration.nic).toMatchObject({ vhost: false, queues: 1, rxQueueSize: null, txQueueSize: null });
    const machines = trial.measurements.map((one) => one.machines[0]);
    expect(machines.map((one) => one?.systemCalls?.onlyCalls)).toEqual([null, undefined]);
    expect(trial.measurements[0]).toMatchObject({
      machines: [
        {
          kvmExits: null,
          vmmCounters: null,
          notMeasured: { link: 'gone', kvmExits: unread, vmmCounters: unread },
        },
      ],
      noted: null,
    });
  });

  it('keeps a failed trial without VMM, guest and path', () => {
    const nothing = { name: 'vm1', vmm: null, guest: null, path: null };
    expect(gatheredTrial.parse(upgraded(secondTrial()))).toMatchObject({ machines: [nothing] });
  });

  it('gives a printed measurement the costs that were not known, and a gathered one none', () => {
    const old = { kvmExitsPerRoundTrip: null, userspaceExitsPerGigabyte: null, vmmCpuNsPerGigabyte: 3 };
    const printed = upgradedPrint(secondTrial({ measurements: [{ cost: { vmmCpuNsPerGigabyte: 3 } }, {}] }));
    expect(printed).toHaveProperty('measurements.0.cost', expect.objectContaining(old));
    expect(printed).not.toHaveProperty('measurements.1.cost');
  });

  it('knows no options of a VMM that it did not have', () => {
    const other = { ...second.configuration, vmm: { ...second.configuration.vmm, kind: 'other' } };
    expect(upgraded(secondTrial({ configuration: other }))).toHaveProperty('configuration.vmm.options', {});
  });
});

describe('a record of schema 4', () => {
  const fourth = (measurement: object): object => ({
    schemaVersion: 4,
    configuration: {},
    measurements: [{ notMeasured: { link: 'gone' }, traced: null, noted: null, ...measurement }],
  });

  it('says nothing of the errors of a VMM, in neither window, and why', () => {
    const trial = upgraded(fourth({ traced: { files: [] } }));
    expect(trial).toHaveProperty('measurements.0.machines.0.vmmErrors', null);
    expect(trial).toHaveProperty('measurements.0.machines.0.notMeasured', { link: 'gone', vmmErrors: unread });
    expect(trial).toHaveProperty('measurements.0.traced.machines.0.vmmErrors', null);
    expect(upgraded(fourth({}))).toHaveProperty('measurements.0.traced', null);
  });

  it('of a lab note says that the note has none', () => {
    const reasons = 'measurements.0.machines.0.notMeasured.vmmErrors';
    expect(upgraded(fourth({ noted: {} }))).toHaveProperty(reasons, 'the note has none');
  });
});

/** Records of real boots, as they lie in the archives of the evidence, of schemas 2 and 3: the steps before this one bring them up to 5. */
function evidence(archive: string): unknown[] {
  const texts: Buffer[][] = [];
  list({
    file: join(import.meta.dirname, '../../docs/evidence', archive),
    sync: true,
    filter: (path) => path.endsWith('/trial.json'),
    onReadEntry: (entry) => {
      const pieces: Buffer[] = [];
      texts.push(pieces);
      entry.on('data', (piece) => pieces.push(piece));
    },
  });
  return texts.map((pieces) => JSON.parse(Buffer.concat(pieces).toString()) as unknown);
}

describe('a record of schema 5', () => {
  const archives = ['2026-11-23-a-a/run.tar.gz', '2026-11-23-nested-kvm/firecracker-options.tar.gz'];

  it.each(archives)('becomes lists of one flow and one machine that hold all that was in it: %s', (archive) => {
    const records = evidence(archive);
    expect(records.length).toBeGreaterThan(1);
    for (const record of records) {
      const before = wholeTrial.parse(upgradedPrint(record));
      const after = gatheredTrial.parse(upgraded(record));
      expect(after.machines).toEqual([{ name: 'vm1', vmm: before.vmm, guest: before.guest, path: before.path }]);
      expect(after).toEqual(gatheredOf(before));
      for (const [index, { flows, machines, traced }] of after.measurements.entries()) {
        const old = before.measurements[index];
        expect(flows).toMatchObject([
          { name: 'flow1', client: 'vm1', server: 'host', throughput: old?.throughput, latency: old?.latency },
        ]);
        expect(machines).toMatchObject([
          {
            name: 'vm1',
            systemCalls: old?.systemCalls,
            threads: old?.threads,
            link: old?.link,
            kvmExits: old?.kvmExits,
          },
        ]);
        const { messages = null, bytes = null } = old?.systemCalls ?? {};
        if (old?.traced) expect(traced?.flows[0]?.work).toEqual({ roundTrips: messages, payloadBytes: bytes });
      }
    }
  });

  it('of a lab note keeps the system calls of two VMMs apart', () => {
    const thread = { tid: null, role: null, calls: [] };
    const named = [
      { machine: 'server', name: 'fc_vcpu 0' },
      { machine: 'client', name: 'fc_vcpu 0' },
      { machine: 'server', name: 'firecracker' },
    ];
    const systemCalls = { lostEvents: null, threads: named.map((one) => ({ ...thread, ...one })) };
    const measurement = { systemCalls, notMeasured: { link: 'the note has none', latency: 'a throughput workload' } };
    const record = {
      schemaVersion: 5,
      configuration: { topology: 'vm-to-vm' },
      vmm: null,
      measurements: [measurement],
    };
    expect(upgraded(record)).toMatchObject({
      machines: [{ name: 'server' }, { name: 'client' }],
      measurements: [
        {
          flows: [{ client: null, server: null, notMeasured: { latency: 'a throughput workload' } }],
          machines: [
            {
              name: 'server',
              systemCalls: {
                threads: [
                  { ...thread, name: 'fc_vcpu 0' },
                  { ...thread, name: 'firecracker' },
                ],
              },
            },
            {
              name: 'client',
              systemCalls: { threads: [{ ...thread, name: 'fc_vcpu 0' }] },
              notMeasured: { link: 'the note has none' },
            },
          ],
        },
      ],
    });
  });

  it('is refused where it has what no measurement has', () => {
    const [good] = evidence('2026-11-23-a-a/run.tar.gz');
    const trial = good as { measurements: object[] };
    const strange = { ...trial, measurements: trial.measurements.map((one) => ({ ...one, strange: 1 })) };
    expect(gatheredTrial.safeParse(upgraded(trial)).success).toBe(true);
    expect(gatheredTrial.safeParse(upgraded(strange)).error?.message).toContain('strange');
  });
});

it('what is no record of an older schema is left for the schema to refuse', () => {
  for (const value of [null, 1, 'x', [], {}, { schemaVersion }, { schemaVersion: '2' }, { schemaVersion: 99 }])
    expect(upgraded(value)).toBe(value);
});

it('a damaged record of an older schema is refused by the schema, not by the upgrade', () => {
  const broken = [null, 1, 'x', [], {}, [null]];
  for (const old of [1, 2, 3, 4, 5])
    for (const value of broken) {
      const damaged = { configuration: {}, measurements: value, vmm: value, guest: value, path: value };
      expect(gatheredTrial.safeParse(upgraded({ schemaVersion: old, ...damaged })).success).toBe(false);
      expect(runHeader.safeParse(upgraded({ schemaVersion: old, experiment: value })).success).toBe(false);
    }
});

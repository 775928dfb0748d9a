import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { explainRun } from '../../src/api/explain.ts';
import type { Measurement } from '../../src/record/measurement.ts';
import type { ThreadCalls } from '../../src/record/probe-readings.ts';
import type { Run } from '../../src/record/run.ts';
import type { Trial } from '../../src/record/trial.ts';
import type { ExplainedFingerprint } from '../../src/report/explain.ts';
import { fingerprintLine } from '../../src/report/measurement/fingerprint-text.ts';
import { jailedExperiment, mixedExperiment, qemuExperiment, vmmExperiment } from './experiments.ts';
import { foundVmms } from './found-vmms.ts';
import { type NestedSession, nestedSession } from './nested-session.ts';

const vmms = await foundVmms(process.env['TAPBENCH_VMM_DIR']);
const named = vmms.map((vmm) => ({ ...vmm, command: vmm.name.replaceAll(/[^\w.-]/g, '-') }));
const jailed = named
  .filter(({ kind, hasJailer }) => kind === 'firecracker' && hasJailer)
  .map((vmm) => ({ ...vmm, command: `${vmm.command}-jailed` }));
/** One of each kind. */
const mixed = [...Map.groupBy(named, ({ kind }) => kind).values()].flatMap(([vmm]) =>
  vmm === undefined ? [] : [{ ...vmm, command: `${vmm.command}-behind-qemu` }],
);
let session: NestedSession;

beforeAll(async () => {
  session = await nestedSession([
    { name: 'qemu', yaml: qemuExperiment },
    ...named.map((vmm) => ({ name: vmm.command, yaml: vmmExperiment(vmm) })),
    ...mixed.map((vmm) => ({ name: vmm.command, yaml: mixedExperiment(vmm) })),
    ...jailed.map((vmm) => ({ name: vmm.command, yaml: jailedExperiment(vmm) })),
  ]);
  return async () => {
    await session[Symbol.asyncDispose]();
  };
});

const doctorReport = z.object({
  canRun: z.boolean(),
  requirements: z.array(z.object({ name: z.string(), status: z.string(), what: z.string() })),
});

/** Threads of a role, with their calls. */
function callsOf({ systemCalls }: Measurement, role: string): ThreadCalls[] {
  return systemCalls?.threads.filter((thread) => thread.role === role) ?? [];
}

function countOf(counted: readonly { readonly count: number }[]): number {
  return counted.reduce((total, { count }) => total + count, 0);
}

/** The two edges of a window are read one map after another. */
const edgeCalls = 4;

/** The workload of a trial. @throws where it has none */
function measurementOf(trial: Trial, workload: string): Measurement {
  const found = trial.measurements.find((measurement) => measurement.workload === workload);
  if (found === undefined) throw new Error(`${trial.trialId}: no ${workload}`);
  return found;
}

/** The calls of a request and its reply are those that the VMM is known by. */
function demandFingerprint(run: Run, configuration: string): void {
  const explained = explainRun(run).find(
    ({ fingerprint }) => fingerprint.configuration.name === configuration && fingerprint.workload.name === 'sockperf',
  );
  const changes = explained?.known?.changes;
  expect(changes, fingerprintLineOf(explained)).toEqual([]);
}

function fingerprintLineOf(explained: ExplainedFingerprint | undefined): string {
  return explained === undefined ? 'no calls were counted' : fingerprintLine(explained.fingerprint);
}

/** What must hold of any VMM on KVM. */
function demandKvm(trial: Trial): void {
  expect(trial.failure).toBeNull();
  expect(trial.vmm?.accel).toBe('kvm');
  for (const measurement of trial.measurements) {
    const { threads, systemCalls, kvmExits, vmmErrors } = measurement;
    // It wrote no errors, and they were looked for.
    expect(vmmErrors).toEqual({ count: 0, lines: [] });
    expect(systemCalls?.source).toBe('bpftrace');
    expect(threads.some(({ role, runNs }) => role === 'vcpu' && runNs > 0)).toBe(true);
    // What the processor left the guest for, by name; the VMM sees fewer of them than there were.
    const exits = countOf((kvmExits?.threads ?? []).flatMap((thread) => thread.exits));
    const seen = countOf((kvmExits?.threads ?? []).flatMap((thread) => thread.userspaceExits));
    expect(kvmExits?.threads.flatMap((thread) => thread.exits.map(({ reason }) => reason))).toContain('npf');
    expect(seen).toBeLessThanOrEqual(exits);
    // Entries of the guest are told from work, are of vCPU threads only, and as many as there were returns to the VMM. On PCI with MSI-X
    // and all of the data path in the kernel a vCPU stays inside of one KVM_RUN for the whole window: then there are none.
    const entries = (systemCalls?.threads ?? []).flatMap(({ role, calls }) =>
      calls.filter(({ kind }) => kind === 'run').map(({ name, request, count }) => ({ role, name, request, count })),
    );
    for (const entry of entries) expect(entry).toMatchObject({ role: 'vcpu', name: 'ioctl', request: 'KVM_RUN' });
    expect(Math.abs(countOf(entries) - seen)).toBeLessThanOrEqual(edgeCalls + seen * 0.02);
  }
}

describe('in the nested machine', () => {
  it('doctor says that a run is possible, and sees KVM and vhost-net', () => {
    const { exitStatus, stdout } = session.result('doctor');
    const { canRun, requirements } = doctorReport.parse(JSON.parse(stdout));
    expect([exitStatus, canRun]).toEqual([0, true]);
    expect(requirements.find(({ name }) => name === 'KVM')?.what).toContain('/dev/kvm opens');
    expect(requirements.find(({ name }) => name === 'vhost-net')?.status).toBe('ok');
    expect(requirements.find(({ name }) => name === 'BPF tracing')?.status).toBe('ok');
  });

  it('the host is recorded as emulated, and every measurement says so', async () => {
    const { host, trials } = await session.run('qemu');
    expect(host?.hypervisor).toBe('qemu-tcg');
    for (const { findings } of trials.flatMap(({ measurements }) => measurements)) {
      expect(findings.map(({ audit }) => audit)).toContain('emulated-host');
    }
  });
});

describe.each([
  { machine: 'microvm', vhost: false },
  { machine: 'microvm', vhost: true },
  { machine: 'q35', vhost: false },
  { machine: 'q35', vhost: true },
])('QEMU $machine with vhost $vhost on KVM', ({ machine, vhost }) => {
  async function trialOf(): Promise<Trial> {
    const { trials } = await session.run('qemu');
    const found = trials.findLast(
      ({ configuration: { vmm, nic } }) => vmm.options['machine'] === machine && nic?.vhost === vhost,
    );
    if (found === undefined) throw new Error(`no trial of ${machine} with vhost ${String(vhost)}`);
    return found;
  }

  it('runs its guest in a thread CPU 0/KVM, whose entries of the guest are no work', async () => {
    const trial = await trialOf();
    demandKvm(trial);
    for (const { threads } of trial.measurements) {
      expect(threads.find(({ role }) => role === 'vcpu')?.name).toBe('CPU 0/KVM');
    }
  });

  it('acknowledges interrupts by exits to the VMM only where it has no MSI-X', async () => {
    const { kvmExits } = measurementOf(await trialOf(), 'sockperf');
    const exits = (kvmExits?.threads ?? []).flatMap((thread) => thread.userspaceExits);
    const mmio = countOf(exits.filter(({ reason }) => reason === 'MMIO'));
    const perRoundTrip = mmio / (kvmExits?.messages ?? 0);
    if (machine === 'microvm') expect(perRoundTrip).toBeGreaterThan(0.5);
    else expect(perRoundTrip).toBeLessThan(0.1);
  });

  it('leaves the packets to a vhost worker, whose CPU time is a cost, only where that was asked for', async () => {
    for (const { threads } of (await trialOf()).measurements) {
      const workers = threads.filter(({ role }) => role === 'vhost');
      expect(workers.some(({ runNs }) => runNs > 0)).toBe(vhost);
    }
  });

  it('moves the packets by system calls of its main thread only without vhost', async () => {
    const measurement = measurementOf(await trialOf(), 'sockperf');
    const roundTrips = measurement.systemCalls?.messages ?? 0;
    expect(roundTrips).toBeGreaterThan(0);
    const calls = callsOf(measurement, 'vmm').flatMap((thread) => thread.calls);
    const writes = countOf(calls.filter(({ name }) => name === 'writev'));
    if (vhost) expect(writes / roundTrips).toBeLessThan(0.5);
    else expect(writes / roundTrips).toBeGreaterThan(0.9);
  });

  it('has the fingerprint that it is known by', async () => {
    const trial = await trialOf();
    demandFingerprint(await session.run('qemu'), trial.configuration.name);
  });
});

describe.skipIf(named.length === 0).each(named)('$name on KVM', ({ command, kind }) => {
  it('boots, moves packets, and is counted as QEMU is', async () => {
    const { exitStatus, stderr } = session.result(command);
    expect(exitStatus, stderr).toBe(0);
    const { trials } = await session.run(command);
    expect(trials).not.toEqual([]);
    const trial = trials.at(-1);
    expect(trial?.vmm?.kind).toBe(kind);
    if (trial !== undefined) demandKvm(trial);
  });

  it('has the fingerprint that it is known by', async () => {
    demandFingerprint(await session.run(command), 'default');
  });
});

if (jailed.length === 0) it.todo('Firecracker in its jail: TAPBENCH_VMM_DIR has none beside its jailer');

describe.skipIf(jailed.length === 0).each(jailed)('$name in its jail', ({ command }) => {
  it('boots and moves packets as a user of its own', async () => {
    const { exitStatus, stderr } = session.result(command);
    expect(exitStatus, stderr).toBe(0);
    const { trials } = await session.run(command);
    expect(trials.map(({ vmm }) => vmm?.runsAs)).toEqual(['own-user']);
    for (const trial of trials) demandKvm(trial);
  });
});

describe.skipIf(mixed.length === 0).each(mixed)('QEMU as client of $name', ({ command, kind }) => {
  it('runs two VMMs in one world, each counted and with the roles of its own threads', async () => {
    const { exitStatus, stderr } = session.result(command);
    expect(exitStatus, stderr).toBe(0);
    const { trials } = await session.run(command);
    const machines = trials.flatMap((trial) => trial.machines ?? []);
    expect(machines.map(({ vmm }) => [vmm?.kind, vmm?.accel])).toEqual([
      ['qemu', 'kvm'],
      [kind, 'kvm'],
    ]);
    for (const measurement of trials.flatMap(({ measurements }) => measurements)) {
      for (const { systemCalls, kvmExits, threads } of measurement.machines ?? []) {
        expect(systemCalls?.source).toBe('bpftrace');
        expect(threads.some(({ role, runNs }) => role === 'vcpu' && runNs > 0)).toBe(true);
        expect(countOf((kvmExits?.threads ?? []).flatMap((thread) => thread.exits))).toBeGreaterThan(0);
      }
    }
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadExperiment } from '../src/experiment/file/experiment-file.ts';
import { tscKhz } from '../src/host/tsc-frequency.ts';
import { Ledger } from '../src/lab/ledger.ts';
import { isListening } from '../src/lab/listening.ts';
import { waitFor } from '../src/lab/wait.ts';
import { findVmm } from '../src/preflight/find-vmm.ts';
import { guestImage } from '../src/preflight/image.ts';
import { startBpftrace } from '../src/probe/bpftrace.ts';
import { LabNoteTracer } from '../src/probe/lab-note-tracer.ts';
import { SystemCallTracer } from '../src/probe/system-calls/system-calls.ts';
import type { WorkloadSpec } from '../src/record/experiment.ts';
import { qemu } from '../src/vmm/qemu/qemu.ts';
import { workloadFor } from '../src/workload/bound-workload.ts';
import { makeWorld, type World } from '../src/world/world.ts';

/** Half round trips at the median, ns, by who traced; one of each a round, all in one boot, so that boots do not differ. */
export type ObserverSample = Readonly<Record<string, number>>;

const deadlineMs = 30_000;

/** bpftrace with a script of its own; ready when it has attached. */
async function attachScript(argv: readonly string[]): Promise<AsyncDisposable> {
  const tracer = await startBpftrace(argv, { stdout: 'pipe' });
  const out = new Promise<void>((resolve) => {
    tracer.stdout?.on('data', (text: Buffer) => {
      if (String(text).includes('Attaching')) resolve();
    });
  });
  await Promise.race([out, tracer.ended]);
  // Its words come before it attaches; the slowest of these scripts needs 0.4 s.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  return tracer;
}

const tracers: Readonly<Record<string, (pid: number) => Promise<AsyncDisposable | null>>> = {
  untraced: () => Promise.resolve(null),
  'tracepoint alone': async () =>
    await attachScript(['-e', 'tracepoint:raw_syscalls:sys_enter /pid == 1/ { @ = count(); }']),
  'lab note script': async (pid) => await LabNoteTracer.start({ pid, deadlineMs }),
  'our tracer': async (pid) => await SystemCallTracer.start({ pids: [pid], isTimed: false, deadlineMs }),
};

/** Runs the ping-pong under each tracer in turn, `rounds` times. */
async function measuredRounds(world: World, spec: WorkloadSpec, rounds: number): Promise<ObserverSample[]> {
  const [machine] = world.machines;
  const [flow] = world.plan.flows;
  if (machine === undefined || flow === undefined) throw new Error('the built-in experiment is not what it was');
  const samples: ObserverSample[] = [];
  const workload = workloadFor(spec);
  const place = { serverAddress: flow.address, clientFolder: '/tmp', keepsLog: false };
  const command = workload.server(place);
  if (command === null) throw new Error(`${spec.kind} has no server`);
  const { ready } = command;
  await using server = await machine.namespace.spawn(command.argv, { env: { HOME: '/tmp' } });
  await waitFor(() => isListening(server.pid, { ...ready, address: flow.address }) || null, {
    deadlineMs,
    intervalMs: 5,
  });
  for (let round = 0; round < rounds; round++) {
    const sample: Record<string, number> = {};
    const names = round % 2 === 0 ? Object.keys(tracers) : Object.keys(tracers).toReversed();
    for (const name of names) {
      const tracer = await tracers[name]?.(machine.vmm.pid);
      const { stdout, stderr, exitStatus } = await machine.guest.run(
        ['env', 'HOME=/tmp', ...workload.client(place).argv],
        deadlineMs,
      );
      await tracer?.[Symbol.asyncDispose]();
      const { latency } = await workload.parse({ stdout, stderr, exitStatus, files: {} });
      sample[name] = latency?.halfRoundTripNs.p50 ?? Number.NaN;
    }
    samples.push(sample);
  }
  return samples;
}

/** Boots one guest and runs the ping-pong under each tracer in turn, `rounds` times. */
export async function observerEffect(rounds: number, seconds: number): Promise<ObserverSample[]> {
  const image = await guestImage(() => undefined);
  const { experiment } = await loadExperiment({
    nameOrPath: 'quick',
    overrides: [],
    duration: `${String(seconds)}s`,
    workloads: ['sockperf'],
  });
  const [configuration] = experiment.configurations;
  const [spec] = experiment.configurations[0]?.workloads ?? [];
  if (configuration === undefined || spec === undefined) throw new Error('the built-in experiment is not what it was');
  const folder = mkdtempSync(join(tmpdir(), 'tapbench-observer-'));
  using ledger = Ledger.open(folder, 'bench');
  const { path: binary, version } = await findVmm(configuration);
  const bootable = {
    driver: qemu,
    binary,
    version,
    accel: 'tcg' as const,
    isPvm: false,
    setpriv: null,
    tscKhz: await tscKhz(),
    kernel: { bzImage: image.bzImage, elf: image.vmlinux },
    initrd: image.initramfs,
    rootfs: null,
  };
  const samples: ObserverSample[] = [];
  try {
    await using world = await makeWorld({
      configuration,
      bootables: new Map([['client', bootable]]),
      ledger,
      labName: `tapbench-${String(process.pid)}-observer`,
      folder,
      bootDeadlineMs: deadlineMs,
      signal: new AbortController().signal,
    });
    await world.up;
    samples.push(...(await measuredRounds(world, spec, rounds)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return samples;
}

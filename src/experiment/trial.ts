import type { BootedFiles } from '../guest/facts.ts';
import type { Ledger } from '../lab/ledger.ts';
import { waitFor } from '../lab/wait.ts';
import { TapbenchError } from '../record/error.ts';
import type { Configuration, Experiment } from '../record/experiment.ts';
import { fitted } from '../record/fitted.ts';
import type { GuestFacts } from '../record/guest.ts';
import type { HostFacts } from '../record/host.ts';
import { type GatheredMeasurement, gatheredMeasurement } from '../record/measurement.ts';
import type { ThreadRole } from '../record/probe-readings.ts';
import type { Failure, GatheredTrial, HostSetting, PathFacts, Pin, VmmFacts } from '../record/trial.ts';
import { roleOfThread } from '../vmm/thread-role.ts';
import { abortOn } from './abort-on.ts';
import type { TrialToRun } from './blocks.ts';
import { type Bootable, type Machine, startMachine } from './boot.ts';
import { CallCounters } from './call-counters.ts';
import { measure } from './measure.ts';
import { Phases } from './phases.ts';
import { generatorPrefix, pinBoot, pinPlan } from './pinning.ts';
import { type OnProgress, step } from './progress.ts';
import { type Server, serversAhead } from './serve.ts';
import { guestFacts, pathFacts } from './trial-facts.ts';

export interface TrialOptions {
  readonly runId: string;
  readonly experiment: Experiment;
  readonly configuration: Configuration;
  readonly planned: TrialToRun;
  readonly attempt: number;
  /** What progress calls it: its id, and where the run is. */
  readonly label: string;
  readonly bootable: Bootable;
  readonly booted: BootedFiles;
  readonly vmmFacts: Omit<VmmFacts, 'argv' | 'files'>;
  /** Whether the tracer works on this host. */
  readonly tracing: HostFacts['tracing'];
  readonly ledger: Ledger;
  readonly folder: string;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
  /** What was done to the host for it. */
  readonly settings: readonly HostSetting[];
  /** Awaited before the first window. */
  readonly whileBooting: () => Promise<void>;
  /** Called with the VM still up, after everything was measured: `--keep`. */
  readonly keep: ((machine: Machine) => Promise<void>) | null;
}

/** A guest of the image is up in 1.3 s under emulation, in less on KVM. */
const usualBootNs = 1.3e9;

/** What a trial has gathered so far: kept also where it fails. */
interface Draft {
  measurements: GatheredMeasurement[];
  guest: GuestFacts | null;
  path: PathFacts | null;
  pins: Pin[];
  workload: string | null;
  toolCpuNs: number;
  toolResidentBytes: number;
  machine: Machine | null;
}

/** Raw files are written as they come: a full or read-only disk is the store's failure, not the trial's. */
function diskError(error: unknown): TapbenchError | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code !== 'ENOSPC' && code !== 'EROFS' && code !== 'EDQUOT') return null;
  return new TapbenchError('STORE_FAILED', `the raw output of the trial can't be kept: ${code}`, {
    cause: error,
    hint: 'make room, or choose another place with --store; then go on with --resume',
  });
}

function failureOf(error: unknown, draft: Draft): Failure {
  const known = error instanceof TapbenchError ? error : diskError(error);
  return {
    code: known?.code ?? 'TRIAL_FAILED',
    message: known?.message ?? (error instanceof Error ? error.message : String(error)),
    hint: known?.hint ?? null,
    workload: draft.workload,
    consoleTail: draft.machine?.guest.channel.console.lines() ?? [],
    vmmStderrTail: (draft.machine?.vmm.stderrSoFar() ?? '')
      .trim()
      .split('\n')
      .slice(-20)
      .filter((line) => line !== ''),
  };
}

/**
 * One boot of one configuration with all its workloads. A failure is part of the result, with what was measured before it and what is
 * left of guest and VMM; only an interrupt is thrown, as nothing of it is worth keeping.
 * @throws TapbenchError `INTERRUPTED`
 */
export async function runTrial(options: TrialOptions): Promise<GatheredTrial> {
  const { configuration, planned, vmmFacts } = options;
  const startedAt = new Date().toISOString();
  const phases = new Phases();
  const draft: Draft = {
    measurements: [],
    guest: null,
    path: null,
    pins: [],
    workload: null,
    toolCpuNs: 0,
    toolResidentBytes: 0,
    machine: null,
  };
  let failure: Failure | null = null;
  try {
    await live({ options, configuration, draft, phases, made: new AsyncDisposableStack() });
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    failure = failureOf(error, draft);
  }
  return {
    schemaVersion: 5,
    trialId: planned.trialId,
    runId: options.runId,
    configuration,
    block: planned.block,
    boot: planned.boot,
    attempt: options.attempt,
    repeats: planned.repeats,
    startedAt,
    endedAt: new Date().toISOString(),
    vmm: { ...vmmFacts, argv: [...(draft.machine?.argv ?? [])], files: draft.machine?.files ?? {} },
    guest: draft.guest,
    path: draft.path,
    preparation: { settings: [...options.settings], pins: draft.pins },
    failure,
    phases: phases.list,
    status: failure === null ? 'ok' : 'failed',
    measurements: draft.measurements,
    toolCpuInWindowsNs: draft.toolCpuNs,
    toolResidentBytes: draft.toolResidentBytes,
    notSaid: {},
  };
}

/** One boot from lab to teardown. */
interface Life {
  readonly options: TrialOptions;
  readonly configuration: Configuration;
  readonly draft: Draft;
  readonly phases: Phases;
  /** Everything made for this boot, in the order in which it was made. */
  readonly made: AsyncDisposableStack;
}

/** A booted guest whose facts are read, ready for its workloads. */
interface Booted {
  readonly machine: Machine;
  readonly counters: CallCounters;
  readonly servers: ReadonlyMap<string, Promise<Server>>;
}

/** The lab of the trial with its VMM started in it. */
async function startVmm({ options, configuration, draft, phases, made }: Life, pins: readonly Pin[]): Promise<Machine> {
  const { bootable, ledger, folder, planned, signal } = options;
  const machine = await phases.time(
    'lab and VMM start',
    async () =>
      await startMachine({
        configuration,
        bootable,
        ledger,
        labName: `tapbench-${String(process.pid)}-${planned.trialId}`,
        folder,
        generatorPrefix: generatorPrefix(pins),
      }),
  );
  made.use(machine);
  draft.machine = machine;
  made.use(abortOn(signal, machine));
  return machine;
}

/** The servers that are started while the guest boots, stopped with the trial. */
function startServers(machine: Machine, { configuration, made }: Life): ReadonlyMap<string, Promise<Server>> {
  const servers = serversAhead(machine, configuration.workloads);
  made.defer(async () => {
    const started = await Promise.allSettled(servers.values());
    await Promise.all(started.map(async (one) => (one.status === 'fulfilled' ? await one.value.stop() : null)));
  });
  return servers;
}

async function bootUp(life: Life): Promise<Booted> {
  const { options, configuration, draft, phases, made } = life;
  const { experiment, bootable } = options;
  const pins = pinPlan(configuration);
  const machine = await startVmm(life, pins);
  const threadRole = (name: string, isMain: boolean): ThreadRole => roleOfThread(bootable.driver, { name, isMain });
  const servers = startServers(machine, life);
  // With an inline trace the tracer attaches while the guest boots.
  const regions = bootable.driver.addressRegions(configuration, bootable.version);
  const counting = CallCounters.create({
    pid: machine.vmm.pid,
    trace: configuration.trace,
    tracing: options.tracing,
    accel: bootable.accel,
    regions,
    threadRole,
    signal: options.signal,
  });
  made.defer(async () => {
    await (await counting)[Symbol.asyncDispose]();
  });
  await phases.time('boot', async () => {
    const meanwhile = options.whileBooting();
    await machine.guest.channel.hello(experiment.bootTimeoutNs / 1e6);
    await meanwhile;
  });
  const counters = await counting;
  draft.pins = await pinBoot({
    plan: pins,
    vmmPid: machine.vmm.pid,
    threadRole,
    generator: await firstGenerator(servers),
  });
  [draft.guest, draft.path] = await phases.time(
    'facts',
    async () => await Promise.all([guestFacts(machine, options.booted), pathFacts(machine, bootable, configuration)]),
  );
  return { machine, counters, servers };
}

/** A server that already runs on this host; null where none does. */
async function firstGenerator(
  servers: ReadonlyMap<string, Promise<Server>>,
): Promise<{ pid: number; name: string } | null> {
  const [name, first] = [...servers][0] ?? [];
  // One that failed says so where it is wanted.
  const server = await first?.catch(() => null);
  const pid = server?.pid ?? null;
  return name === undefined || pid === null ? null : { pid, name };
}

/** How long after a probe found no VMM its end is known at the latest: the kernel has to take down its memory first. */
const vmmEndDeadlineMs = 2_000;

/** Why a measurement really failed: where guest or VMM went down, whatever looked at them next fails before that is known. */
async function reasonOf(error: unknown, machine: Machine): Promise<unknown> {
  const { channel } = machine.guest;
  if (error instanceof TapbenchError && error.code === 'PROBE_FAILED') {
    await waitFor(() => channel.broken, { deadlineMs: vmmEndDeadlineMs, intervalMs: 5 });
  }
  return channel.broken ?? error;
}

async function live(life: Life): Promise<void> {
  const { options, configuration, draft, phases, made } = life;
  const { experiment, bootable, folder, onProgress } = options;
  await using _made = made;
  const { machine, counters, servers } = await step(
    onProgress,
    { text: `boot ${options.label}`, expectedNs: usualBootNs },
    async () => await bootUp(life),
  );
  for (const spec of configuration.workloads) {
    draft.workload = spec.name;
    const measured = await measure({
      machine,
      configuration,
      driver: bootable.driver,
      spec,
      trialFolder: folder,
      counters,
      phases,
      onProgress,
      warmupNs: experiment.warmupNs,
      server: servers.get(spec.name) ?? null,
    }).catch(async (error: unknown) => {
      throw await reasonOf(error, machine);
    });
    // What a guest sent may have passed its parser and be no record all the same: then the trial fails, and the run goes on.
    draft.measurements.push(fitted(gatheredMeasurement, measured.measurement, `the figures of ${spec.name}`));
    draft.toolCpuNs += measured.toolCpuNs;
    draft.toolResidentBytes = Math.max(draft.toolResidentBytes, measured.toolResidentBytes);
  }
  draft.workload = null;
  if (options.keep !== null) await options.keep(machine);
  await phases.time('teardown', async () => {
    await made.disposeAsync();
  });
}

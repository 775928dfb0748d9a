import { waitFor } from '../lab/wait.ts';
import { TapbenchError } from '../record/error.ts';
import { fitted } from '../record/fitted.ts';
import { gatheredMeasurement } from '../record/measurement.ts';
import type { ThreadRole } from '../record/probe-readings.ts';
import type { Pin } from '../record/trial.ts';
import { roleOfThread } from '../vmm/thread-role.ts';
import { workloadFor } from '../workload/bound-workload.ts';
import type { Machine } from '../world/boot.ts';
import { CallCounters } from './call-counters.ts';
import { measure } from './measure.ts';
import { pinBoot } from './pinning.ts';
import { type Server, serversAhead } from './serve.ts';
import { guestFacts, pathFacts } from './trial-facts.ts';
import type { Life } from './trial-life.ts';

/** What watches and serves a booted guest. */
export interface Booted {
  readonly counters: CallCounters;
  readonly servers: ReadonlyMap<string, Promise<Server>>;
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

/** From a VMM that was just started to a guest whose facts are read. @throws TapbenchError for a guest that does not come up */
export async function bootUp(life: Life, machine: Machine, pins: readonly Pin[]): Promise<Booted> {
  const { options, configuration, draft, phases, made } = life;
  const { experiment, bootable } = options;
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
  // A failure shows where it is awaited.
  counting.catch(() => undefined);
  made.defer(async () => {
    await (await counting)[Symbol.asyncDispose]();
  });
  await phases.time('boot', async () => {
    // Together: what fails meanwhile (a full disk) ends the boot at once, and is no rejection that nobody handles.
    await Promise.all([
      machine.guest.channel.hello(experiment.bootTimeoutNs / 1e6),
      options.whileBooting(),
      ...configuration.workloads.map(async (spec) => await workloadFor(spec).load()),
    ]);
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
  return { counters, servers };
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

/** All workloads, one after another. @throws what stopped them; what was gathered before is in the draft */
export async function measureAll(life: Life, machine: Machine, { counters, servers }: Booted): Promise<void> {
  const { options, configuration, draft, phases } = life;
  const { experiment, bootable, folder, onProgress } = options;
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
}

import { waitFor } from '../lab/wait.ts';
import { TapbenchError } from '../record/error.ts';
import { firstError } from '../record/first-error.ts';
import { fitted } from '../record/fitted.ts';
import { gatheredMeasurement } from '../record/measurement.ts';
import type { Pin } from '../record/trial.ts';
import { windowsOf } from '../record/windows.ts';
import { threadRoles } from '../vmm/thread-role.ts';
import { workloadFor } from '../workload/bound-workload.ts';
import { preparedAt, type World } from '../world/world.ts';
import { CallCounters } from './call-counters.ts';
import { windowName } from './load.ts';
import { measure } from './measure.ts';
import { pinBoot } from './pinning.ts';
import { type Servers, serversAhead } from './serve.ts';
import { guestFacts, pathFacts } from './trial-facts.ts';
import type { Life, MachineFacts } from './trial-life.ts';

/** What watches and serves a booted guest. */
export interface Booted {
  readonly counters: CallCounters;
  readonly servers: ReadonlyMap<string, Promise<Servers>>;
}

/** The servers that are started while the guests boot, stopped with the trial. */
function startServers(world: World, { configuration, made }: Life): ReadonlyMap<string, Promise<Servers>> {
  const servers = serversAhead(world, configuration.workloads);
  made.defer(async () => {
    const started = await Promise.allSettled(servers.values());
    await Promise.all(
      started.map(async (one) => {
        if (one.status === 'fulfilled') await one.value[Symbol.asyncDispose]();
      }),
    );
  });
  return servers;
}

/** What counts the calls of the VMMs. With an inline trace the tracer attaches while the guests boot. */
function startCounting({ options, configuration, made }: Life, world: World): Promise<CallCounters> {
  const { tracing, attachDeadlineMs, signal } = options;
  const counting = CallCounters.create({
    vmms: world.machines.map(({ vmm, bootable, configuration: own }) => ({
      pid: vmm.pid,
      accel: bootable.accel,
      regions: bootable.driver.addressRegions(own, bootable.version),
      threadRole: threadRoles(bootable.driver),
    })),
    trace: configuration.trace,
    tracing,
    attachDeadlineMs,
    signal,
  });
  // A failure shows where it is awaited.
  counting.catch(() => undefined);
  made.defer(async () => {
    await (await counting)[Symbol.asyncDispose]();
  });
  return counting;
}

/** From VMMs that were just started to guests whose facts are read. @throws TapbenchError for a guest that does not come up */
export async function bootUp(life: Life, world: World, pins: readonly Pin[]): Promise<Booted> {
  const { options, configuration, draft, phases } = life;
  const servers = startServers(world, life);
  const counting = startCounting(life, world);
  await phases.time('boot', async () => {
    // Together: what fails meanwhile (a full disk) ends the boot at once, and is no rejection that nobody handles.
    await Promise.all([
      world.up,
      options.whileBooting(),
      ...configuration.workloads.map(async (spec) => await workloadFor(spec).load()),
    ]);
  });
  const counters = await counting;
  const [first] = world.machines;
  if (first === undefined) return { counters, servers };
  draft.pins = await pinBoot({
    plan: pins,
    vmmPid: first.vmm.pid,
    threadRole: threadRoles(first.bootable.driver),
    generator: await firstGenerator(servers),
  });
  draft.facts = await phases.time('facts', async () => {
    const each = world.machines.map(async (machine): Promise<MachineFacts> => {
      const { booted } = preparedAt(options.vms, machine.plan.end);
      const both = [guestFacts(machine, booted), pathFacts(machine)] as const;
      const [guest, path] = await Promise.all(both);
      return { guest, path };
    });
    return await Promise.all(each);
  });
  return { counters, servers };
}

/** A server that already runs on this host; null where none does. */
async function firstGenerator(
  servers: ReadonlyMap<string, Promise<Servers>>,
): Promise<{ pid: number; name: string } | null> {
  const [name, first] = [...servers][0] ?? [];
  // One that failed says so where it is wanted.
  const started = await first?.catch(() => null);
  const pid = started?.all[0]?.pid ?? null;
  return name === undefined || pid === null ? null : { pid, name };
}

/** How long after a probe found no VMM its end is known at the latest: the kernel has to take down its memory first. */
const vmmEndDeadlineMs = 2_000;

/** Why a measurement really failed: where a guest or its VMM went down, whatever looked at them next fails before that is known. */
async function reasonOf(thrown: unknown, { machines }: World): Promise<unknown> {
  const error = firstError(thrown);
  const broken = (): TapbenchError | null =>
    machines.find(({ guest }) => guest.channel.broken !== null)?.guest.channel.broken ?? null;
  if (error instanceof TapbenchError && error.code === 'PROBE_FAILED') {
    await waitFor(broken, { deadlineMs: vmmEndDeadlineMs, intervalMs: 5 });
  }
  return broken() ?? error;
}

/** All workloads, one after another. @throws what stopped them; what was gathered before is in the draft */
export async function measureAll(life: Life, world: World, { counters, servers }: Booted): Promise<void> {
  const { options, configuration, draft, phases } = life;
  const { experiment, folder, onProgress } = options;
  for (const specs of windowsOf(configuration)) {
    draft.workload = windowName(specs);
    const measured = await measure({
      world,
      configuration,
      specs,
      trialFolder: folder,
      counters,
      phases,
      onProgress,
      warmupNs: experiment.warmupNs,
      servers: specs.map(({ name }) => servers.get(name) ?? null),
    }).catch(async (error: unknown) => {
      throw await reasonOf(error, world);
    });
    // What a guest sent may have passed its parser and be no record all the same: then the trial fails, and the run goes on.
    for (const one of measured.measurements) {
      draft.measurements.push(fitted(gatheredMeasurement, one, `the figures of ${one.workload}`));
    }
    draft.toolCpuNs += measured.toolCpuNs;
    draft.toolResidentBytes = Math.max(draft.toolResidentBytes, measured.toolResidentBytes);
    // The figures of the other flows are kept; the trial is repeated.
    if (measured.failure !== null) throw measured.failure;
  }
  draft.workload = null;
}

import { Phases } from '../lab/phases.ts';
import { step } from '../lab/progress.ts';
import { TapbenchError } from '../record/error.ts';
import { firstError } from '../record/first-error.ts';
import { schemaVersion } from '../record/run.ts';
import type { Failure, GatheredTrial, MachineFacts, Pin } from '../record/trial.ts';
import { makeWorld, preparedAt, type World } from '../world/world.ts';
import { generatorPrefix, pinPlan } from './pinning.ts';
import type { Draft, Life, TrialOptions } from './trial-life.ts';

/** A guest of the image is up in 1.3 s under emulation, in less on KVM. */
const usualBootNs = 1.3e9;

/** Raw files are written as they come: a full or read-only disk is the store's failure, not the trial's. */
function diskError(error: unknown): TapbenchError | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code !== 'ENOSPC' && code !== 'EROFS' && code !== 'EDQUOT') return null;
  return new TapbenchError('STORE_FAILED', `the raw output of the trial can't be kept: ${code}`, {
    cause: error,
    hint: 'make room, or choose another place with --store; then go on with --resume',
  });
}

/** As of the console: a record has no size that a VMM chooses. */
const longestStderrLine = 1_024;

/** The reason is what failed first. */
export function failureOf(thrown: unknown, draft: Pick<Draft, 'machines' | 'workload'>): Failure {
  const error = firstError(thrown);
  const known = error instanceof TapbenchError ? error : diskError(error);
  // That of the guest that went down, where one did.
  const machine = draft.machines.find(({ guest }) => guest.channel.broken !== null) ?? draft.machines[0];
  return {
    code: known?.code ?? 'TRIAL_FAILED',
    message: known?.message ?? (error instanceof Error ? error.message : String(error)),
    hint: known?.hint ?? null,
    workload: draft.workload,
    consoleTail: machine?.guest.channel.console.lines() ?? [],
    vmmStderrTail: (machine?.vmm.stderrSoFar() ?? '')
      .trim()
      .split('\n')
      .slice(-20)
      .filter((line) => line !== '')
      .map((line) => line.slice(0, longestStderrLine)),
  };
}

/** Each machine whose VMM was started, with what is known of it. */
async function machineRecords({ machines, facts }: Draft, { vms }: TrialOptions): Promise<MachineFacts[]> {
  const records = machines.map(async ({ plan, argv, files, bootTime: { startNs, endNs } }, index) => {
    return {
      name: plan.name,
      vmm: { ...(await preparedAt(vms, plan.end).vmmFacts()), argv: [...argv], files },
      guest: facts[index]?.guest ?? null,
      path: facts[index]?.path ?? null,
      ...(endNs === null ? {} : { bootTime: { startNs, endNs } }),
    };
  });
  return await Promise.all(records);
}

/**
 * One boot of one configuration with all its workloads. A failure is part of the result, with what was measured before it and what is
 * left of guest and VMM; only an interrupt is thrown, as nothing of it is worth keeping.
 * @throws TapbenchError `INTERRUPTED`
 */
export async function runTrial(options: TrialOptions): Promise<GatheredTrial> {
  const { configuration, planned } = options;
  const startedAt = new Date().toISOString();
  const phases = new Phases();
  const draft: Draft = {
    measurements: [],
    facts: [],
    pins: [],
    workload: null,
    toolCpuNs: 0,
    toolResidentBytes: 0,
    machines: [],
  };
  let failure: Failure | null = null;
  try {
    await live({ options, configuration, draft, phases, made: new AsyncDisposableStack() });
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    failure = failureOf(error, draft);
  }
  return {
    schemaVersion,
    trialId: planned.trialId,
    runId: options.runId,
    configuration,
    block: planned.block,
    boot: planned.boot,
    attempt: options.attempt,
    repeats: planned.repeats,
    startedAt,
    endedAt: new Date().toISOString(),
    machines: await machineRecords(draft, options),
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

/** The world of the trial with its VMMs started. */
async function startWorld({ options, configuration, draft, phases, made }: Life, pins: readonly Pin[]): Promise<World> {
  const { vms, experiment, ledger, folder, planned, signal } = options;
  const world = await phases.time(
    'lab and VMM start',
    async () =>
      await makeWorld({
        configuration,
        bootables: new Map([...vms].map(([end, { bootable }]) => [end, bootable])),
        ledger,
        labName: `tapbench-${String(process.pid)}-${planned.trialId}`,
        folder,
        generatorPrefix: generatorPrefix(pins),
        bootDeadlineMs: experiment.bootTimeoutNs / 1e6,
        signal,
        onMachine: (machine) => draft.machines.push(machine),
      }),
  );
  return made.use(world);
}

async function live(life: Life): Promise<void> {
  const { options, configuration, phases, made } = life;
  const { keep, onProgress, label } = options;
  await using _made = made;
  const pins = pinPlan(configuration);
  const { world, measuring, booted } = await step(
    onProgress,
    { text: `boot ${label}`, expectedNs: usualBootNs },
    async () => {
      const world = await startWorld(life, pins);
      // What watches and measures is loaded while the guests boot.
      const measuring = await import('./measured-boot.ts');
      return { world, measuring, booted: await measuring.bootUp(life, world, pins) };
    },
  );
  await measuring.measureAll(life, world, booted);
  if (keep !== null) await keep(world);
  await phases.time('teardown', async () => {
    await made.disposeAsync();
  });
}

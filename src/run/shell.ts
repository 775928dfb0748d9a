import type { Channel } from '../guest/channel.ts';
import { madeCacheFolder, runtimeFolder } from '../host/folders.ts';
import { Ledger } from '../lab/ledger.ts';
import { Phases } from '../lab/phases.ts';
import { type OnProgress, step } from '../lab/progress.ts';
import { makeRunFolder } from '../lab/run-folder.ts';
import { leaveRuntimeFolder, ledgerFolder } from '../lab/runtime-folder.ts';
import { prepare, tryMachine } from '../preflight/prepare.ts';
import { demandHost } from '../preflight/requirements.ts';
import { TapbenchError } from '../record/error.ts';
import type { Experiment } from '../record/experiment.ts';
import { alikeVms, hasVm } from '../record/topology.ts';
import { makeWorld } from '../world/world.ts';

export interface ShellRequest {
  readonly experiment: Experiment;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/** Boots one guest of the experiment's first configuration that has any and hands its console over until `use` returns. Measures nothing, so it takes no lock. */
export async function openShell(request: ShellRequest, use: (channel: Channel) => Promise<void>): Promise<void> {
  const { experiment, onProgress, signal } = request;
  const configuration = experiment.configurations.find(hasVm);
  if (configuration === undefined) throw new TapbenchError('EXPERIMENT_INVALID', 'the experiment boots no VM');
  const tried = tryMachine(experiment);
  const found = await demandHost(experiment);
  using leaving = new DisposableStack();
  leaving.defer(() => {
    leaveRuntimeFolder(runtimeFolder());
  });
  using ledger = Ledger.open(ledgerFolder(runtimeFolder()), 'tapbench shell');
  using files = new DisposableStack();
  const around = { ledger, made: files, phases: new Phases(), onProgress, signal };
  const { prepared } = await prepare({ experiment, found, tried, ...around });
  const [first] = alikeVms(configuration);
  const [end] = first?.ends ?? [];
  const bootable = end === undefined ? undefined : prepared.get(configuration.name)?.vms.get(end)?.bootable;
  if (first === undefined || bootable === undefined) throw new TapbenchError('HOST_INCAPABLE', 'nothing to boot');
  await using made = new AsyncDisposableStack();
  const folder = made.use(makeRunFolder(ledger, madeCacheFolder('work'), `shell-${String(process.pid)}-`)).path;
  const labName = `tapbench-${String(process.pid)}-shell`;
  const world = made.use(
    await makeWorld({
      // One guest is all that a console can be handed over of.
      configuration: { ...first.configuration, topology: 'vm-to-host', pairs: 1 },
      bootables: new Map([['client', bootable]]),
      ledger,
      labName,
      folder,
      bootDeadlineMs: experiment.bootTimeoutNs / 1e6,
      signal,
    }),
  );
  await step(onProgress, { text: 'boot', expectedNs: 2e9 }, async () => {
    await world.up;
  });
  const [machine] = world.machines;
  if (machine !== undefined) await use(machine.guest.channel);
}

import type { BootedFiles } from '../guest/facts.ts';
import { buildFacts } from '../host/binary-facts.ts';
import { isPvm } from '../host/kvm-verdict.ts';
import { tscKhz } from '../host/tsc-frequency.ts';
import type { Ledger } from '../lab/ledger.ts';
import type { Phases } from '../lab/phases.ts';
import type { OnProgress } from '../lab/progress.ts';
import { TapbenchError } from '../record/error.ts';
import type { Configuration, Experiment } from '../record/experiment.ts';
import type { HostFacts, ProgramFacts } from '../record/host.ts';
import { type AlikeVms, alikeVms, type End, hasVm } from '../record/topology.ts';
import type { VmmFacts } from '../record/trial.ts';
import { driverOf } from '../vmm/drivers.ts';
import type { Bootable } from '../world/boot.ts';
import { type OwnUserVerdict, ownUserRefusal, ownUserVerdict } from '../world/own-user.ts';
import { acceleratorFor } from './accelerator.ts';
import { BootFiles, bootImages } from './boot-files.ts';
import type { FoundPrograms } from './requirements.ts';

/** What a configuration boots at an end of its flows, found and tried. */
export interface PreparedVm {
  readonly bootable: Bootable;
  /** Read once, when they are first asked for: the whole program is looked through, for which a boot leaves time. */
  readonly vmmFacts: () => Promise<Omit<VmmFacts, 'argv' | 'files'>>;
  readonly booted: BootedFiles;
}

export interface Prepared {
  readonly configuration: Configuration;
  /** Where both ends have the same, it is the same object; empty where the topology has no VM. */
  readonly vms: ReadonlyMap<End, PreparedVm>;
}

export interface Preparation {
  /** By name of the configuration. */
  readonly prepared: ReadonlyMap<string, Prepared>;
  readonly kvm: HostFacts['kvm'];
}

/** What this machine tells only by processes. */
export interface Tried {
  readonly tscKhz: number | null;
  readonly ownUser: OwnUserVerdict;
}

export interface PrepareOptions {
  readonly experiment: Experiment;
  readonly ledger: Ledger;
  /** What is made for all boots of the run, and removed with it. */
  readonly made: DisposableStack;
  readonly phases: Phases;
  readonly onProgress: OnProgress;
  readonly found: FoundPrograms;
  readonly tried: Promise<Tried>;
  readonly signal: AbortSignal;
}

/** Devices that some VMM of the experiment may open. */
function devicesOf({ configurations }: Experiment): string[] {
  const needs = configurations
    .flatMap(alikeVms)
    .map(({ configuration: one }) => driverOf(one.vmm.kind).ownUser(one, one.vmm.accel === 'tcg' ? 'tcg' : 'kvm'));
  return [...new Set(needs.flatMap((need) => need?.devices ?? []))];
}

/** Begun before all else: the answers take longer than what else is looked at. A failure shows where it is awaited. */
export function tryMachine(experiment: Experiment): Promise<Tried> {
  const answers = Promise.all([tscKhz(), ownUserVerdict(devicesOf(experiment))]);
  const tried = answers.then(([khz, ownUser]) => ({ tscKhz: khz, ownUser }));
  tried.catch(() => undefined);
  return tried;
}

/** What could be judged only once `auto` was known. @throws TapbenchError `HOST_INCAPABLE` */
function demandPossible(configuration: Configuration, accel: 'kvm' | 'tcg'): void {
  const [refusal] = driverOf(configuration.vmm.kind).refusals(configuration, accel);
  if (refusal === undefined) return;
  throw new TapbenchError('HOST_INCAPABLE', `${configuration.name}: ${refusal.field} ${refusal.message}`, {
    hint: `vmm.accel: auto has become ${accel} on this host`,
  });
}

/** The VMM as it will be started. */
async function factsOf(
  { path, version, sha256 }: ProgramFacts,
  { kind, accel, setpriv }: { kind: string; accel: 'kvm' | 'tcg'; setpriv: string | null },
): Promise<Omit<VmmFacts, 'argv' | 'files'>> {
  const runsAs = setpriv === null ? 'tapbench-user' : 'own-user';
  return { kind, accel, path, version, sha256, ...(await buildFacts(path)), runsAs };
}

/** What all configurations with a VM are prepared from. */
interface Common {
  readonly options: PrepareOptions;
  readonly files: BootFiles;
  readonly tried: Tried;
  readonly isPvm: boolean;
}

/** Finds out what the VMs of a configuration that are alike boot with. @throws TapbenchError `HOST_INCAPABLE` */
async function prepareVms(
  { ends: [end], configuration }: AlikeVms,
  { options, files, tried, isPvm: pvm }: Common,
): Promise<PreparedVm & { readonly kvm: HostFacts['kvm'] | null }> {
  const { ledger, phases, onProgress, found, signal } = options;
  const program = end === undefined ? undefined : found.vmm.get(configuration.name)?.get(end);
  if (program === undefined) throw new TapbenchError('HOST_INCAPABLE', `no VMM for ${configuration.name}`);
  const { vmm } = configuration;
  const driver = driverOf(vmm.kind);
  const { ownUser } = tried;
  const refusal = await ownUserRefusal({ driver, binary: program.path }, configuration, ownUser);
  if (refusal !== null) onProgress({ kind: 'note', text: `${vmm.kind} runs as root: ${refusal}` });
  const setpriv = refusal === null && ownUser.isUsable ? ownUser.setpriv : null;
  const { booted, ...bootFiles } = await files.of(configuration, setpriv !== null);
  const base = {
    driver,
    binary: program.path,
    version: program.version,
    tscKhz: tried.tscKhz,
    isPvm: pvm,
    setpriv,
    ...bootFiles,
  };
  const boot = { vmmSha256: program.sha256, kernelSha256: booted.kernelSha256 };
  const { accel, kvm } = await phases.time(
    'accelerator',
    async () => await acceleratorFor({ configuration, bootable: base, boot, ledger, onProgress, signal }),
  );
  demandPossible(configuration, accel);
  const started = { kind: vmm.kind, accel, setpriv };
  let facts: ReturnType<typeof factsOf> | null = null;
  return {
    bootable: { ...base, accel },
    booted,
    vmmFacts: async () => await (facts ??= factsOf(program, started)),
    kvm,
  };
}

/** Brings the image and finds out what each configuration boots with. @throws TapbenchError `IMAGE_FAILED`, `HOST_INCAPABLE` */
export async function prepare(options: PrepareOptions): Promise<Preparation> {
  const { experiment, phases, onProgress } = options;
  const prepared = new Map<string, Prepared>();
  let kvm: HostFacts['kvm'] = { isUsable: false, reason: 'not tried: the experiment asks for an emulated CPU' };
  for (const configuration of experiment.configurations) {
    if (!hasVm(configuration)) prepared.set(configuration.name, { configuration, vms: new Map() });
  }
  const withVm = experiment.configurations.filter(hasVm);
  if (withVm.length === 0) return { prepared, kvm: { isUsable: false, reason: 'not tried: no VM is booted' } };
  const onImage = (text: string): void => {
    onProgress({ kind: 'note', text });
  };
  const [images, tried] = await Promise.all([
    phases.time('image', async () => await bootImages(onImage, withVm)),
    options.tried,
  ]);
  const files = new BootFiles({
    images,
    ledger: options.ledger,
    made: options.made,
    onStep: onImage,
    signal: options.signal,
  });
  const common = { options, files, tried, isPvm: isPvm() };
  for (const configuration of withVm) {
    const vms = new Map<End, PreparedVm>();
    for (const alike of alikeVms(configuration)) {
      const { kvm: verdict, ...vm } = await prepareVms(alike, common);
      kvm = verdict ?? kvm;
      for (const end of alike.ends) vms.set(end, vm);
    }
    prepared.set(configuration.name, { configuration, vms });
  }
  return { prepared, kvm };
}

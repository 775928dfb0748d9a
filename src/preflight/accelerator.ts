import { listImages } from '../guest/image/image-cache.ts';
import { cacheFolder, madeCacheFolder } from '../host/folders.ts';
import { hypervisor } from '../host/hypervisor.ts';
import {
  isPvm,
  type KvmBoot,
  type KvmVerdict,
  pvmWords,
  quickKvmFacts,
  recallKvm,
  rememberKvm,
} from '../host/kvm-verdict.ts';
import { machineFiles } from '../host/machine-files.ts';
import { monotonicNs } from '../lab/clock.ts';
import type { Ledger } from '../lab/ledger.ts';
import { type OnProgress, step } from '../lab/progress.ts';
import { makeRunFolder } from '../lab/run-folder.ts';
import { emulatedHypervisor } from '../record/emulated-hypervisor.ts';
import { TapbenchError } from '../record/error.ts';
import type { Configuration } from '../record/experiment.ts';
import { errorsInOrder } from '../record/first-error.ts';
import type { ProgramFacts } from '../record/host.ts';
import type { VmmDriver } from '../vmm/driver.ts';
import type { Bootable } from '../world/boot.ts';
import { makeWorld } from '../world/world.ts';

/** A guest on KVM is up in half a second; on a busy host in some. */
const kvmBootDeadlineMs = 15_000;
/** Where the machine itself is emulated: 6 to 15 s there, by what else the real one does. */
const emulatedBootDeadlineMs = 90_000;

function bootDeadlineMs(): number {
  return hypervisor(machineFiles()) === emulatedHypervisor ? emulatedBootDeadlineMs : kvmBootDeadlineMs;
}

export interface KvmTrial {
  readonly configuration: Configuration;
  readonly bootable: Omit<Bootable, 'accel'>;
  /** The verdict is of these. */
  readonly boot: KvmBoot;
  readonly ledger: Ledger;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/**
 * What is known without a boot: no device, not ours to open, a kernel that it does not run, or remembered from an earlier boot; null where only
 * a boot can tell.
 * @param isOwnKernel the user's, of which nothing is known; else that of the image, which is a distribution's
 */
export function knownKvmVerdict(boot: KvmBoot | null, isOwnKernel: boolean): KvmVerdict | null {
  const { device, error } = quickKvmFacts();
  if (device === 'absent') return { isUsable: false, reason: 'there is no /dev/kvm' };
  if (device === 'refused') return { isUsable: false, reason: `/dev/kvm can't be opened: ${error ?? 'unknown'}` };
  if (isPvm() && !isOwnKernel) return { isUsable: false, reason: `${pvmWords}; those of distributions are not` };
  return boot === null ? null : recallKvm(cacheFolder(), boot);
}

/** What is known of a guest of the newest image, which is what the next run boots. @param vmm null: there is none */
export async function imageKvmVerdict(vmm: ProgramFacts | null): Promise<KvmVerdict | null> {
  const newest = (await listImages(cacheFolder())).find(({ status }) => status === 'whole');
  const isThere = vmm !== null && newest?.status === 'whole';
  const boot = isThere ? { vmmSha256: vmm.sha256, kernelSha256: newest.image.manifest.parts.vmlinux.sha256 } : null;
  return knownKvmVerdict(boot, false);
}

/** Boots a guest on KVM, with a deadline: the only proof that KVM works. Remembered until the host reboots. */
async function tryKvm(trial: KvmTrial): Promise<KvmVerdict> {
  using folder = makeRunFolder(trial.ledger, madeCacheFolder('work'), `kvm-${String(process.pid)}-`);
  const startNs = monotonicNs();
  try {
    const { configuration, bootable, ledger } = trial;
    await using world = await makeWorld({
      // One guest tells it.
      configuration: { ...configuration, topology: 'vm-to-host', pairs: 1 },
      // What the user's own root file system may be wrong with is no matter of KVM's.
      bootables: new Map([['client', { ...bootable, accel: 'kvm', rootfs: null }]]),
      ledger,
      labName: `tapbench-${String(process.pid)}-kvm`,
      folder: folder.path,
      bootDeadlineMs: bootDeadlineMs(),
      signal: trial.signal,
    });
    await world.up;
    return { isUsable: true, reason: `a guest booted on it in ${((monotonicNs() - startNs) / 1e9).toFixed(1)} s` };
  } catch (error) {
    trial.signal.throwIfAborted();
    const [reason] = errorsInOrder(error);
    const said = reason instanceof TapbenchError ? (reason.message.split('\n')[0] ?? '') : String(reason);
    const kind = isPvm() ? `; ${pvmWords}` : '';
    return { isUsable: false, reason: `/dev/kvm opens, but this guest does not boot on it: ${said}${kind}` };
  }
}

/** Whether a configuration boots as the VMM does by itself: what is asked for beyond that (a jail, an initramfs of the user's own) may fail without KVM's doing. */
export function isStock({ guest, vmm }: Configuration, { options }: Pick<VmmDriver, 'options'>): boolean {
  const isOwn = guest.initrd !== null || guest.modules !== undefined || guest.kernelArguments !== '';
  return !isOwn && Object.entries(options).every(([name, { byDefault }]) => vmm.options[name] === byDefault);
}

/** Whether guests run on this machine's KVM. */
export async function kvmVerdict(trial: KvmTrial): Promise<KvmVerdict> {
  const known = knownKvmVerdict(trial.boot, trial.configuration.guest.kernel !== null);
  if (known !== null) return known;
  const text = 'try KVM by booting this guest on it (once until the host reboots)';
  const verdict = await step(
    trial.onProgress,
    { text, expectedNs: bootDeadlineMs() * 1e6, describe: (found) => found.reason },
    async () => await tryKvm(trial),
  );
  if (verdict.isUsable || isStock(trial.configuration, trial.bootable.driver))
    rememberKvm(cacheFolder(), trial.boot, verdict);
  return verdict;
}

/**
 * What a configuration's `accel` means here.
 * @throws TapbenchError `HOST_INCAPABLE` where KVM was demanded and can't be had
 */
export async function acceleratorFor(trial: KvmTrial): Promise<{ accel: 'kvm' | 'tcg'; kvm: KvmVerdict | null }> {
  const wanted = trial.configuration.vmm.accel;
  const { kind, capabilities } = trial.bootable.driver;
  const canEmulate = capabilities.accelerators.includes('tcg');
  if (wanted === 'tcg' && !canEmulate)
    throw new TapbenchError('EXPERIMENT_INVALID', `${kind} can't emulate: vmm.accel must be kvm or auto`);
  const isOwnKernel = trial.configuration.guest.kernel !== null;
  if (wanted === 'tcg') return { accel: 'tcg', kvm: knownKvmVerdict(trial.boot, isOwnKernel) };
  const verdict = await kvmVerdict(trial);
  if (verdict.isUsable) return { accel: 'kvm', kvm: verdict };
  if (wanted === 'auto' && canEmulate) return { accel: 'tcg', kvm: verdict };
  throw new TapbenchError('HOST_INCAPABLE', `${kind} is to run on KVM, but ${verdict.reason}`, {
    hint: [
      ...(canEmulate ? ['run with --set vmm.accel=tcg (an emulated CPU)'] : []),
      ...(isPvm() ? ['give a kernel that was built for PVM: --guest.kernel FILE'] : []),
      'run on a host whose KVM runs guests',
    ].join(', or '),
  });
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../host/folders.ts';
import { hypervisor } from '../host/hypervisor.ts';
import { type KvmVerdict, quickKvmFacts, recallKvm, rememberKvm } from '../host/kvm-verdict.ts';
import { machineFiles } from '../host/machine-files.ts';
import { monotonicNs } from '../lab/clock.ts';
import type { Ledger } from '../lab/ledger.ts';
import { emulatedHypervisor } from '../record/emulated-hypervisor.ts';
import { TapbenchError } from '../record/error.ts';
import type { Configuration } from '../record/experiment.ts';
import type { VmmDriver } from '../vmm/driver.ts';
import { abortOn } from './abort-on.ts';
import { type Bootable, startMachine } from './boot.ts';
import { type OnProgress, step } from './progress.ts';

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
  /** Of the VMM's binary: the verdict is of this one. */
  readonly vmmSha256: string;
  readonly ledger: Ledger;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/** What is known without a boot: no device, not ours to open, or remembered from an earlier boot; null where only a boot can tell. */
export function knownKvmVerdict(vmmSha256: string): KvmVerdict | null {
  const { device, error } = quickKvmFacts();
  if (device === 'absent') return { isUsable: false, reason: 'there is no /dev/kvm' };
  if (device === 'refused') return { isUsable: false, reason: `/dev/kvm can't be opened: ${error ?? 'unknown'}` };
  return recallKvm(cacheFolder(), vmmSha256);
}

/** Boots a guest on KVM, with a deadline: the only proof that KVM works. Remembered until the host reboots. */
async function tryKvm(trial: KvmTrial): Promise<KvmVerdict> {
  const folder = mkdtempSync(join(tmpdir(), 'tapbench-kvm-'));
  const settle = trial.ledger.note({ kind: 'folder', path: folder });
  const startNs = monotonicNs();
  try {
    const { configuration, bootable, ledger } = trial;
    const labName = `tapbench-${String(process.pid)}-kvm`;
    await using machine = await startMachine({
      configuration,
      bootable: { ...bootable, accel: 'kvm' },
      ledger,
      labName,
      folder,
    });
    using _abort = abortOn(trial.signal, machine);
    await machine.guest.channel.hello(bootDeadlineMs());
    return { isUsable: true, reason: `a guest booted on it in ${((monotonicNs() - startNs) / 1e9).toFixed(1)} s` };
  } catch (error) {
    trial.signal.throwIfAborted();
    const said = error instanceof TapbenchError ? (error.message.split('\n')[0] ?? '') : String(error);
    return { isUsable: false, reason: `/dev/kvm opens, but no guest boots on it: ${said}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    settle();
  }
}

/** Whether a configuration boots as the VMM does by itself: what is asked for beyond that (a jail, a kernel of the user's own) may fail without KVM's doing. */
export function isStock({ guest, vmm }: Configuration, { options }: Pick<VmmDriver, 'options'>): boolean {
  const isOwn = guest.kernel !== null || guest.initrd !== null || guest.kernelArguments !== '';
  return !isOwn && Object.entries(options).every(([name, { byDefault }]) => vmm.options[name] === byDefault);
}

/** Whether guests run on this machine's KVM. */
export async function kvmVerdict(trial: KvmTrial): Promise<KvmVerdict> {
  const known = knownKvmVerdict(trial.vmmSha256);
  if (known !== null) return known;
  const text = 'try KVM by booting a guest on it (once until the host reboots)';
  const verdict = await step(
    trial.onProgress,
    { text, expectedNs: bootDeadlineMs() * 1e6, describe: (found) => found.reason },
    async () => await tryKvm(trial),
  );
  if (verdict.isUsable || isStock(trial.configuration, trial.bootable.driver))
    rememberKvm(cacheFolder(), trial.vmmSha256, verdict);
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
  if (wanted === 'tcg') return { accel: 'tcg', kvm: knownKvmVerdict(trial.vmmSha256) };
  const verdict = await kvmVerdict(trial);
  if (verdict.isUsable) return { accel: 'kvm', kvm: verdict };
  if (wanted === 'auto' && canEmulate) return { accel: 'tcg', kvm: verdict };
  throw new TapbenchError('HOST_INCAPABLE', `${kind} is to run on KVM, but ${verdict.reason}`, {
    hint: canEmulate
      ? 'run with --set vmm.accel=tcg (an emulated CPU), or on a host whose KVM runs guests'
      : 'run on a host whose KVM runs guests',
  });
}

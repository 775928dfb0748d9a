import { buildFacts } from '../host/binary-facts.ts';
import { type Requirement, requirement } from '../host/check/requirement.ts';
import type { KvmVerdict } from '../host/kvm-verdict.ts';
import { refusalOf, TapbenchError } from '../record/error.ts';
import type { ProgramFacts } from '../record/host.ts';
import type { VmmDriver } from '../vmm/driver.ts';
import { drivers } from '../vmm/drivers.ts';
import { imageKvmVerdict } from './accelerator.ts';
import { lookForVmm } from './find-vmm.ts';

/** What a VMM as found here can't do; null where nothing stands in its way, as far as is known. */
function hindrance({ capabilities }: VmmDriver, kvm: KvmVerdict | null): string | null {
  if (capabilities.accelerators.includes('tcg') || kvm?.isUsable !== false) return null;
  return `it runs on KVM only: ${kvm.reason}`;
}

async function checkVmm(driver: VmmDriver): Promise<Requirement> {
  const shared = { name: `VMM ${driver.kind}`, isVital: false };
  const found = await lookForVmm(driver, null).catch(refusalOf);
  const meaning = `only for experiments with vmm.kind: ${driver.kind}`;
  if (found === null) return requirement({ ...shared, isOk: true, what: 'not found', meaning });
  if (found instanceof TapbenchError)
    return requirement({ ...shared, isOk: false, what: found.message, meaning, mend: found.hint });
  return requirement({ ...shared, meaning, ...(await judged(driver, found)) });
}

async function judged(driver: VmmDriver, vmm: ProgramFacts): Promise<{ isOk: boolean; what: string }> {
  const { path, version } = vmm;
  const { isStatic, isDebugBuild } = await buildFacts(path);
  const facts = [
    ...[version, path],
    ...(isStatic === true ? ['static'] : []),
    ...(isDebugBuild === true ? ['a debug build: its figures are not those of a release'] : []),
  ];
  const stands = hindrance(driver, await imageKvmVerdict(vmm));
  return {
    isOk: stands === null && isDebugBuild !== true,
    what: [...facts, ...(stands === null ? [] : [stands])].join(', '),
  };
}

/** Each VMM that there is a driver for: where it was found and what it can't do on this host. */
export async function checkVmms(): Promise<Requirement[]> {
  return await Promise.all([...drivers.values()].map(checkVmm));
}

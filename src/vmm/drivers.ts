import { TapbenchError } from '../record/error.ts';
import { cloudHypervisor } from './cloud-hypervisor/cloud-hypervisor.ts';
import type { VmmDriver } from './driver.ts';
import { firecracker } from './firecracker/firecracker.ts';
import { qemu } from './qemu/qemu.ts';

const all: readonly VmmDriver[] = [qemu, firecracker, cloudHypervisor];

/** Every VMM, by its name in experiments. */
export const drivers: ReadonlyMap<string, VmmDriver> = new Map(all.map((driver) => [driver.kind, driver]));

/** @throws TapbenchError `EXPERIMENT_INVALID` for a name that no driver has */
export function driverOf(kind: string): VmmDriver {
  const driver = drivers.get(kind);
  if (driver !== undefined) return driver;
  throw new TapbenchError('EXPERIMENT_INVALID', `no VMM is called "${kind}"`, {
    hint: `known are ${[...drivers.keys()].join(', ')}`,
  });
}

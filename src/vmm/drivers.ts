import type { VmmSpec } from '../record/experiment.ts';
import type { VmmDriver } from './driver.ts';
import { qemu } from './qemu.ts';

export const drivers: Readonly<Record<VmmSpec['kind'], VmmDriver>> = { qemu };

import { frequencyFolder } from './governor.ts';
import { hugepagesFile, ksmFile } from './memory.ts';
import { boost, noTurbo } from './turbo.ts';

const exact: readonly string[] = [ksmFile, hugepagesFile, noTurbo, boost];
/** Of one set of CPUs. */
const perPolicy = /^\/policy\d+\/(scaling_governor|energy_performance_preference)$/;

/** Whether `prepare` sets this file of the kernel. */
export function isPreparedSetting(path: string): boolean {
  const isOfPolicy = path.startsWith(frequencyFolder) && perPolicy.test(path.slice(frequencyFolder.length));
  return exact.includes(path) || isOfPolicy;
}

import type { VmmOptions } from '../record/experiment.ts';
import type { Refusal, VmmDriver } from './driver.ts';

/** The VMM's own options with its defaults filled in, and what is wrong with those that were given. */
export function resolveOptions(
  driver: VmmDriver,
  given: VmmOptions,
): { options: VmmOptions; refusals: readonly Refusal[] } {
  const known = Object.keys(driver.options);
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  const list = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
  const refusals: Refusal[] = unknown.map((name) => ({
    field: `vmm.options.${name}`,
    message: `${driver.kind} has no such option (${list})`,
  }));
  const options: VmmOptions = {};
  for (const [name, { value, byDefault }] of Object.entries(driver.options)) {
    const result = value.safeParse(given[name] ?? byDefault);
    if (result.success) options[name] = result.data;
    else
      refusals.push({
        field: `vmm.options.${name}`,
        message: result.error.issues.map((one) => one.message).join('; '),
      });
  }
  return { options, refusals };
}

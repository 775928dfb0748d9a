import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileSha256 } from '../host/program.ts';
import { TapbenchError } from '../record/error.ts';
import type { Experiment } from '../record/experiment.ts';
import { problemOf } from '../store/plain-file.ts';
import { rootfsProblem } from './rootfs.ts';

/** Larger than any kernel or initramfs: a guest would need as much memory twice. */
const mostBytes = 2 * 1024 ** 3;

function problemWith(path: string): string | null {
  const problem = problemOf(path);
  if (problem === 'absent') return 'no such file';
  if (problem !== null) return problem;
  return statSync(path).size > mostBytes ? `it is larger than ${String(mostBytes / 1024 ** 3)} GiB` : null;
}

/** The lists that a kernel's build leaves beside its modules. */
const moduleLists = ['modules.order', 'modules.builtin'];

function modulesProblem(path: string): string | null {
  const missing = moduleLists.find((list) => problemOf(join(path, list)) !== null);
  if (missing === undefined) return null;
  return `it has no ${missing}: give lib/modules/RELEASE of the kernel, as its package or its build made it`;
}

/**
 * Refuses a kernel or an initramfs of the user's own that is no file, and a root file system that is none, without opening it: reading a pipe or a device would never end.
 * @throws TapbenchError `EXPERIMENT_INVALID` with each of them
 */
export function demandGuestFiles({ configurations }: Pick<Experiment, 'configurations'>): void {
  const named = configurations.flatMap(({ guest }) => [
    ['guest.kernel', guest.kernel] as const,
    ['guest.initrd', guest.initrd] as const,
  ]);
  const problems = [
    ...named.map(([field, path]) => [field, path, problemWith] as const),
    ...configurations.flatMap(({ guest }) => [
      ['guest.rootfs', guest.rootfs ?? null, rootfsProblem] as const,
      ['guest.modules', guest.modules ?? null, modulesProblem] as const,
    ]),
  ];
  const lines = problems.flatMap(([field, path, look]) => {
    const problem = path === null ? null : look(path);
    return path === null || problem === null ? [] : [`${field}: ${path}: ${problem}`];
  });
  const [first, ...others] = new Set(lines);
  if (first !== undefined) throw new TapbenchError('EXPERIMENT_INVALID', first, { lines: others });
}

/** Checksum of the user's own kernel or initramfs. @throws TapbenchError `EXPERIMENT_INVALID` where it can't be read */
export async function guestFileSha256(field: string, path: string): Promise<string> {
  try {
    return await fileSha256(path);
  } catch (cause) {
    throw new TapbenchError('EXPERIMENT_INVALID', `${field}: ${path} can't be read`, { cause });
  }
}

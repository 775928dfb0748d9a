import { statSync } from 'node:fs';
import { fileSha256 } from '../host/program.ts';
import { TapbenchError } from '../record/error.ts';
import type { Experiment } from '../record/experiment.ts';
import { problemOf } from '../store/plain-file.ts';

/** Larger than any kernel or initramfs: a guest would need as much memory twice. */
const mostBytes = 2 * 1024 ** 3;

function problemWith(path: string): string | null {
  const problem = problemOf(path);
  if (problem === 'absent') return 'no such file';
  if (problem !== null) return problem;
  return statSync(path).size > mostBytes ? `it is larger than ${String(mostBytes / 1024 ** 3)} GiB` : null;
}

/**
 * Refuses a kernel or an initramfs of the user's own that is no file, without opening it: reading a pipe or a device would never end.
 * @throws TapbenchError `EXPERIMENT_INVALID` with each of them
 */
export function demandGuestFiles({ configurations }: Pick<Experiment, 'configurations'>): void {
  const named = configurations.flatMap(({ guest }) => [
    ['guest.kernel', guest.kernel] as const,
    ['guest.initrd', guest.initrd] as const,
  ]);
  const lines = named.flatMap(([field, path]) => {
    const problem = path === null ? null : problemWith(path);
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

import { realpath } from 'node:fs/promises';
import { findExecutable } from '../../lab/executable.ts';
import { TapbenchError } from '../../record/error.ts';
import { installHint } from '../../workload/programs.ts';
import { imageRequirements } from './image-requirements-table.ts';

/** The path of a program, symbolic links followed; null when it is not installed. */
export async function findProgram(name: string): Promise<string | null> {
  const path = await findExecutable(name);
  return path === null ? null : await realpath(path);
}

/** @throws TapbenchError `IMAGE_FAILED` naming the Debian package that brings it */
export async function demandProgram(name: string): Promise<string> {
  const path = await findProgram(name);
  if (path !== null) return path;
  const requirement = imageRequirements.find(({ program }) => program === name);
  throw new TapbenchError(
    'IMAGE_FAILED',
    `${name} is not installed: the guest image needs it (${requirement?.purpose ?? ''})`,
    {
      hint: installHint([requirement?.debianPackage ?? name]),
    },
  );
}

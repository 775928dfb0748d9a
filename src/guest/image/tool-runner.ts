import { dirname } from 'node:path';
import { elfInterpreter, isElf, readElf } from './elf.ts';

/** Where the guest has the script rootfs/enter.sh, without leading slash. */
export const rootfsScriptPath = 'enter.sh';

/** As enter.sh names them: where it mounts the user's root file system, and what programs in that see of ours. */
const root = '/rootfs';
const ours = '/run/tapbench-tools';

const programFolder = 'bin/';

/** Loader and libraries by name: those of the user's root file system are another build, or another C library. */
function startOf(path: string, loader: string | null, libraryFolder: string): string {
  const program = `${ours}/${path}`;
  return loader === null ? program : `${ours}${loader} --library-path ${ours}/${libraryFolder} ${program}`;
}

/**
 * Scripts that run our tools in a root file system of the user's own, by their path in the guest. Not busybox, which is the guest's own shell.
 * @param files of the image, by their path in the guest
 */
export function toolRunners(files: ReadonlyMap<string, Uint8Array>): Map<string, string> {
  // All libraries are where the C library is: see `guestLibraryPath`.
  const libc = [...files.keys()].find((path) => /\/libc\.(so|musl)/.test(path)) ?? 'lib/libc.so';
  const programs = [...files].filter(([path]) => path.startsWith(programFolder) && path !== 'bin/busybox');
  return new Map(
    programs.map(([path, content]) => {
      const bytes = Buffer.from(content);
      const loader = isElf(bytes) ? elfInterpreter(readElf(bytes, path)) : null;
      const start = startOf(path, loader, dirname(libc));
      return [`runners/${path.slice(programFolder.length)}`, `#!/bin/sh\nexec chroot ${root} ${start} "$@"\n`];
    }),
  );
}

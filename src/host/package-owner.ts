import { run } from '../lab/process.ts';

const options = { deadlineMs: 30_000, acceptsFailure: true, env: { LC_ALL: 'C' } };

/** dpkg knows a file by the path that its package used, which on a merged /usr may lack the /usr that it really lies in. */
function spellings(path: string): string[] {
  return path.startsWith('/usr/') ? [path, path.slice('/usr'.length)] : [path, `/usr${path}`];
}

/** `package=version` of the Debian package that owns a file (symbolic links already followed); null where none does, or there is no dpkg. */
export async function packageOwner(path: string): Promise<string | null> {
  try {
    // Exit status 1 says only that one of the spellings is not owned.
    const search = await run(['dpkg-query', '--search', ...spellings(path)], options);
    const owner = /^([a-z0-9][^ ,]*?)(?:, .*)?: \//m.exec(search.stdout)?.[1];
    if (owner === undefined) return null;
    const shown = await run(['dpkg-query', '--show', '--showformat=${Package}=${Version}', owner], options);
    return shown.exitStatus === 0 ? shown.stdout : null;
  } catch {
    return null;
  }
}

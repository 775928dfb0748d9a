import { run } from '../../lab/process.ts';

const deadlineMs = 30_000;
const environment = { LC_ALL: 'C' };

/** dpkg knows a file by the path that its package used, which on a merged /usr may lack the /usr that the file really lies in. */
function namesOf(path: string): string[] {
  return path.startsWith('/usr/') ? [path, path.slice('/usr'.length)] : [path, `/usr${path}`];
}

/** Reads `dpkg-query --search`: `PACKAGE[:ARCHITECTURE][, ...]: PATH`. Gives package by path; diversions are left out. */
export function parseOwners(text: string): Map<string, string> {
  const owners = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, owner, path] = /^([a-z0-9][^ ,]*)(?:, [^:]+(?::[a-z0-9-]+)?)*: (\/.*)$/.exec(line) ?? [];
    if (owner !== undefined && path !== undefined) owners.set(path, owner);
  }
  return owners;
}

/** `package=version` by path, of those files that a package owns; none where there is no dpkg. */
export async function findHostPackages(paths: readonly string[]): Promise<Map<string, string>> {
  const options = { deadlineMs, env: environment, acceptsFailure: true };
  // Exit status 1 says only that some path is not owned.
  const search = await run(['dpkg-query', '--search', ...paths.flatMap(namesOf)], options);
  const owners = parseOwners(search.stdout);
  const packages = [...new Set(owners.values())];
  if (packages.length === 0) return new Map();
  const shown = await run(
    ['dpkg-query', '--show', '--showformat=${binary:Package} ${Package}=${Version}\\n', ...packages],
    options,
  );
  const versions = new Map(
    shown.stdout.split('\n').flatMap((line) => {
      const [name, version] = line.split(' ');
      return name === undefined || version === undefined ? [] : [[name, version] as const];
    }),
  );
  return new Map(
    paths.flatMap((path) => {
      const owner = namesOf(path)
        .map((name) => owners.get(name))
        .find((name) => name !== undefined);
      const version = owner === undefined ? undefined : versions.get(owner);
      return version === undefined ? [] : [[path, version] as const];
    }),
  );
}

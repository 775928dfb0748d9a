import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { readElfHeader } from '../host/elf-header.ts';
import { cacheFolder } from '../host/folders.ts';
import { findPrograms } from '../host/program.ts';
import { findExecutable } from '../lab/executable.ts';
import { TapbenchError } from '../record/error.ts';
import type { Configuration } from '../record/experiment.ts';
import type { ProgramFacts } from '../record/host.ts';
import type { VmmDriver } from '../vmm/driver.ts';
import { driverOf } from '../vmm/drivers.ts';

/** The names a VMM may be found under, in order of preference. `binary`: the user's own; null: none. */
function vmmNames(driver: VmmDriver, binary: string | null): string[] {
  if (binary !== null) return [binary];
  const folder = process.env['TAPBENCH_VMM_DIR'];
  const names = driver.binaryNames;
  return [...(folder === undefined ? [] : names.map((name) => `${folder}/${name}`)), ...names];
}

function incapable(message: string, hint: string): TapbenchError {
  return new TapbenchError('HOST_INCAPABLE', message, { hint });
}

/** A file that the user pointed at and that can't be run must not be passed over for another one. `isNamed`: the path itself was given, not the folder. */
async function demandExecutable(path: string, isNamed: boolean): Promise<void> {
  const stats = await stat(path).catch(() => null);
  if (stats === null && isNamed) throw incapable(`${path}: no such file`, 'vmm.binary must be the path of the VMM');
  if (stats === null) return;
  if (!stats.isFile()) throw incapable(`${path} is no file`, 'vmm.binary must be the path of the program itself');
  const isExecutable = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isExecutable) throw incapable(`${path} is not executable`, `chmod +x ${path}`);
  const header = await readElfHeader(path).catch(() => null);
  if (header === null || header.architecture === process.arch) return;
  throw incapable(
    `${path} is built for ${header.architecture}, this machine is ${process.arch}`,
    'take the build for this architecture',
  );
}

/** The version that the driver reads; `unknown` for the answer of another program. */
function versionBy(driver: VmmDriver, output: string): string {
  try {
    return driver.parseVersion(output);
  } catch {
    return 'unknown';
  }
}

function demandVersion(driver: VmmDriver, { path, version }: ProgramFacts, configuration?: Configuration): void {
  const refusal = driver.refusesVersion(version, configuration);
  if (refusal !== null) throw incapable(`${path}: ${refusal}`, 'set vmm.binary to another version');
}

/** Why a device can't be opened; null where it can. Its node may be there without the module behind it: only opening tells, and loads a module that is installed. */
async function openError(device: string): Promise<string | null> {
  try {
    await (await open(device, constants.O_RDWR)).close();
    return null;
  } catch (cause) {
    return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  }
}

async function demandNeeds(configuration: Configuration, driver: VmmDriver, vmmPath: string): Promise<void> {
  for (const { kind, name, field, mend } of driver.needs(configuration)) {
    if (kind === 'program') {
      const beside = vmmPath.replace(/[^/]*$/, name);
      if ((await findExecutable(beside)) === null)
        throw incapable(`${field} needs ${name}, which is not beside ${vmmPath}`, mend);
      continue;
    }
    if (kind === 'static-build') {
      if ((await readElfHeader(vmmPath))?.isStatic !== true)
        throw incapable(`${field} needs ${name}, not ${vmmPath}`, mend);
      continue;
    }
    const error = await openError(name);
    if (error === null) continue;
    throw incapable(
      `${field} needs ${name}, which ${error === 'ENOENT' ? 'is not there' : `can't be opened: ${error}`}`,
      mend,
    );
  }
}

/** The binary of a VMM; null where there is none under any of its names. @throws TapbenchError `HOST_INCAPABLE` where it can't be run here or is another program */
export async function lookForVmm(driver: VmmDriver, binary: string | null): Promise<ProgramFacts | null> {
  const names = vmmNames(driver, binary);
  for (const name of names) if (name.includes('/')) await demandExecutable(name, binary !== null);
  const queries = names.map((name) => ({
    name,
    versionArguments: driver.versionArguments,
    parser: driver.kind,
    parseVersion: (output: string) => versionBy(driver, output),
  }));
  const found = (await findPrograms(queries, { cacheFolder: cacheFolder() })).find((program) => program !== null);
  if (found === undefined) return null;
  if (found.version === 'unknown') {
    const asked = [found.path, ...driver.versionArguments].join(' ');
    throw incapable(
      `${found.path} is no ${driver.kind}: "${asked}" does not answer like one`,
      'set vmm.binary to the right program',
    );
  }
  demandVersion(driver, found);
  return found;
}

/** @throws TapbenchError `HOST_INCAPABLE` where it is missing, can't be run here or is another program */
export async function demandVmm(driver: VmmDriver, binary: string | null): Promise<ProgramFacts> {
  const found = await lookForVmm(driver, binary);
  if (found !== null) return found;
  const hint = 'set vmm.binary, TAPBENCH_VMM_DIR or PATH';
  throw incapable(
    `no ${driver.kind} binary: looked for ${vmmNames(driver, binary).join(', ')}`,
    driver.debianPackage === null ? hint : `apt-get install ${driver.debianPackage}, or ${hint}`,
  );
}

/**
 * The binary of a configuration's VMM, with what else the VMM needs of this host.
 * @throws TapbenchError `HOST_INCAPABLE` where it is missing, can't be run here or has the wrong version
 */
export async function findVmm(configuration: Configuration): Promise<ProgramFacts> {
  const { kind, binary } = configuration.vmm;
  const driver = driverOf(kind);
  const found = await demandVmm(driver, binary);
  demandVersion(driver, found, configuration);
  await demandNeeds(configuration, driver, found.path);
  return found;
}

import { installHint } from '../../workload/programs.ts';
import { findPrograms } from '../program.ts';
import { type LabProgram, labPrograms } from './lab-programs-table.ts';
import { type Requirement, requirement } from './requirement.ts';

/** Each program of the lab, with its version and package. */
export async function checkPrograms(
  cacheFolder: string,
  programs: readonly LabProgram[] = labPrograms,
): Promise<Requirement[]> {
  const found = await findPrograms(programs, { cacheFolder });
  return programs.map((program, index) => {
    const facts = found[index] ?? null;
    return requirement({
      name: program.name,
      isOk: facts !== null,
      what: facts === null ? 'not found' : `${facts.version} (${facts.path}, ${facts.package ?? 'of no package'})`,
      meaning: program.meaning,
      mend: installHint([program.debianPackage], 'apt-get install -y --no-install-recommends'),
      isVital: program.isVital,
    });
  });
}

import { knownKvmVerdict } from '../../experiment/accelerator.ts';
import type { Requirement } from '../../host/check/requirement.ts';
import { examineHost } from '../../host/doctor.ts';
import { cacheFolder, storeFolder } from '../../host/folders.ts';
import { findProgram } from '../../host/program.ts';
import { drivers } from '../../vmm/drivers.ts';
import { doctorTable } from '../doctor-table.ts';
import { readOptions, storeOptions } from '../options.ts';
import { print } from '../output.ts';
import { stdoutLook } from '../terminal.ts';

const cannotRun = 3;

/** `tapbench doctor` */
export async function doctorCommand(given: object): Promise<void> {
  const { store, json } = readOptions(storeOptions, given);
  const cache = cacheFolder();
  const vmm = await findProgram(drivers.qemu.binaryNames[0] ?? '', { cacheFolder: cache });
  const kvm = vmm === null ? null : knownKvmVerdict(vmm.sha256);
  const requirements: Requirement[] = await examineHost({ cacheFolder: cache, storeFolder: storeFolder(store), kvm });
  const isPossible = !requirements.some(({ isVital, status }) => isVital && status === 'missing');
  await print(
    json ? JSON.stringify({ canRun: isPossible, requirements }, null, 2) : doctorTable(requirements, stdoutLook()),
  );
  if (!isPossible) process.exitCode = cannotRun;
}

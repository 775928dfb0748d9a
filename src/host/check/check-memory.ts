import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { MachineFiles } from '../machine-files.ts';
import { memoryFacts, memoryInfoBytes } from '../memory-facts.ts';
import { type Requirement, requirement } from './requirement.ts';

const mebibyte = 1024 ** 2;
/** A guest of the built-in experiments, its VMM and the tools, with air. */
const neededMemoryBytes = 512 * mebibyte;
/** An image, its kernel package while it is unpacked, and logs of every message. */
const neededDiskBytes = 512 * mebibyte;

const mebibytes = (bytes: number): string => `${String(Math.round(bytes / mebibyte))} MiB`;

/** The folder itself, or the nearest one above it that exists. */
function existing(folder: string): string {
  return existsSync(folder) || folder === dirname(folder) ? folder : existing(dirname(folder));
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function checkDisk(name: string, folder: string): Requirement {
  const place = existing(folder);
  const { bavail, bsize } = statfsSync(place);
  const freeBytes = bavail * bsize;
  const canWrite = isWritable(place);
  return requirement({
    name,
    isOk: canWrite && freeBytes >= neededDiskBytes,
    what: `${folder}: ${mebibytes(freeBytes)} free${canWrite ? '' : ', not writable'}`,
    meaning: `a run needs about ${mebibytes(neededDiskBytes)} there`,
    mend: name === 'store folder' ? 'choose another: --store DIR or TAPBENCH_STORE' : 'choose another: XDG_CACHE_HOME',
    isVital: true,
  });
}

/** VIRTIO_BALLOON_F_REPORTING (virtio 1.2, 5.5.3). */
const reportingBit = 5;

/** Whether a balloon of this machine, which is then a guest itself, gives the memory that is freed here back to its host. */
function givesFreedMemoryBack(files: MachineFiles): boolean {
  const driver = '/sys/bus/virtio/drivers/virtio_balloon';
  return files.names(driver).some((name) => files.text(`${driver}/${name}/features`)?.[reportingBit] === '1');
}

function checkFreedMemory(files: MachineFiles): Requirement {
  const isGivenBack = givesFreedMemoryBack(files);
  return requirement({
    name: 'freed memory',
    isOk: !isGivenBack,
    what: isGivenBack ? 'given back to the hypervisor (free page reporting)' : 'stays with this machine',
    meaning: 'memory that was given back is slow when it is used again: boots take longer, and figures scatter more',
    isVital: false,
  });
}

function checkMemory(files: MachineFiles): Requirement[] {
  const available = memoryInfoBytes(files, 'MemAvailable');
  const facts = memoryFacts(files);
  return [
    requirement({
      name: 'memory',
      isOk: available === null || available >= neededMemoryBytes,
      what: `${available === null ? 'unknown' : mebibytes(available)} available of ${mebibytes(facts.totalBytes)}`,
      meaning: `a guest and its VMM need about ${mebibytes(neededMemoryBytes)}`,
      isVital: true,
    }),
    requirement({
      name: 'page merging (KSM)',
      isOk: facts.isKsmRunning !== true,
      what: facts.isKsmRunning === null ? 'not in this kernel' : facts.isKsmRunning ? 'running' : 'stopped',
      meaning: 'merging takes CPU time in the middle of windows',
      mend: "sh -c 'echo 0 >/sys/kernel/mm/ksm/run'",
      isVital: false,
    }),
    requirement({
      name: 'huge pages',
      isOk: true,
      what: facts.transparentHugepages ?? 'not in this kernel',
      meaning: 'changes what guest memory costs: compare only runs with the same',
      isVital: false,
    }),
    checkFreedMemory(files),
  ];
}

/** Memory, and room on disk for the cache and the store. */
export function checkSpace(files: MachineFiles, folders: { cacheFolder: string; storeFolder: string }): Requirement[] {
  return [
    ...checkMemory(files),
    checkDisk('cache folder', folders.cacheFolder),
    checkDisk('store folder', folders.storeFolder),
  ];
}

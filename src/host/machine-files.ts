import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files in which the kernel and the distribution say what the machine is. A root other than `/` is a recorded machine. */
export interface MachineFiles {
  /** Its text without the white space around it; null where it is absent, unreadable or empty. */
  text(path: string): string | null;
  /** As `text`, as a number; null where it is none. */
  number(path: string): number | null;
  bytes(path: string): Buffer | null;
  /** Names in a folder, sorted as versions are (cpu2 before cpu10); none where it is absent. */
  names(path: string): string[];
}

const mostDigits = 20;

/** Each number in a name as wide as all others. Intl.Collator knows such an order too, and takes 6 ms to be made, at every start. */
function versionKey(name: string): string {
  return name.replaceAll(/\d+/g, (digits) => digits.padStart(mostDigits, '0'));
}

function byVersion(a: string, b: string): number {
  const [first, second] = [versionKey(a), versionKey(b)];
  if (first === second) return 0;
  return first < second ? -1 : 1;
}

/** Reads at once: files of procfs and sysfs have no disk to wait for, and a thread's hand-over costs more than the read. */
export function machineFiles(root = '/'): MachineFiles {
  const bytes = (path: string): Buffer | null => {
    try {
      return readFileSync(join(root, path));
    } catch {
      return null;
    }
  };
  const text = (path: string): string | null => {
    const content = bytes(path)?.toString('utf8').trim();
    return content === undefined || content === '' ? null : content;
  };
  return {
    bytes,
    text,
    number: (path) => {
      const content = text(path);
      const value = content === null ? Number.NaN : Number(content);
      return Number.isFinite(value) ? value : null;
    },
    names: (path) => {
      try {
        return readdirSync(join(root, path)).sort(byVersion);
      } catch {
        return [];
      }
    },
  };
}

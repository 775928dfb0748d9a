import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { makeOwnFolder } from '../lab/own-folder.ts';
import { cacheUse } from './folders.ts';
import { machineFiles } from './machine-files.ts';

/** Over no file and through no link. */
const newFile = { flag: 'wx', mode: 0o600 } as const;

const verdict = z.strictObject({ isUsable: z.boolean(), reason: z.string() });
type Verdict = z.infer<typeof verdict>;

const verdictFile = z.strictObject({
  schemaVersion: z.literal(2),
  bootId: z.string(),
  /** By what was tried with what. */
  verdicts: z.record(z.string(), verdict),
});

function bootId(): string {
  return machineFiles().text('/proc/sys/kernel/random/boot_id') ?? 'unknown';
}

/** What trying has shown since the host booted. What an earlier boot had shown says nothing: kernel, firmware or hypervisor may have changed. */
export class VerdictMemory {
  readonly #folder: string;
  readonly #file: string;

  /** @param folder of remembered facts; may be removed at any time */
  constructor(folder: string, kind: 'kvm' | 'tracing') {
    this.#folder = folder;
    this.#file = join(folder, `${kind}-verdict.json`);
  }

  #ofThisBoot(): Record<string, Verdict> {
    try {
      const stored = verdictFile.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
      return stored.bootId === bootId() ? stored.verdicts : {};
    } catch {
      return {};
    }
  }

  /** null: nobody has tried. */
  recall(key: string): Verdict | null {
    return this.#ofThisBoot()[key] ?? null;
  }

  /** Until the host reboots. Where it can't be written, the next one tries again. */
  remember(key: string, verdict: Verdict): void {
    const verdicts = { ...this.#ofThisBoot(), [key]: verdict };
    const draft = `${this.#file}.${String(process.pid)}`;
    try {
      makeOwnFolder(this.#folder, cacheUse);
      rmSync(draft, { force: true });
      writeFileSync(draft, JSON.stringify({ schemaVersion: 2, bootId: bootId(), verdicts }), newFile);
      renameSync(draft, this.#file);
    } catch {
      // See above.
    }
  }
}

import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openNewFile, readOwnFile } from './own-file.ts';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts';
import { inFolder } from './runtime-folder.ts';

/** One thing that a run makes on the host, with what it takes to undo it. */
const entrySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('namespace'), name: z.string() }),
  z.strictObject({
    kind: z.literal('process'),
    pid: z.int().positive(),
    startTime: z.string(),
    what: z.string(),
    /** Whom it runs as; absent: as this user. */
    userId: z.int().nonnegative().optional(),
  }),
  /** One that a VMM is started as: all that it runs ends with it. */
  z.strictObject({ kind: z.literal('user'), userId: z.int().positive() }),
  z.strictObject({ kind: z.literal('folder'), path: z.string() }),
  /** A file of the kernel that was set from `before` to `after`. */
  z.strictObject({ kind: z.literal('setting'), path: z.string(), before: z.string(), after: z.string() }),
  /** A process of somebody else that was stopped (SIGSTOP) and is to go on. */
  z.strictObject({
    kind: z.literal('stopped-process'),
    pid: z.int().positive(),
    startTime: z.string(),
    what: z.string(),
  }),
]);
export type LedgerEntry = z.infer<typeof entrySchema>;

const lineSchema = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('owner'), pid: z.int(), startTime: z.string(), command: z.string() }),
  z.strictObject({ event: z.literal('make'), id: z.int(), entry: entrySchema }),
  z.strictObject({ event: z.literal('gone'), id: z.int() }),
]);

/** What a ledger file says: who wrote it, and what is not yet gone, in the order in which it was made. */
export interface LedgerContent {
  readonly file: string;
  readonly owner: ProcessIdentity & { readonly command: string };
  readonly standing: readonly LedgerEntry[];
}

/**
 * Writes down what this process makes, before it is made; a process that dies at any moment leaves a file that tells `clean` what to undo.
 * The file lives on a memory file system that ends with the host's boot, as the things themselves do.
 */
export class Ledger {
  readonly #file: string;
  readonly #descriptor: number;
  #nextId = 1;

  private constructor(file: string, descriptor: number) {
    this.#file = file;
    this.#descriptor = descriptor;
  }

  /** @param folder of all ledgers of this user */
  static open(folder: string, command: string): Ledger {
    const owner = ownIdentity();
    // A process has several where something of an earlier one still stands.
    const name = `${randomBytes(3).toString('hex')}-${String(owner.pid)}-${owner.startTime}.jsonl`;
    const file = join(folder, name);
    const ledger = new Ledger(
      file,
      inFolder(folder, () => openNewFile(file)),
    );
    ledger.#write({ event: 'owner', ...owner, command });
    return ledger;
  }

  #write(line: z.infer<typeof lineSchema>): void {
    writeSync(this.#descriptor, `${JSON.stringify(line)}\n`);
    fsyncSync(this.#descriptor);
  }

  /** Notes a thing that is about to be made; call the result when it's gone. */
  note(entry: LedgerEntry): () => void {
    const id = this.#nextId++;
    this.#write({ event: 'make', id, entry });
    return () => {
      this.#write({ event: 'gone', id });
    };
  }

  /** Removes the file if nothing in it still stands. */
  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
    const content = readLedger(this.#file);
    if (content === null || content.standing.length === 0) rmSync(this.#file, { force: true });
  }
}

/**
 * null for a file that is gone. A torn last line (the owner died while it wrote) is passed over: its thing was not made.
 * @throws Error that says why the file is none of ours: nothing in it is believed
 */
export function readLedger(file: string): LedgerContent | null {
  const text = readOwnFile(file);
  if (text === null) return null;
  let owner: LedgerContent['owner'] | null = null;
  const standing = new Map<number, LedgerEntry>();
  for (const line of text.split('\n')) {
    const parsed = lineSchema.safeParse(parseJson(line));
    if (!parsed.success) continue;
    if (parsed.data.event === 'owner') owner = parsed.data;
    else if (parsed.data.event === 'make') standing.set(parsed.data.id, parsed.data.entry);
    else standing.delete(parsed.data.id);
  }
  return { file, owner: owner ?? ownerInName(file), standing: [...standing.values()] };
}

/** A file whose owner died before its first line still has the owner in its name. */
function ownerInName(file: string): LedgerContent['owner'] {
  const [, pid, startTime] = /(\d+)-(\d+)\.jsonl$/.exec(file) ?? [];
  return { pid: Number(pid ?? 0), startTime: startTime ?? '', command: 'unknown' };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  } catch {
    return [];
  }
}

/** The ledgers of a folder, oldest first. */
export interface Ledgers {
  readonly dead: readonly LedgerContent[];
  readonly live: readonly LedgerContent[];
  /** Files that are none of ours, and why. */
  readonly foreign: readonly { readonly file: string; readonly reason: string }[];
}

export function readLedgers(folder: string): Ledgers {
  const dead: LedgerContent[] = [];
  const live: LedgerContent[] = [];
  const foreign: { file: string; reason: string }[] = [];
  for (const file of namesIn(folder).map((name) => join(folder, name))) {
    try {
      const content = readLedger(file);
      if (content !== null) (isAlive(content.owner) ? live : dead).push(content);
    } catch (error) {
      foreign.push({ file, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { dead, live, foreign };
}

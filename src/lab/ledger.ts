import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts';
import { inFolder } from './runtime-folder.ts';

/** One thing that a run makes on the host, with what it takes to undo it. */
const entrySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('namespace'), name: z.string() }),
  z.strictObject({ kind: z.literal('process'), pid: z.int(), startTime: z.string(), what: z.string() }),
  z.strictObject({ kind: z.literal('folder'), path: z.string() }),
  /** A file of the kernel that was set from `before` to `after`. */
  z.strictObject({ kind: z.literal('setting'), path: z.string(), before: z.string(), after: z.string() }),
  /** A process of somebody else that was stopped (SIGSTOP) and is to go on. */
  z.strictObject({ kind: z.literal('stopped-process'), pid: z.int(), startTime: z.string(), what: z.string() }),
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
    const file = join(folder, `${String(owner.pid)}-${owner.startTime}.jsonl`);
    const ledger = new Ledger(
      file,
      inFolder(folder, () => openSync(file, 'a', 0o600)),
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

/** null for a file that is gone. A torn last line (the owner died while it wrote) is passed over: its thing was not made. */
export function readLedger(file: string): LedgerContent | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
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

/** Ledgers whose owners are dead, oldest first, and the owners that live. */
export function readLedgers(folder: string): { dead: LedgerContent[]; live: LedgerContent[] } {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  } catch {
    names = [];
  }
  const all = names.map((name) => readLedger(join(folder, name))).filter((content) => content !== null);
  return { dead: all.filter((one) => !isAlive(one.owner)), live: all.filter((one) => isAlive(one.owner)) };
}

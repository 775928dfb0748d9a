import { existsSync, rmSync, statSync } from 'node:fs';
import { TapbenchError } from '../record/error.ts';
import { endProcessesOf } from './end-user.ts';
import { type LedgerContent, type LedgerEntry, readLedgers } from './ledger.ts';
import { run } from './process.ts';
import { allProcesses, identityOf, isAlive } from './process-identity.ts';
import { restoreSetting } from './setting.ts';
import { continueProcess } from './stopped-process.ts';
import { type Undoable, undoRefusal } from './undoable.ts';
import { waitFor } from './wait.ts';

export interface CleanReport {
  /** What was undone, in words. */
  readonly removed: readonly string[];
  /** What a dead run had changed and somebody else has changed since: left as it is. */
  readonly left: readonly string[];
  /** What could not be undone, and why. */
  readonly failed: readonly string[];
  /** Runs that live and were left alone. */
  readonly live: readonly { pid: number; command: string }[];
}

const deadlineMs = 10_000;

/** @returns false where it is gone */
function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** Kills one process and waits until it's gone. */
async function end(pid: number): Promise<void> {
  const identity = identityOf(pid);
  if (identity === null || !kill(pid)) return;
  const isGone = await waitFor(() => (isAlive(identity) ? null : true), { deadlineMs, intervalMs: 10 });
  if (isGone === null) throw new TapbenchError('LAB_FAILED', `process ${String(pid)} does not die`);
}

/** A namespace is one device and inode (namespaces(7)). */
function namespaceIdentity(path: string): string {
  const { dev, ino } = statSync(path);
  return `${String(dev)}:${String(ino)}`;
}

/** Whether a process is in one of some namespaces, as `ip netns pids` finds it, without a process for it. */
function insideOf(namespaces: readonly string[]): (pid: number) => boolean {
  const theirs = new Set(namespaces.map((name) => namespaceIdentity(namespaceFile(name))));
  return (pid) => {
    try {
      return theirs.has(namespaceIdentity(`/proc/${String(pid)}/ns/net`));
    } catch {
      // It ended meanwhile.
      return false;
    }
  };
}

/** Looks before others have their turn: each takes less time than a shell takes to fork and begin. */
const looksAtOnce = 200;

/** Kills all that are inside, and whoever they start meanwhile, as long as a look finds such. Only those that were not seen are looked at: the fewer, the less time they have. */
function killAll(isInside: (pid: number) => boolean): void {
  const seen = new Set<number>();
  for (let look = 0; look < looksAtOnce; look += 1) {
    const found = allProcesses().filter((pid) => !seen.has(pid));
    const inside = found.filter(isInside);
    for (const pid of inside) kill(pid);
    if (inside.length === 0) return;
    for (const pid of found) seen.add(pid);
  }
}

/** Ends all in some namespaces, also what they start until they end. @throws TapbenchError `LAB_FAILED` where they are faster */
async function endProcessesIn(namespaces: readonly string[]): Promise<void> {
  const isInside = insideOf(namespaces);
  const isEmpty = await waitFor(
    () => {
      killAll(isInside);
      return allProcesses().some(isInside) ? null : true;
    },
    { deadlineMs, intervalMs: 0 },
  );
  if (isEmpty === null) {
    throw new TapbenchError('LAB_FAILED', `processes in ${namespaces.join(', ')} go on starting others`);
  }
}

function namespaceFile(name: string): string {
  return `/run/netns/${name}`;
}

export function isNamespaceThere(name: string): boolean {
  return existsSync(namespaceFile(name));
}

/**
 * Removes network namespaces with everything in them: their processes first, since a namespace lives while one of them does. One process removes all of
 * them: it goes on where one can't be removed.
 * @returns false where none was there
 */
export async function removeNamespaces(names: readonly string[]): Promise<boolean> {
  const there = names.filter(isNamespaceThere);
  if (there.length === 0) return false;
  await endProcessesIn(there);
  const input = there.map((name) => `netns delete ${name}\n`).join('');
  await run(['ip', '-force', '-batch', '-'], { deadlineMs, input });
  return true;
}

/**
 * `nothing`: there was nothing to undo any more; `left`: it is not as the run left it, so it is not ours to undo.
 * @throws Error where no run makes such a thing
 */
async function undo(entry: LedgerEntry, undoable: Undoable): Promise<'undone' | 'nothing' | 'left'> {
  const refusal = undoRefusal(entry, undoable);
  if (refusal !== null) throw new Error(refusal);
  switch (entry.kind) {
    case 'namespace':
      return (await removeNamespaces([entry.name])) ? 'undone' : 'nothing';
    case 'process': {
      if (!isAlive(entry)) return 'nothing';
      await end(entry.pid);
      return 'undone';
    }
    case 'user':
      return (await endProcessesOf(entry.userId)) ? 'undone' : 'nothing';
    case 'folder': {
      if (!existsSync(entry.path)) return 'nothing';
      rmSync(entry.path, { recursive: true, force: true });
      return 'undone';
    }
    case 'setting':
      return ({ restored: 'undone', unchanged: 'nothing', 'changed-since': 'left' } as const)[restoreSetting(entry)];
    case 'stopped-process':
      return continueProcess(entry) ? 'undone' : 'nothing';
  }
}

function describe(entry: LedgerEntry): string {
  switch (entry.kind) {
    case 'namespace':
      return `network namespace ${entry.name}`;
    case 'process':
      return `process ${String(entry.pid)} (${entry.what})`;
    case 'user':
      return `processes of user ${String(entry.userId)} (VMM)`;
    case 'folder':
      return `folder ${entry.path}`;
    case 'setting':
      return `setting ${entry.after} of ${entry.path} (before: ${entry.before})`;
    case 'stopped-process':
      return `stop of process ${String(entry.pid)} (${entry.what})`;
  }
}

/** Things in turn, namespaces that follow each other as one: a trial makes its own together. */
function inSteps(entries: readonly LedgerEntry[]): LedgerEntry[][] {
  const steps: LedgerEntry[][] = [];
  for (const entry of entries) {
    const last = steps.at(-1);
    if (entry.kind === 'namespace' && last?.[0]?.kind === 'namespace') last.push(entry);
    else steps.push([entry]);
  }
  return steps;
}

/**
 * Removes the namespaces of a step at once: one look through all processes finds who is in any of them.
 * @returns those that are gone by it; one that is still there says why when it is undone alone
 */
async function removeTogether(step: readonly LedgerEntry[], undoable: Undoable): Promise<LedgerEntry[]> {
  const there = step.filter(
    (entry): entry is Extract<LedgerEntry, { kind: 'namespace' }> =>
      entry.kind === 'namespace' && undoRefusal(entry, undoable) === null && isNamespaceThere(entry.name),
  );
  await removeNamespaces(there.map(({ name }) => name)).catch(() => undefined);
  return there.filter(({ name }) => !isNamespaceThere(name));
}

/** Undoes what one dead run left, newest thing first. */
async function cleanAfter(ledger: LedgerContent, undoable: Undoable): Promise<Omit<CleanReport, 'live'>> {
  const removed: string[] = [];
  const left: string[] = [];
  const failed: string[] = [];
  const undoAlone = async (entry: LedgerEntry): Promise<void> => {
    try {
      const outcome = await undo(entry, undoable);
      if (outcome === 'undone') removed.push(describe(entry));
      if (outcome === 'left') left.push(`${describe(entry)}: somebody has changed it since`);
    } catch (error) {
      failed.push(`${describe(entry)}: ${error instanceof Error ? error.message : String(error)} (${ledger.file})`);
    }
  };
  for (const step of inSteps(ledger.standing.toReversed())) {
    const gone = await removeTogether(step, undoable);
    removed.push(...gone.map(describe));
    for (const entry of step.filter((one) => !gone.includes(one))) await undoAlone(entry);
  }
  if (failed.length === 0) rmSync(ledger.file, { force: true });
  return { removed, left, failed };
}

/** Undoes what dead runs left, of that what a run may make. A live run's things are left alone. */
export async function clean(ledgerFolder: string, undoable: Undoable): Promise<CleanReport> {
  const { dead, live, foreign } = readLedgers(ledgerFolder);
  const reports: Omit<CleanReport, 'live'>[] = [];
  // Ids of users come from that of the process: a live run may have those of a dead one.
  const inUse = live.flatMap(({ standing }) =>
    standing.flatMap((entry) => (entry.kind === 'user' ? entry.userId : [])),
  );
  const isOfLiveRun = (entry: LedgerEntry): boolean => entry.kind === 'user' && inUse.includes(entry.userId);
  for (const ledger of dead) {
    const standing = ledger.standing.filter((entry) => !isOfLiveRun(entry));
    reports.push(await cleanAfter({ ...ledger, standing }, undoable));
  }
  return {
    removed: reports.flatMap(({ removed }) => removed),
    left: reports.flatMap(({ left }) => left),
    failed: [
      ...foreign.map(({ file, reason }) => `what ${file} lists: ${reason}`),
      ...reports.flatMap(({ failed }) => failed),
    ],
    live: live.map(({ owner }) => ({ pid: owner.pid, command: owner.command })),
  };
}

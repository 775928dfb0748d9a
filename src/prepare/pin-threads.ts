import { readdirSync, readFileSync } from 'node:fs';
import { run } from '../lab/process.ts';
import { firstComplaint } from '../record/complaint.ts';
import type { PinnedRole } from '../record/experiment.ts';
import type { Pin } from '../record/trial.ts';
import { cpuListText } from './cpu-list-text.ts';
import { allowedCpus } from './cpu-topology.ts';
import { answerOf } from './preparing.ts';

/** A thread, or a process by its pid. */
export interface Pinnable {
  readonly tid: number;
  readonly name: string;
  readonly role: PinnedRole;
}

const deadlineMs = 5_000;

/** What a process is started with, so that it runs nowhere else from its first instruction; nothing for no CPUs. taskset(1) becomes the program. */
export function launchPrefix(cpus: readonly number[]): string[] {
  return cpus.length === 0 ? [] : ['taskset', '--cpu-list', cpuListText(cpus)];
}

function statusOf(tid: number): string | null {
  try {
    return readFileSync(`/proc/${String(tid)}/status`, 'utf8');
  } catch {
    return null;
  }
}

/** Every thread of a process; none where it has ended. */
function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${String(pid)}/task`).map(Number);
  } catch {
    return [];
  }
}

/** CPUs that all of the threads may use; null where they differ, `ended` where there is no thread. */
function cpusOf(tids: readonly number[]): string | null {
  const statuses = tids.map(statusOf).filter((status) => status !== null);
  const lists = new Set(statuses.map((status) => cpuListText(allowedCpus(status) ?? [])));
  const [first = 'ended'] = lists;
  return lists.size > 1 ? null : first;
}

export interface PinTarget {
  readonly tid: number;
  readonly cpus: readonly number[];
  /** Also every other thread of the process whose pid is `tid`. */
  readonly isWholeProcess: boolean;
}

/** Keeps a thread or a process on CPUs; null where it is kept there now (or was already), else why not. Never throws. */
export async function applyPin({ tid, cpus, isWholeProcess }: PinTarget): Promise<string | null> {
  const wanted = cpuListText(cpus);
  const seen = (): string | null => cpusOf(isWholeProcess ? threadsOf(tid) : [tid]);
  if (seen() === wanted) return null;
  const argv = ['taskset', ...(isWholeProcess ? ['--all-tasks'] : []), '--cpu-list', '--pid', wanted, String(tid)];
  try {
    const result = await run(argv, { deadlineMs, acceptsFailure: true });
    const got = seen();
    if (got === wanted) return null;
    if (got === 'ended') return 'it had ended';
    if (result.exitStatus === 0) return `it is on ${got ?? 'several sets of CPUs'} all the same`;
    return firstComplaint(result.stderr) ?? 'taskset failed without a word';
  } catch (error) {
    return answerOf(error);
  }
}

/** The plan's entry for the nth of a role: its own, or where there are more than were planned for those of the others again. */
function entryFor(plan: readonly Pin[], role: PinnedRole, index: number): Pin | undefined {
  const own = plan.filter((entry) => entry.role === role);
  return own[index % Math.max(1, own.length)];
}

async function pinned(target: Pinnable, entry: Pin, isWholeProcess: boolean): Promise<Pin> {
  const { tid, name } = target;
  if (entry.status === 'refused') return { ...entry, name };
  const reason = await applyPin({ tid, cpus: entry.cpus, isWholeProcess });
  return reason === null ? { ...entry, name } : { ...entry, name, status: 'refused', reason };
}

/**
 * Pins threads by role, as planned by `planPins`: the nth of a role gets the nth entry of that role. Threads of roles that the plan lacks are left
 * alone and are in no result. A refusal is in the result, not thrown.
 */
export async function pinThreads(threads: readonly Pinnable[], plan: readonly Pin[]): Promise<Pin[]> {
  const pins = threads.map(async (thread) => {
    const index = threads.filter(({ role }) => role === thread.role).indexOf(thread);
    const entry = entryFor(plan, thread.role, index);
    return entry === undefined ? null : await pinned(thread, entry, false);
  });
  return (await Promise.all(pins)).filter((one) => one !== null);
}

/**
 * Pins a process with all its threads, or confirms that it was born pinned (`launchPrefix`), which costs two reads of /proc and no process.
 * null where the plan has no entry for its role.
 */
export async function pinProcess(target: Pinnable, plan: readonly Pin[]): Promise<Pin | null> {
  const entry = entryFor(plan, target.role, 0);
  return entry === undefined ? null : await pinned(target, entry, true);
}

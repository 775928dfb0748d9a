import { type KvmScriptOptions, kvmScript } from '../kvm/script.ts';
import { ofProcesses, processEntries, processMap } from '../of-processes.ts';
import { addition, type FrequentKey } from '../short-map.ts';
import type { ScriptWords } from '../thread-numbers.ts';
import { futexId, ioctlId, kvmRunRequest } from './call-identity.ts';
import { idMask, requestMask } from './call-key.ts';

export interface ScriptOptions {
  readonly words: ScriptWords;
  /** Processes whose threads are counted; they, `asker` and `tids` as the kernel's first pid namespace numbers them. */
  readonly pids: readonly number[];
  /** The process that asks for dumps: ours. */
  readonly asker: number;
  /** Threads that exist already, the busiest first: the frequent calls of the first four take the short way. All others are counted too. */
  readonly tids: readonly number[];
  readonly isTimed: boolean;
  /** Count what KVM does for the process, too; null or absent: do not. */
  readonly kvm?: KvmScriptOptions | null;
}

/** What the names of the script's maps mean. */
export const mapNames = {
  count: '@count',
  time: '@time',
  /** tid to name of threads that ended. */
  ended: '@ended',
  /** tid to process of threads that ended, where there are several processes. */
  owner: '@owner',
  /** Always there, and printed last: a dump is whole when it came. */
  sentinel: '@zz',
} as const;

/** What the script prints once every probe of it is attached: events are read only after that. */
export const attachedMark = 'tapbench: attached';

/**
 * The signal that asks for a dump: SIGURG of x86 (asm/signal.h), which a process that has no handler for it does not notice (signal(7)).
 * Sending it is the event that has the maps printed. SIGUSR1, which bpftrace before 0.22 answers with a dump of its own, means nothing to later ones.
 */
export const dumpSignal = { name: 'SIGURG', number: 23 } as const;

/**
 * Calls that the data path of a VMM makes all the time. Each gets a map of its own without a key, which bpftrace makes a
 * per-CPU array: 75 ns an event where the hash map of the others costs 165 (`bench/tracing-cost`).
 */
const frequentCalls: readonly FrequentKey[] = [
  { id: 0, request: 0 }, // read
  { id: 1, request: 0 }, // write
  { id: 7, request: 0 }, // poll
  { id: 19, request: 0 }, // readv
  { id: 20, request: 0 }, // writev
  { id: 45, request: 0 }, // recvfrom
  { id: 46, request: 0 }, // sendmsg
  { id: 47, request: 0 }, // recvmsg
  { id: 232, request: 0 }, // epoll_wait
  { id: 271, request: 0 }, // ppoll
  { id: 281, request: 0 }, // epoll_pwait
  { id: ioctlId, request: kvmRunRequest },
  { id: futexId, request: 0 }, // FUTEX_WAIT
  { id: futexId, request: 1 }, // FUTEX_WAKE
];

/** Statements that add `value` for the call in `$id` and `$request` of the thread in `$tid`. */
function addCall({ tids }: ScriptOptions, base: string, value: string): string {
  return addition({ base, value, tids, frequent: frequentCalls });
}

/** What the probes hand on to each other: nobody reads it. */
const scratchMaps: ReadonlySet<string> = new Set(['@start', '@request', processMap]);

/** Prints every map that the probes use, the sentinel last. All on one CPU, whose events bpftrace reads in their order. */
function dumping(probes: string, { words, asker }: ScriptOptions): string {
  const names = [...new Set(probes.match(/@\w+/g))].filter((name) => !scratchMaps.has(name));
  const prints = [...names, mapNames.sentinel].map((name) => `print(${name});`).join(' ');
  const { number } = dumpSignal;
  return `tracepoint:signal:signal_generate /args->sig == ${String(number)} && ${words.process} == ${String(asker)} && args->comm == "bpftrace"/ { ${prints} }`;
}

/** Time from entry to exit. A call that was under way when the tracer came has no entry and is left out. */
function timing(options: ScriptOptions): string {
  return `
tracepoint:raw_syscalls:sys_exit /${ofProcesses(options.words, options.pids)}/ {
  $tid = ${options.words.thread};
  $start = @start[$tid];
  if ($start != 0) {
  $elapsed = nsecs - $start;
  $id = args->id & ${String(idMask)};
  $request = (uint64)0;
  if ($id == ${String(ioctlId)} || $id == ${String(futexId)}) { $request = @request[$tid]; }
${addCall(options, mapNames.time, 'sum($elapsed)')}
  }
}`;
}

/**
 * The cheapest script found that still counts every call exactly: the process is looked at first; a number is the only key;
 * the argument is looked at for ioctl and futex alone; `count()` is kept per CPU (`++` loses counts).
 */
export function systemCallScript(options: ScriptOptions): string {
  const { words, pids } = options;
  const ofProcess = ofProcesses(words, pids);
  const { thread } = words;
  const entry = options.isTimed ? '\n  @request[$tid] = $request;\n  @start[$tid] = nsecs;' : '';
  const kvm = options.kvm === undefined || options.kvm === null ? '' : kvmScript(options, options.kvm);
  const owner = pids.length === 1 ? '' : ` ${mapNames.owner}[${thread}] = ${words.process};`;
  // Never deleted: a dump that meets a deleted entry ends there (bpftrace 0.17: "failed to look up elem: -2").
  const forget = options.isTimed ? ` @start[${thread}] = (uint64)0;` : '';
  const probes = `tracepoint:raw_syscalls:sys_enter /${ofProcess}/ {
  $tid = ${thread};
  $id = args->id & ${String(idMask)};
  $request = (uint64)0;
  if ($id == ${String(ioctlId)}) { $request = args->args[1] & ${String(requestMask)}; }
  else if ($id == ${String(futexId)}) { $request = args->args[1] & 127; }
${addCall(options, mapNames.count, 'count()')}${entry}
}${options.isTimed ? timing(options) : ''}${kvm}
tracepoint:sched:sched_process_exit /${ofProcess}/ { ${mapNames.ended}[${thread}] = comm;${owner}${forget} }`;
  return `${probes}
${dumping(probes, options)}
BEGIN { ${mapNames.sentinel} = 1;${processEntries(pids)} printf("${attachedMark}\\n"); }
`;
}

import { systemCallScript } from '../../src/probe/system-calls/script.ts';
import { builtinWords } from '../../src/probe/thread-numbers.ts';

/** One way to trace: the script for a process, null for none. */
export interface Variant {
  readonly name: string;
  readonly script: ((pid: number) => string) | null;
}

const enter = 'tracepoint:raw_syscalls:sys_enter';
const exit = 'tracepoint:raw_syscalls:sys_exit';

/** No process has it: pid 1 is never the one that is traced here. */
const otherPid = 1;

/** The traced program: `dd bs=1`, one read and one write a round. */
export const variants: readonly Variant[] = [
  { name: 'untraced', script: null },
  {
    name: 'raw_syscalls attached, filtered to another process',
    script: () => `${enter} /pid == ${String(otherPid)}/ { @ = count(); }`,
  },
  {
    name: 'sys_enter and sys_exit, filtered to another process',
    script: () =>
      `${enter} /pid == ${String(otherPid)}/ { @ = count(); } ${exit} /pid == ${String(otherPid)}/ { @x = count(); }`,
  },
  {
    name: 'one count() without a key (nothing told apart)',
    script: (pid) => `${enter} /pid == ${String(pid)}/ { @ = count(); }`,
  },
  {
    name: 'count() keyed by tid, call and request',
    script: (pid) =>
      `${enter} /pid == ${String(pid)}/ { @[tid, args->id, args->id == 16 ? args->args[1] : 0] = count(); }`,
  },
  {
    name: 'count() keyed by one packed number',
    script: (pid) =>
      systemCallScript({ words: builtinWords, pids: [pid], asker: process.pid, tids: [], isTimed: false }),
  },
  {
    name: "the probe's script (short maps)",
    script: (pid) =>
      systemCallScript({ words: builtinWords, pids: [pid], asker: process.pid, tids: [pid], isTimed: false }),
  },
  {
    name: "the probe's script, seen by another process",
    script: () =>
      systemCallScript({ words: builtinWords, pids: [otherPid], asker: process.pid, tids: [otherPid], isTimed: false }),
  },
  {
    name: 'as in the lab note: count() keyed by comm and probe',
    script: () =>
      'tracepoint:syscalls:sys_enter_read,tracepoint:syscalls:sys_enter_write /comm == "dd"/ { @total[comm, probe] = count(); }',
  },
  { name: 'reading the clock once (nsecs)', script: (pid) => `${enter} /pid == ${String(pid)}/ { @ = sum(nsecs); }` },
  {
    name: "the probe's script with timing",
    script: (pid) =>
      systemCallScript({ words: builtinWords, pids: [pid], asker: process.pid, tids: [pid], isTimed: true }),
  },
  {
    name: 'kprobe on the two calls',
    script: (pid) =>
      ['read', 'write']
        .map((call) => `kprobe:__x64_sys_${call} /pid == ${String(pid)}/ { @[tid, "${call}"] = count(); }`)
        .join(' '),
  },
  {
    name: 'fentry (kfunc) on the two calls',
    script: (pid) =>
      ['read', 'write']
        .map((call) => `kfunc:__x64_sys_${call} /pid == ${String(pid)}/ { @[tid, "${call}"] = count(); }`)
        .join(' '),
  },
];

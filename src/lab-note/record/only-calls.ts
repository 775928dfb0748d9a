import type { ThreadCalls } from '../../record/probe-readings.ts';
import type { NoteCommand } from '../command/command.ts';

/** What a tracer's command says of the calls it looked for: `all`, their names, or nothing (null). */
export type TracerNames = 'all' | readonly string[] | null;

/** `sys_enter_read`, `sys_enter_{read,write}`, `sys_enter_*`. */
const enter = /sys_enter_(?:\{([\w,]{1,500})\}|([\w*]{1,60}))/g;

function namesOfScript(text: string): TracerNames {
  if (/raw_syscalls:sys_enter/.test(text)) return /\b(?:args(?:->|\.)id)\s*[=!<>]=?/.test(text) ? null : 'all';
  const names = [...text.matchAll(enter)].flatMap(([, list, one = '']) => list?.split(',') ?? [one]);
  if (names.some((name) => name.includes('*'))) return names.includes('*') ? 'all' : null;
  return names.length === 0 ? null : names;
}

/** `-e trace=read,write`, `-e read,write`; without one: all. */
function namesOfOption(argv: readonly string[]): TracerNames {
  const place = argv.findIndex((word) => /^(?:-e|--expr|--event)$/.test(word));
  const word = place < 0 ? argv.find((each) => /^(?:-e.|--(?:expr|event)=)/.test(each)) : argv[place + 1];
  if (word === undefined) return 'all';
  const list = word.replace(/^(?:-e|--(?:expr|event)=)/, '').replace(/^trace=/, '');
  return /^[a-z_]\w*(?:,[a-z_]\w*)*$/.test(list) ? list.split(',') : null;
}

/** The names that the tracers among the commands ask for, where a command is shown in full. */
export function tracerNames(commands: readonly NoteCommand[]): TracerNames {
  for (const { program, argv } of commands) {
    if (program === 'strace' || (program === 'perf' && argv.includes('trace'))) return namesOfOption(argv);
    if (program !== 'bpftrace') continue;
    const place = argv.indexOf('-e');
    if (place > 0) return namesOfScript(argv[place + 1] ?? '');
  }
  return null;
}

/** Names of the calls that were looked for, sorted; null: all. Where nobody says it, those that occur. */
export function onlyCalls(names: TracerNames, threads: readonly Pick<ThreadCalls, 'calls'>[]): string[] | null {
  if (names === 'all') return null;
  const found = names ?? threads.flatMap(({ calls }) => calls.map(({ name }) => name));
  return [...new Set(found)].sort();
}

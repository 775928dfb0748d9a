import type { ScriptWords } from './thread-numbers.ts';

/** More are looked up in a map: 30 ns an event where each comparison costs one. */
const mostCompared = 4;
/** Process to 1. Nobody reads it. */
export const processMap = '@process';

/** The condition of a script that the current process is one of several. */
export function ofProcesses({ process }: ScriptWords, pids: readonly number[]): string {
  if (pids.length > mostCompared) return `${processMap}[(uint64)${process}] == 1`;
  const each = pids.map((pid) => `${process} == ${String(pid)}`);
  return each.length === 1 ? (each[0] ?? '') : `(${each.join(' || ')})`;
}

/** Statements for `BEGIN` that the condition rests on. */
export function processEntries(pids: readonly number[]): string {
  if (pids.length <= mostCompared) return '';
  return pids.map((pid) => ` ${processMap}[(uint64)${String(pid)}] = 1;`).join('');
}

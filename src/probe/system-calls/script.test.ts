import { describe, expect, it } from 'vitest';
import { parseShortMap } from '../short-map.ts';
import { builtinWords } from '../thread-numbers.ts';
import { systemCallScript } from './script.ts';

const options = { words: builtinWords, pids: [4711], asker: 99, tids: [4711, 4712, 4713, 4714, 4715], isTimed: false };

/** Names of the maps that a program of the script uses. */
function mapsOf(script: string, probe: string): Set<string> {
  const program = script.split(/^(?=tracepoint:|BEGIN)/m).find((part) => part.startsWith(probe)) ?? '';
  return new Set(program.match(/@\w+/g));
}

describe('the script', () => {
  it('filters by the process before anything else', () => {
    expect(systemCallScript(options)).toMatch(/^tracepoint:raw_syscalls:sys_enter \/pid == 4711\/ \{/);
  });

  it('counts several processes at once, and says whose the threads were that ended', () => {
    const few = systemCallScript({ ...options, pids: [4711, 4712] });
    expect(few).toMatch(/^tracepoint:raw_syscalls:sys_enter \/\(pid == 4711 \|\| pid == 4712\)\/ \{/);
    expect(few).toContain('@owner[tid] = pid;');
    expect(few).toContain('print(@owner);');
    const many = systemCallScript({ ...options, pids: [1, 2, 3, 4, 5] });
    expect(many).toMatch(/^tracepoint:raw_syscalls:sys_enter \/@process\[\(uint64\)pid\] == 1\/ \{/);
    expect(many).toContain('BEGIN { @zz = 1; @process[(uint64)1] = 1; @process[(uint64)2] = 1;');
    expect(many).not.toContain('print(@process)');
    expect(systemCallScript(options)).not.toContain('@owner');
  });

  it('attaches no more probes for many processes than for one', () => {
    const probes = (pids: readonly number[]) => systemCallScript({ ...options, pids }).match(/^tracepoint:/gm)?.length;
    expect(probes(Array.from({ length: 128 }, (_, index) => index + 1))).toBe(probes([1]));
  });

  it.each([false, true])('keeps each program under the 64 maps that the kernel allows, timed %s', (isTimed) => {
    const script = systemCallScript({ ...options, isTimed });
    expect(mapsOf(script, 'tracepoint:raw_syscalls:sys_enter').size).toBeGreaterThan(50);
    expect(mapsOf(script, 'tracepoint:raw_syscalls:sys_enter').size).toBeLessThan(64);
    expect(mapsOf(script, 'tracepoint:raw_syscalls:sys_exit').size).toBeLessThan(64);
  });

  it('names the process and its threads as it is told to, everywhere', () => {
    const words = { process: 'curtask->tgid', thread: 'curtask->pid' };
    const kvm = { tids: [], isa: null, hasFastMmio: true };
    const script = systemCallScript({ ...options, words, isTimed: true, kvm });
    expect(script.replaceAll(/(?:args|curtask)->\w+/g, '')).not.toMatch(/\b[pt]id\b(?<!\$tid)/);
  });

  it('never deletes: a dump that meets a deleted entry ends there', () => {
    expect(systemCallScript({ ...options, isTimed: true })).not.toContain('delete');
  });

  it('looks at the exit of calls only when timing is asked for', () => {
    expect(systemCallScript(options)).not.toContain('sys_exit');
    expect(systemCallScript({ ...options, isTimed: true })).toContain('sys_exit');
  });

  it('prints every map that it counts in when its owner signals it, the sentinel last', () => {
    const script = systemCallScript({ ...options, isTimed: true });
    const [dump = ''] = /^tracepoint:signal:signal_generate .*$/m.exec(script) ?? [];
    expect(dump).toContain('/args->sig == 23 && pid == 99 && args->comm == "bpftrace"/');
    const printed = [...dump.matchAll(/print\((@\w+)\);/g)].map(([, name]) => name);
    expect(printed.at(-1)).toBe('@zz');
    const used = new Set(script.match(/@\w+/g));
    expect([...used].filter((name) => !printed.includes(name))).toEqual(['@request', '@start']);
    expect(new Set(printed).size).toBe(printed.length);
  });
});

it('the name of a short map gives its call, other names give none', () => {
  expect(parseShortMap('@count', '@count_4711_16_44672')).toEqual({ tid: 4711, id: 16, request: 44_672 });
  expect(parseShortMap('@count', '@count')).toBeNull();
  expect(parseShortMap('@count', '@time_4711_0_0')).toBeNull();
});

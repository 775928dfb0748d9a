import { describe, expect, it } from 'vitest';
import { systemCallScript } from '../system-calls/script.ts';
import { builtinWords } from '../thread-numbers.ts';
import { kvmScript } from './script.ts';

const options = { words: builtinWords, pids: [4711], asker: 99, tids: [4711, 4712], isTimed: false };
const kvm = { tids: [4712, 4713, 4714, 4715, 4716], isa: 1, hasFastMmio: true } as const;

/** The line or block of one probe of the script. */
function probe(script: string, event: string): string {
  return script.split(/^(?=tracepoint:|BEGIN)/m).find((part) => part.startsWith(`tracepoint:kvm:${event} `)) ?? '';
}

describe("the script's part on KVM", () => {
  it('is not there unless asked for', () => {
    expect(systemCallScript(options)).not.toContain('kvm');
    expect(systemCallScript({ ...options, kvm: null })).not.toContain('kvm');
  });

  it('stands in the same script as the system calls, and is printed with them', () => {
    const script = systemCallScript({ ...options, kvm });
    expect(script).toContain('tracepoint:raw_syscalls:sys_enter');
    expect([...script.matchAll(/tracepoint:kvm:(\w+)/g)].map(([, event]) => event)).toEqual([
      'kvm_exit',
      'kvm_userspace_exit',
      'kvm_mmio',
      'kvm_fast_mmio',
      'kvm_pio',
    ]);
    expect(script).toMatch(/print\(@kvmexit\);.* print\(@kvmpioall\);.* print\(@zz\);/);
  });

  it('filters every event by the process', () => {
    const script = kvmScript(options, kvm);
    expect(script.match(/tracepoint:kvm:/g)).toHaveLength(5);
    expect(script.match(/tracepoint:kvm:\w+ \/pid == 4711( && args->type != 0)?\/ \{/g)).toHaveLength(5);
  });

  it('leaves out an event that the kernel does not have', () => {
    expect(kvmScript(options, { ...kvm, hasFastMmio: false })).not.toContain('kvm_fast_mmio');
  });

  it('does not count a read twice that the VMM answers', () => {
    expect(probe(kvmScript(options, kvm), 'kvm_mmio')).toContain('args->type != 0');
  });

  it.each([1, 2] as const)('counts frequent exits of four threads the short way, under 64 maps, set %s', (isa) => {
    const maps = new Set(probe(kvmScript(options, { ...kvm, isa }), 'kvm_exit').match(/@\w+/g));
    const tids = [...maps].flatMap((name) => /^@kvmexit_(\d+)_/.exec(name)?.[1] ?? []);
    expect(new Set(tids)).toEqual(new Set(['4712', '4713', '4714', '4715']));
    expect(maps.size).toBeLessThan(64);
  });

  it('counts every exit the long way where threads or instruction set are unknown', () => {
    for (const unknown of [
      { ...kvm, isa: null },
      { ...kvm, tids: [] },
    ]) {
      expect(new Set(probe(kvmScript(options, unknown), 'kvm_exit').match(/@\w+/g))).toEqual(new Set(['@kvmexit']));
    }
  });

  it('never deletes: a dump that meets a deleted entry ends there', () => {
    expect(kvmScript(options, kvm)).not.toContain('delete');
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstComplaint } from './complaint.ts';

const fixtures = join(import.meta.dirname, '../../test/fixtures');
const recorded = (file: string): string => readFileSync(join(fixtures, file), 'utf8');

describe('firstComplaint', () => {
  it.each([
    ['bpftrace-0.17/no-tracefs.stderr.txt', 'tracepoint not found: raw_syscalls:sys_enter'],
    ['bpftrace-0.17/no-root.stderr.txt', 'bpftrace currently only supports running as the root user.'],
    ['bpftrace-0.17/syntax.stderr.txt', 'syntax error, unexpected }'],
    ['bpftrace-0.17/no-permission.stderr.txt', "failed to create map: '@': Operation not permitted"],
    ['bpftrace-0.17/not-attachable.stderr.txt', "Error attaching probe: 'kprobe:do_sys_open'"],
    ['qemu-7.2/msr-refused.stderr.txt', 'qemu-system-x86_64: error: failed to set MSR 0x10a to 0x69'],
    ['iproute2-6.1/no-netem.stderr.txt', 'Specified qdisc kind is unknown.'],
    ['util-linux-2.38/mount-no-root.stderr.txt', 'mount: /sys/kernel/tracing: must be superuser to use mount.'],
    ['e2fsprogs-1.47/mke2fs-version.stderr.txt', "mke2fs: invalid option -- '-'"],
    ['iperf3-3.12/bad-argument.stderr.txt', 'iperf3: parameter error - block size too large (maximum = 1048576 bytes)'],
  ])('of %s is its reason', (file, reason) => {
    expect(firstComplaint(recorded(file))).toBe(reason);
  });

  it('passes over warnings, colours and empty lines', () => {
    expect(firstComplaint('\n\u001B[33mwarning: old syntax\u001B[0m\n\n\u001B[31mno such device\u001B[0m\n')).toBe(
      'no such device',
    );
  });

  it('is a warning where nothing else was said', () => {
    expect(firstComplaint('W: the lists are old\n')).toBe('W: the lists are old');
  });

  it('takes further lines where they are asked for', () => {
    const text = 'starting\nError: ended with this chain of errors:\n  0: the tap is busy\n  1: EBUSY\n';
    expect(firstComplaint(text, 2)).toBe('ended with this chain of errors:; 0: the tap is busy');
  });

  it('is null where the tool said nothing, or nothing that matters', () => {
    expect(firstComplaint('')).toBeNull();
    expect(firstComplaint("ERROR: Unknown error -1: couldn't set RLIMIT_MEMLOCK for bpftrace.\n")).toBeNull();
    expect(
      firstComplaint('WARNING: BPFTRACE_MAP_KEYS_MAX is deprecated. Use BPFTRACE_MAX_MAP_KEYS instead.\n'),
    ).toBeNull();
  });

  it('is one line that has a letter or a digit wherever the text has one that nothing marks', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom('~~~', '   ^', '', 'stdin:1:1-2: ERROR: no', 'warning: x'));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const said = firstComplaint([...lines, 'the last word'].join('\n'));
        expect(said).not.toBeNull();
        expect(said).not.toContain('\n');
        expect(said).not.toMatch(/^[~^\s]+$/);
      }),
    );
  });

  it('cuts a line that is no sentence, and does not read on without end', () => {
    expect(firstComplaint(`error: ${'x'.repeat(10_000)}`)).toHaveLength(294);
    const begun = performance.now();
    expect(firstComplaint('warn \n'.repeat(5_000_000))).toBe('warn');
    expect(performance.now() - begun).toBeLessThan(3_000);
  });
});

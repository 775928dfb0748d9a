import { describe, expect, it } from 'vitest';
import { enterCommand, parseRootfsWords } from './enter.ts';

describe('enterCommand', () => {
  it('is one line for the shell of the guest', () => {
    expect(enterCommand({ type: 'ext4', tools: 'image', programs: ['iperf3', 'sockperf'] })).toBe(
      '. /enter.sh; enter ext4 image iperf3 sockperf',
    );
  });
});

describe('parseRootfsWords', () => {
  it('reads a Debian system', () => {
    const glibc = 'ld.so (Debian GLIBC 2.36-9+deb12u14) stable release version 2.36.\nCopyright (C) 2022';
    const text = `=== system\n"Debian GNU/Linux 12 (bookworm)"\n=== libc\n${glibc}\n=== iperf3\niperf 3.12 (cJSON 1.7.15)\n`;
    expect(parseRootfsWords(text)).toEqual({
      system: 'Debian GNU/Linux 12 (bookworm)',
      libc: 'glibc 2.36',
      programs: { iperf3: '3.12' },
    });
  });

  it('reads one with musl, and a tool that does not say its version', () => {
    const musl = 'musl libc (x86_64)\nVersion 1.2.5';
    const text = `=== system\n"Alpine Linux v3.22"\n=== libc\n${musl}\n=== ping\nping: unrecognized option\n`;
    expect(parseRootfsWords(text)).toEqual({
      system: 'Alpine Linux v3.22',
      libc: 'musl 1.2.5',
      programs: { ping: 'unknown' },
    });
  });

  it('takes what is not there as not there, and nothing without end', () => {
    expect(parseRootfsWords('')).toEqual({ system: null, libc: null, programs: {} });
    const long = parseRootfsWords(`=== system\n${'x'.repeat(1e5)}\n=== libc\nld.so 2.31: bad usage\n`);
    expect([long.system?.length, long.libc]).toEqual([100, 'unknown']);
  });
});

import { describe, expect, it } from 'vitest';
import { agentVersion } from './agent.ts';
import { parseRootfsWords, rootfsSteps } from './enter.ts';

describe('rootfsSteps', () => {
  const entry = { type: 'ext4', tools: 'image', programs: ['iperf3', 'sockperf'] } as const;

  it('are one line for the shell of the guest where our init stays', () => {
    expect(rootfsSteps({ ...entry, init: 'ours' })).toEqual({
      ownInit: null,
      enter: '. /enter.sh; enter ext4 image iperf3 sockperf',
    });
  });

  it('boot the other init before, where that is wanted', () => {
    expect(rootfsSteps({ ...entry, init: 'theirs' })).toEqual({
      ownInit: { ready: `. /enter.sh; ready ext4 ${agentVersion}`, become: '. /enter.sh; become' },
      enter: '. /enter.sh; enter_booted image iperf3 sockperf',
    });
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

  it('reads which init booted, where it was asked', () => {
    const words = parseRootfsWords('=== system\n=== libc\n=== iperf3\niperf 3.12\n=== init\nsystemd\n');
    expect(words).toEqual({ system: null, libc: null, programs: { iperf3: '3.12' }, init: 'systemd' });
  });

  it('takes what is not there as not there, and nothing without end', () => {
    expect(parseRootfsWords('')).toEqual({ system: null, libc: null, programs: {} });
    const long = parseRootfsWords(`=== system\n${'x'.repeat(1e5)}\n=== libc\nld.so 2.31: bad usage\n`);
    expect([long.system?.length, long.libc]).toEqual([100, 'unknown']);
  });
});

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { elfInterpreter, readElf } from './elf.ts';
import { toolRunners } from './tool-runner.ts';

it('runs a program by its own loader and libraries, a static one or a script as it is, and busybox not at all', () => {
  const program = readFileSync('/bin/ls');
  const loader = elfInterpreter(readElf(program, '/bin/ls')) ?? '';
  const runners = toolRunners(
    new Map([
      ['bin/busybox', program],
      ['bin/script', Buffer.from('#!/bin/sh\n')],
      ['bin/tool', program],
      ['lib/own/libc.so.6', Buffer.from('')],
    ]),
  );
  const ours = '/run/tapbench-tools';
  expect([...runners]).toEqual([
    ['runners/script', `#!/bin/sh\nexec chroot /rootfs ${ours}/bin/script "$@"\n`],
    [
      'runners/tool',
      `#!/bin/sh\nexec chroot /rootfs ${ours}${loader} --library-path ${ours}/lib/own ${ours}/bin/tool "$@"\n`,
    ],
  ]);
});

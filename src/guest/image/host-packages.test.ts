import { describe, expect, it } from 'vitest';
import { parseOwners } from './host-packages.ts';

/** `dpkg-query --search` of dpkg 1.21.22. */
const output = `libc6:amd64: /lib/x86_64-linux-gnu/libc.so.6
busybox-static: /bin/busybox
diversion by dash from: /bin/sh
diversion by dash to: /bin/sh.distrib
dash: /bin/sh
libfoo1:amd64, libfoo1:i386: /usr/share/doc/libfoo1/README
`;

describe('parseOwners', () => {
  it('gives the package of each path, with its architecture where dpkg says it', () => {
    expect(Object.fromEntries(parseOwners(output))).toEqual({
      '/lib/x86_64-linux-gnu/libc.so.6': 'libc6:amd64',
      '/bin/busybox': 'busybox-static',
      '/bin/sh': 'dash',
      '/usr/share/doc/libfoo1/README': 'libfoo1:amd64',
    });
  });

  it('gives none for paths that no package owns', () => {
    expect(parseOwners('').size).toBe(0);
  });
});

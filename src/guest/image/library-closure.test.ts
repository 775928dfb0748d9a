import { describe, expect, it } from 'vitest';
import { guestLibraryPath, librariesOf, parseLoaderList } from './library-closure.ts';

/** `ld-linux-x86-64.so.2 --list /usr/sbin/ethtool` of glibc 2.36. */
const output = `\tlinux-vdso.so.1 (0x00007f0dcc0cc000)
\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f0dcbf45000)
\tlibmnl.so.0 => /usr/local/lib/libmnl.so.0 (0x00007f0dcbf3d000)
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f0dcbd5b000)
\t/lib64/ld-linux-x86-64.so.2 (0x00007f0dcc0ce000)
`;

describe('parseLoaderList', () => {
  it('gives libraries and the loader, and not what the kernel maps', () => {
    expect(parseLoaderList(output, 'ethtool').map(({ name }) => name)).toEqual([
      'libm.so.6',
      'libmnl.so.0',
      'libc.so.6',
      '/lib64/ld-linux-x86-64.so.2',
    ]);
  });

  it('names the library that is not installed', () => {
    const missing = output.replace('/usr/local/lib/libmnl.so.0 (0x00007f0dcbf3d000)', 'not found');
    expect(() => parseLoaderList(missing, 'ethtool')).toThrow(
      /ethtool: libmnl.so.0: the shared library is not installed/,
    );
  });
});

describe('guestLibraryPath', () => {
  const all = parseLoaderList(output, 'ethtool');
  const paths = all.map((library) => guestLibraryPath(library, all));

  it('puts every library where the loader looks without a cache: beside the C library', () => {
    expect(paths).toContain('lib/x86_64-linux-gnu/libc.so.6');
    expect(paths).toContain('lib/x86_64-linux-gnu/libmnl.so.0');
  });

  it('puts the loader where programs ask for it', () => {
    expect(paths).toContain('lib64/ld-linux-x86-64.so.2');
  });
});

describe('librariesOf', () => {
  it('gives the loader and the C library of a real program', async () => {
    const names = (await librariesOf('/bin/sh')).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['/lib64/ld-linux-x86-64.so.2', 'libc.so.6']));
  });
});

import { describe, expect, it } from 'vitest';
import { parseDebugfsStat } from './image-files.ts';

/** Of debugfs 1.47.0, with what follows the first lines left out. */
const stat = (type: string, mode: string) => `Inode: 15   Type: ${type}    Mode:  ${mode}   Flags: 0x0
Generation: 1    Version: 0x00000000:00000000
User:     0   Group:     0   Project:     0   Size: 12
`;

describe('parseDebugfsStat', () => {
  it('tells files, folders, links and what is none of them', () => {
    expect(parseDebugfsStat(stat('regular', '0755'))).toEqual({ kind: 'file', mode: 0o755 });
    expect(parseDebugfsStat(stat('directory', '0755'))).toEqual({ kind: 'folder', mode: 0o755 });
    expect(parseDebugfsStat(stat('FIFO', '0644'))).toEqual({ kind: 'other', mode: 0o644 });
    expect(parseDebugfsStat(stat('character special', '0644'))).toEqual({ kind: 'other', mode: 0o644 });
    expect(parseDebugfsStat(`${stat('symlink', '0777')}Fast link dest: "/bin/busybox"\n`)).toEqual({
      kind: 'link',
      mode: 0o777,
      target: '/bin/busybox',
    });
    // A longer target stands in a block of its own.
    expect(parseDebugfsStat(stat('symlink', '0777'))).toEqual({ kind: 'other', mode: 0o777 });
  });

  it('takes an error for nothing', () => {
    expect(parseDebugfsStat('')).toBeNull();
    expect(parseDebugfsStat('/sbin/none: File not found by ext2_lookup \n')).toBeNull();
  });
});

import { rmSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { machineFolder } from '../../test/sample/machine-folder.ts';
import { type Asker, labRefusal } from './lab-refusal.ts';
import { machineFiles } from './machine-files.ts';

describe('a lab', () => {
  let root = '';
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  /** Root with these capabilities. */
  function asker(effective: string, changes: Partial<Asker> = {}): Asker {
    root = machineFolder({ '/proc/self/status': `Name:\tnode\nCapEff:\t${effective}\nCapBnd:\t0000000000000000\n` });
    return { userId: 0, files: machineFiles(root), tunDevice: '/dev/null', ...changes };
  }

  it('can be made by root with all capabilities', () => {
    expect(labRefusal(true, asker('000001ffffffffff'))).toBeNull();
  });

  it('can not by another user, whatever else there is', () => {
    expect(labRefusal(true, asker('0000000000000000', { userId: 1000 }))?.reason).toContain('needs root');
  });

  it("can not by a container's root, with what it lacks", () => {
    // As docker gives by itself.
    expect(labRefusal(true, asker('00000000a80425fb'))?.reason).toContain('lacks CAP_NET_ADMIN and CAP_SYS_ADMIN');
    expect(labRefusal(true, asker('00000000a80435fb'))?.reason).toContain('lacks CAP_SYS_ADMIN here');
  });

  it('can not where there is no device for taps', () => {
    const reason = 'there is no /dev/tapbench-none, so no tap can be made';
    expect(labRefusal(true, asker('000001ffffffffff', { tunDevice: '/dev/tapbench-none' }))?.reason).toBe(reason);
  });

  it('needs no such device where it has no VM, but the privileges', () => {
    expect(labRefusal(false, asker('000001ffffffffff', { tunDevice: '/dev/tapbench-none' }))).toBeNull();
    rmSync(root, { recursive: true });
    expect(labRefusal(false, asker('00000000a80425fb'))?.reason).toContain('lacks CAP_NET_ADMIN');
  });
});

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asOwnUser, isRunByOthers } from './own-user.ts';
import { run } from './process.ts';

const user = { id: 1_900_000_000, setpriv: '/usr/bin/setpriv' };

/** A device of this machine that not everybody may open. */
const closed = readdirSync('/dev')
  .map((name) => `/dev/${name}`)
  .find((path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isCharacterDevice() === true && (stats.mode & 0o006) === 0;
  });

describe('asOwnUser', () => {
  it('takes all rights away, and asks anew to die with us after the change of user', () => {
    const argv = asOwnUser(['qemu', '-x'], { ...user, devices: [] }, '/run/vm');
    expect(argv.slice(argv.indexOf('--') + 1).join(' ')).toBe(
      '/usr/bin/setpriv --reuid 1900000000 --regid 1900000000 --clear-groups --inh-caps=-all --no-new-privs --pdeathsig KILL -- qemu -x',
    );
  });

  it('leaves devices alone that everybody may open', () => {
    const argv = asOwnUser(['qemu'], { ...user, devices: ['/dev/null'] }, '/run/vm');
    expect(argv.slice(4, 8)).toEqual(['sh', '/run/vm', '1900000000', '--']);
  });

  it.skipIf(closed === undefined)('gives it a node of its own for a device that not everybody may open', async () => {
    const device = closed ?? '';
    const argv = asOwnUser(['qemu'], { ...user, devices: [device] }, '/run/vm');
    expect(argv.slice(0, 3)).toEqual(['busybox', 'sh', '-c']);
    const { stdout } = await run(['stat', '-c', '%Hr %Lr', device], { deadlineMs: 5_000 });
    const words = ['sh', '/run/vm', '1900000000', device, ...stdout.trim().split(' '), '--', '/usr/bin/setpriv'];
    expect(argv.slice(4, 4 + words.length)).toEqual(words);
  });
});

describe('isRunByOthers', () => {
  let root: string;
  let program: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'tapbench-own-user-'));
    chmodSync(root, 0o755);
    mkdirSync(join(root, 'bin'), { mode: 0o755 });
    program = join(root, 'bin', 'vmm');
    writeFileSync(program, '');
    chmodSync(program, 0o755);
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it('is so for a program that everybody may read, run and come to', async () => {
    expect(await isRunByOthers(program)).toBe(true);
  });

  it.each([
    ['the program is not for others', () => program, 0o750],
    ['a folder on the way is not', () => root, 0o700],
  ])('is not so where %s', async (_, path, mode) => {
    chmodSync(path(), mode);
    expect(await isRunByOthers(program)).toBe(false);
  });

  it('is not so where a link leads to a place that is not for others', async () => {
    mkdirSync(join(root, 'own'), { mode: 0o700 });
    writeFileSync(join(root, 'own', 'vmm'), '');
    chmodSync(join(root, 'own', 'vmm'), 0o755);
    symlinkSync(join(root, 'own', 'vmm'), join(root, 'bin', 'link'));
    expect(await isRunByOthers(join(root, 'bin', 'link'))).toBe(false);
  });
});

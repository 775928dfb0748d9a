import { chmod, copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleConfiguration } from '../../test/sample/experiment.ts';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import { agentProblem } from '../guest/rootfs/agent.ts';
import { folderFiles } from '../guest/rootfs/rootfs-files.ts';
import { readTree } from '../guest/rootfs/tree.ts';
import { putAgent } from './guest-agent.ts';
import { RootfsImages } from './rootfs.ts';

/** A system of busybox: scripts stand for it. */
async function systemIn(folder: string): Promise<string> {
  for (const name of ['bin', 'sbin', 'etc']) await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, 'bin/busybox'), '#!/bin/sh\n', { mode: 0o755 });
  await symlink('busybox', join(folder, 'bin/sh'));
  await symlink('/bin/busybox', join(folder, 'sbin/init'));
  await writeFile(join(folder, 'etc/inittab'), '::askfirst:-/bin/sh\n');
  return folder;
}

const quiet = () => undefined;
const { signal } = new AbortController();
const problemOf = async (folder: string) => await agentProblem(folderFiles(folder));

async function theirs(rootfs: string, tools: 'image' | 'rootfs' = 'image') {
  const { guest, ...rest } = sampleConfiguration();
  const images = new RootfsImages({ folder: () => `${rootfs}-made`, onStep: quiet, signal });
  return await images.rootfsOf({ ...rest, guest: { ...guest, rootfs, tools, init: 'theirs' } }, false);
}

describe('putAgent', () => {
  it('puts the agent into a copy beside the folder, which is left as it was', async () => {
    await using folder = await temporaryFolder();
    const rootfs = await systemIn(join(folder.path, 'tree'));
    const before = await readTree(rootfs, signal);
    const { copy, init } = await putAgent(rootfs, null, quiet);
    expect([copy, init]).toEqual([`${rootfs}-agent`, 'busybox']);
    expect(await problemOf(copy)).toBeNull();
    expect(await readFile(join(copy, 'etc/inittab'), 'utf8')).toMatch(
      /^# tapbench:::askfirst:.*\n::once:.* service\n$/,
    );
    expect(await readTree(rootfs, signal)).toEqual(before);
  });

  it('goes into its copy again, and never out of it', async () => {
    await using folder = await temporaryFolder();
    const rootfs = await systemIn(join(folder.path, 'tree'));
    const outside = join(folder.path, 'outside');
    await mkdir(outside);
    await mkdir(join(rootfs, 'usr'));
    await symlink(outside, join(rootfs, 'usr/lib'));
    await expect(putAgent(rootfs, join(folder.path, 'out'), quiet)).rejects.toThrow('/usr/lib is no folder in it');
    expect((await readTree(outside, signal)).entries).toBe(0);
    const { copy } = await putAgent(await systemIn(join(folder.path, 'other')), null, quiet);
    const again = await putAgent(copy, null, quiet);
    expect(await readTree(again.copy, signal)).toMatchObject({ sha256: (await readTree(copy, signal)).sha256 });
  });

  it('refuses what it can not go into, and leaves nothing', async () => {
    await using folder = await temporaryFolder();
    const at = (name: string) => join(folder.path, name);
    const rootfs = await systemIn(at('tree'));
    await mkdir(at('there'));
    await mkdir(at('empty'));
    const squashfs = Buffer.alloc(4096);
    squashfs.writeUInt32LE(0x73717368, 0);
    squashfs.writeUInt16LE(4, 28);
    squashfs.writeBigUInt64LE(4096n, 40);
    await writeFile(at('squashfs'), squashfs);
    const refusals: readonly (readonly [rootfs: string, output: string | null, said: string])[] = [
      [rootfs, at('there'), 'it is there already'],
      [rootfs, at('none/copy'), 'there is no folder'],
      [rootfs, at('tree/copy'), `it is in ${rootfs} itself`],
      [at('empty'), null, 'it has no /sbin/init'],
      [at('gone'), null, 'no such file or folder'],
      [at('squashfs'), null, "an image of squashfs can't be changed"],
      ['/', at('copy'), 'it is the root of this machine'],
    ];
    const before = await readTree(folder.path, signal);
    for (const [from, output, said] of refusals) await expect(putAgent(from, output, quiet)).rejects.toThrow(said);
    expect(await readTree(folder.path, signal)).toEqual(before);
  });
});

describe('guest.init: theirs', () => {
  it('is refused where something of it is missing, before anything is made', async () => {
    await using folder = await temporaryFolder();
    const rootfs = await systemIn(join(folder.path, 'tree'));
    await expect(theirs(rootfs)).rejects.toThrow(`guest.init: theirs: ${rootfs}: it has no agent`);
    const { copy } = await putAgent(rootfs, null, quiet);
    await expect(theirs(copy, 'rootfs')).rejects.toThrow('it has no iperf3: install it there');
    await writeFile(join(copy, 'usr/lib/tapbench/version'), '0\n');
    await expect(theirs(copy)).rejects.toThrow('its agent is of version 0, not 1');
  });

  it('tells an init whose C library is missing, and one that may not be run', async () => {
    await using folder = await temporaryFolder();
    const { copy } = await putAgent(await systemIn(join(folder.path, 'tree')), null, quiet);
    const init = join(copy, 'bin/busybox');
    await copyFile('/bin/ls', init);
    await expect(theirs(copy)).rejects.toThrow(/its \/sbin\/init needs \/lib.*, which is not there/);
    await chmod(init, 0o644);
    await expect(theirs(copy)).rejects.toThrow('it has no /sbin/init');
  });
});

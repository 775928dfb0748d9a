import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleManifest, writeSampleImage } from '../../../test/sample/image.ts';
import { temporaryFolder } from '../../../test/sample/temporary-folder.ts';
import { listImages, readCachedImage } from './image-cache.ts';
import { removeImage } from './remove-image.ts';
import { verifyImage } from './verify-image.ts';

const older = sampleManifest('older');
const newer = sampleManifest('newer');

/** Two images, the second the newer by a minute, and a build in progress. */
async function filledCache(cache: string): Promise<void> {
  for (const [minute, manifest] of [older, newer].entries()) {
    const folder = await writeSampleImage(cache, manifest);
    await utimes(join(folder, 'manifest.json'), minute * 60, minute * 60);
  }
}

describe('listImages', () => {
  it('gives the newest first', async () => {
    await using cache = await temporaryFolder();
    await filledCache(cache.path);
    const images = await listImages(cache.path);
    expect(images.map(({ id, status }) => [id, status])).toEqual([
      [newer.id, 'whole'],
      [older.id, 'whole'],
    ]);
  });

  it('gives none where there is no cache, and does not make one', async () => {
    await using cache = await temporaryFolder();
    expect(await listImages(cache.path)).toEqual([]);
    expect(await readdir(cache.path)).toEqual([]);
  });

  it('passes over builds in progress', async () => {
    await using cache = await temporaryFolder();
    await mkdir(join(cache.path, 'images', '.building-1-2-abcd'), { recursive: true });
    expect(await listImages(cache.path)).toEqual([]);
  });
});

describe('readCachedImage', () => {
  it.each([
    ['damaged', /vmlinux has 3 of 7 bytes/, (folder: string) => writeFile(join(folder, 'vmlinux'), 'cut')],
    ['damaged', /bzImage is missing/, (folder: string) => rm(join(folder, 'bzImage'))],
    ['damaged', /manifest.json is missing/, (folder: string) => rm(join(folder, 'manifest.json'))],
    [
      'damaged',
      /manifest.json can't be read/,
      (folder: string) => writeFile(join(folder, 'manifest.json'), '{"schemaV'),
    ],
    [
      'damaged',
      /of another image/,
      (folder: string) => writeFile(join(folder, 'manifest.json'), JSON.stringify(older)),
    ],
    [
      'outdated',
      /version 99, not 1/,
      (folder: string) => writeFile(join(folder, 'manifest.json'), '{"schemaVersion":99}'),
    ],
  ])('calls an entry %s: %s', async (status, reason, spoil) => {
    await using cache = await temporaryFolder();
    await spoil(await writeSampleImage(cache.path, newer));
    expect(await readCachedImage(cache.path, newer.id)).toMatchObject({
      status,
      reason: expect.stringMatching(reason) as string,
    });
  });
});

describe('verifyImage', () => {
  it('is content with what was built, and notices one other byte', async () => {
    await using cache = await temporaryFolder();
    const folder = await writeSampleImage(cache.path, newer);
    const entry = await readCachedImage(cache.path, newer.id);
    if (entry?.status !== 'whole') throw new Error('the sample is whole');
    await verifyImage(entry.image);
    await writeFile(join(folder, 'vmlinux'), 'vmlinuX');
    await expect(verifyImage(entry.image)).rejects.toMatchObject({
      code: 'IMAGE_FAILED',
      hint: 'tapbench image build',
      message: expect.stringContaining('vmlinux is not what was built') as string,
    });
  });
});

describe('removeImage', () => {
  const packageOf = ({ inputs }: typeof older) => `${inputs.kernelPackage.sha256}.deb`;

  it('removes one by its id and keeps the kernel package that another was made from', async () => {
    await using cache = await temporaryFolder();
    await filledCache(cache.path);
    await mkdir(join(cache.path, 'packages'));
    await writeFile(join(cache.path, 'packages', packageOf(older)), 'deb');
    expect(await removeImage(cache.path, newer.id)).toEqual([newer.id]);
    expect(await readdir(join(cache.path, 'images'))).toEqual([older.id]);
    expect(await readdir(join(cache.path, 'packages'))).toEqual([packageOf(older)]);
  });

  it('removes all, with their packages and what dead builds left', async () => {
    await using cache = await temporaryFolder();
    await filledCache(cache.path);
    await mkdir(join(cache.path, 'images', `.building-${String(process.pid)}-1-abcd`));
    await mkdir(join(cache.path, 'packages'));
    await writeFile(join(cache.path, 'packages', packageOf(older)), 'deb');
    expect((await removeImage(cache.path, 'all')).sort()).toEqual([newer.id, older.id].sort());
    expect(await readdir(join(cache.path, 'images'))).toEqual([]);
    expect(await readdir(join(cache.path, 'packages'))).toEqual([]);
  });

  it('keeps the newest when it removes the unused', async () => {
    await using cache = await temporaryFolder();
    await filledCache(cache.path);
    expect(await removeImage(cache.path, 'unused')).toEqual([older.id]);
    expect(await readdir(join(cache.path, 'images'))).toEqual([newer.id]);
  });

  it('refuses an id that is not there, and is content to remove all of nothing', async () => {
    await using cache = await temporaryFolder();
    await expect(removeImage(cache.path, '../..')).rejects.toMatchObject({
      code: 'IMAGE_FAILED',
      hint: 'tapbench image list',
    });
    expect(await removeImage(cache.path, 'all')).toEqual([]);
  });
});

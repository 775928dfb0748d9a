import { readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../../test/sample/temporary-folder.ts';
import { FileMemory } from './file-memory.ts';

/** `printf old | sha256sum`, `printf new | sha256sum` of coreutils. */
const sha256OfOld = 'cba06b5736faf67e54b07b561eae94395e774c517a7d910a54369e1263ccfbd4';
const sha256OfNew = '11507a0e2f5e69d5dfa40a62a1bd7b6ee57e6bcd85c67c9b8431b36fff21c437';

const changedAt = async (path: string): Promise<bigint> => (await stat(path, { bigint: true })).ctimeNs;

describe('FileMemory', () => {
  it('answers from what it kept while the file is as it was', async () => {
    await using cache = await temporaryFolder();
    const tool = join(cache.path, 'tool');
    await writeFile(tool, 'old');
    const first = await FileMemory.load(cache.path);
    expect(await first.sha256(tool)).toBe(sha256OfOld);
    await first.save();
    const kept = join(cache.path, 'files.json');
    // A sha256 that only the memory can know shows that the file was not read.
    await writeFile(kept, (await readFile(kept, 'utf8')).replace(sha256OfOld, 'remembered'));
    expect(await (await FileMemory.load(cache.path)).sha256(tool)).toBe('remembered');
  });

  it('notices other contents of the same length, even where the modification time was put back', async () => {
    await using cache = await temporaryFolder();
    const tool = join(cache.path, 'tool');
    await writeFile(tool, 'old');
    await utimes(tool, 1000, 1000);
    const memory = await FileMemory.load(cache.path);
    await memory.sha256(tool);
    const before = await changedAt(tool);
    await writeFile(tool, 'new');
    // The kernel's clock for files ticks every few ms only.
    await vi.waitUntil(async () => {
      await utimes(tool, 1000, 1000);
      return (await changedAt(tool)) !== before;
    });
    expect(await memory.sha256(tool)).toBe(sha256OfNew);
  });

  it('takes a damaged memory for an empty one', async () => {
    await using cache = await temporaryFolder();
    const tool = join(cache.path, 'tool');
    await writeFile(tool, 'old');
    await writeFile(join(cache.path, 'files.json'), '{"files":');
    expect(await (await FileMemory.load(cache.path)).sha256(tool)).toBe(sha256OfOld);
  });
});

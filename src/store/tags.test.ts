import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { storeRun } from '../../test/sample/history.ts';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import { readRun } from './read-run.ts';
import { changeTags, checkTag, readTags } from './tags.ts';

describe('the tags of a run', () => {
  it('are none until some are added, and are kept sorted, each once', async () => {
    await using folder = await temporaryFolder();
    expect(await readTags(folder.path)).toEqual([]);
    await changeTags(folder.path, { add: ['v1.2', 'release'], remove: [] });
    expect(await changeTags(folder.path, { add: ['release', 'host:a/b'], remove: ['v1.2'] })).toEqual([
      'host:a/b',
      'release',
    ]);
    expect(await readTags(folder.path)).toEqual(['host:a/b', 'release']);
  });

  it('are in what is read of the run, and nothing else of it is changed', async () => {
    await using folder = await temporaryFolder();
    const { runId } = await storeRun(folder.path);
    const run = join(folder.path, runId);
    const before = await readFile(join(run, 'run.json'), 'utf8');
    await changeTags(run, { add: ['release'], remove: [] });
    expect(await readRun(run)).toMatchObject({ tags: ['release'], damaged: [] });
    expect(await readFile(join(run, 'run.json'), 'utf8')).toBe(before);
  });

  it('are not lost where several are added at once', async () => {
    await using folder = await temporaryFolder();
    const names = Array.from({ length: 20 }, (_, index) => `t${String(index).padStart(2, '0')}`);
    await Promise.all(names.map((name) => changeTags(folder.path, { add: [name], remove: [] })));
    expect(await readTags(folder.path)).toEqual(names);
  });

  it.each(['', ' a', 'a b', '-a', 'a\n', 'ä', 'x'.repeat(65)])('refuses %j as a tag', (text) => {
    expect(() => checkTag(text)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });

  it('that are damaged are reported, and the run is still read', async () => {
    await using folder = await temporaryFolder();
    const { runId } = await storeRun(folder.path);
    const file = join(folder.path, runId, 'tags.json');
    await writeFile(file, '{"schemaVersion": 2, "tags": ["a b"]}');
    const { tags, damaged } = await readRun(join(folder.path, runId));
    expect(tags).toEqual([]);
    expect(damaged).toEqual([{ file, error: expect.objectContaining({ code: 'RECORD_INVALID' }) as unknown }]);
    await expect(changeTags(join(folder.path, runId), { add: ['b'], remove: [] })).rejects.toMatchObject({
      code: 'RECORD_INVALID',
    });
  });
});

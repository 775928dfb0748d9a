import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { storeRun } from '../../../test/sample/history.ts';
import { temporaryFolder } from '../../../test/sample/temporary-folder.ts';
import { DigestPool } from './digest-pool.ts';
import { trialDigester } from './trial-digest.ts';

/** More than the pool reads without other threads. */
const requests = 12;

describe('the threads that read trials', { timeout: 30_000 }, () => {
  it('give what this one gives, damaged trials too, and name a header that can not be used', async () => {
    await using folder = await temporaryFolder();
    const { runId, plan } = await storeRun(folder.path, { boots: 15 });
    const run = join(folder.path, runId);
    const trialIds = plan.map(({ trialId }) => trialId);
    await writeFile(join(run, 'trials', trialIds[3] ?? '', 'trial.json'), '{}');
    const request = { folder: run, trialIds };
    const expected = trialDigester()(request);
    expect(expected.map(({ status }) => status)).toContain('damaged');
    await using pool = new DigestPool();
    const all = await Promise.all(Array.from({ length: requests }, () => pool.digest(request)));
    for (const digests of all) expect(digests).toEqual(expected);

    const other = await storeRun(folder.path);
    await writeFile(join(folder.path, other.runId, 'run.json'), '{}');
    const refused = pool.digest({ folder: join(folder.path, other.runId), trialIds: ['a'] });
    await expect(refused).rejects.toMatchObject({
      code: 'RECORD_INVALID',
      message: expect.stringContaining('run.json') as unknown,
    });
  });
});

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sampleGuestFacts } from '../../test/sample/guest-facts.ts';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import { sampleGatheredTrial } from '../../test/sample/trial.ts';
import { gatheredTrial } from '../record/trial.ts';
import { Store } from '../store/store.ts';
import { readRecord } from '../store/stored-record.ts';
import { writeTrial } from './write-trial.ts';

const many = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`net.x${String(index)}`, '']));

it('a trial of usual size is stored as it is', async () => {
  await using folder = await temporaryFolder();
  const store = Store.open(folder.path);
  const trial = sampleGatheredTrial();
  expect(await writeTrial(store, trial)).toBe(trial);
  const file = join(store.trialFolder(trial.runId, trial.trialId), 'trial.json');
  expect(await readRecord(file, gatheredTrial)).toEqual(trial);
});

it.each([
  ['facts of more keys', { sysctls: many(10_001) }, 'a map has 10001 keys'],
  [
    'more values',
    { nic: { ...sampleGuestFacts().nic, virtioFeatureBits: Array<number>(1_000_001).fill(1) } },
    'values',
  ],
  ['a longer text', { kernelVersion: 'x'.repeat(33 * 1024 ** 2) }, '32 MiB'],
])('a guest with %s than a record may have loses its trial', async (_what, facts, why) => {
  await using folder = await temporaryFolder();
  const store = Store.open(folder.path);
  const trial = sampleGatheredTrial({ guest: { ...sampleGuestFacts(), ...facts } });
  const failed = await writeTrial(store, trial);
  expect(failed).toMatchObject({
    status: 'failed',
    machines: [{ guest: null }],
    measurements: [],
    failure: { code: 'RECORD_INVALID' },
  });
  expect(failed.failure?.message).toContain(why);
  const file = join(store.trialFolder(trial.runId, trial.trialId), 'trial.json');
  expect(await readRecord(file, gatheredTrial)).toEqual(failed);
});

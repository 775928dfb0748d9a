import { expect, it } from 'vitest';
import { sampleGuestFacts } from '../../test/sample/guest-facts.ts';
import { sampleGatheredTrial } from '../../test/sample/trial.ts';
import { gatheredTrial } from '../record/trial.ts';
import { parseBoundedJson } from '../store/bounded-json.ts';
import { recordText } from '../store/record-text.ts';
import { readableTrial } from './readable-trial.ts';

const many = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`net.x${String(index)}`, '']));

it('a trial of usual size stays as it is', () => {
  const trial = sampleGatheredTrial();
  expect(readableTrial(trial)).toBe(trial);
});

it.each([
  ['facts of more keys', { sysctls: many(10_001) }, 'a map has 10001 keys'],
  [
    'more values',
    { nic: { ...sampleGuestFacts().nic, virtioFeatureBits: Array<number>(1_000_001).fill(1) } },
    'values',
  ],
  ['a longer text', { kernelVersion: 'x'.repeat(33 * 1024 ** 2) }, '32 MiB'],
])('a guest with %s than a record may have loses its trial', (_what, facts, why) => {
  const trial = sampleGatheredTrial({ guest: { ...sampleGuestFacts(), ...facts } });
  expect(() => recordText(trial)).toThrow(why);
  const failed = readableTrial(trial);
  expect(failed).toMatchObject({
    status: 'failed',
    machines: [{ guest: null }],
    measurements: [],
    failure: { code: 'RECORD_INVALID' },
  });
  expect(failed.failure?.message).toContain(why);
  expect(gatheredTrial.parse(parseBoundedJson(Buffer.from(recordText(failed))))).toEqual(failed);
});

import { describe, expect, it } from 'vitest';
import { TapbenchError } from '../../record/error.ts';
import { imageFailure } from './image-failure.ts';

describe('imageFailure', () => {
  it.each([
    [
      "E: Failed to fetch http://mirror.example/x.deb  Temporary failure resolving 'mirror.example'",
      /check the network/,
    ],
    ['E: Failed to fetch http://mirror.example/x.deb  404  Not Found [IP: 127.0.0.1 80]', /^apt-get update$/],
    ['E: No packages found', /^apt-get update$/],
    ['dpkg-deb: error: failed to write (No space left on device)', /free some space/],
    ["EACCES: permission denied, mkdir '/home/user/.cache/tapbench'", /must be writable/],
  ])('says what to do about: %s', (words, hint) => {
    const failure = imageFailure('building', new TapbenchError('PROCESS_FAILED', words));
    expect(failure).toMatchObject({ code: 'IMAGE_FAILED', exitStatus: 3, hint: expect.stringMatching(hint) as string });
    expect(failure.message).toBe(`building: ${words}`);
  });

  it('reads the words of causes too', () => {
    const cause = new Error('writing', { cause: Object.assign(new Error('write'), { code: 'ENOSPC' }) });
    expect(imageFailure('building', cause).hint).toMatch(/free some space/);
  });

  it('has no hint where it knows none', () => {
    expect(imageFailure('building', new Error('odd')).hint).toBeNull();
  });

  it.each(['IMAGE_FAILED', 'INTERRUPTED'] as const)('gives an %s back as it is', (code) => {
    const cause = new TapbenchError(code, 'said already', { hint: 'known' });
    expect(imageFailure('building', cause)).toBe(cause);
  });
});

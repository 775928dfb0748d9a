import { describe, expect, it } from 'vitest';
import { TapbenchError } from './error.ts';
import { errorsInOrder, firstError } from './first-error.ts';

/** What is thrown where `work` fails and then each of the things that it had made, the last one first. */
async function thrownWith(work: Error, ...takingDown: Error[]): Promise<unknown> {
  const run = async (): Promise<void> => {
    await using made = new AsyncDisposableStack();
    for (const error of takingDown.toReversed()) made.defer(() => Promise.reject(error));
    throw work;
  };
  return await run().then(
    () => null,
    (error: unknown) => error,
  );
}

const guest = new TapbenchError('GUEST_FAILED', 'the guest panicked', { lines: ['Kernel panic'], hint: 'look' });

describe('the first error', () => {
  it('is the error itself where nothing failed after it', async () => {
    expect(firstError(await thrownWith(guest))).toBe(guest);
    expect(firstError('a text')).toBe('a text');
  });

  it('has code, message, lines and hint of what failed first, and then what failed while taking down, in order', async () => {
    const thrown = await thrownWith(guest, new Error('the server is gone'), new Error('the namespace is busy'));
    expect(thrown).toBeInstanceOf(SuppressedError);
    expect(firstError(thrown)).toMatchObject({
      code: 'GUEST_FAILED',
      hint: 'look',
      cause: thrown,
      lines: [
        'the guest panicked',
        'Kernel panic',
        'then, while it was taken down: the server is gone',
        'then, while it was taken down: the namespace is busy',
      ],
    });
  });

  it('does not say twice what broke and said so again', async () => {
    const broken = new TapbenchError('CHANNEL_FAILED', 'the channel broke');
    expect(firstError(await thrownWith(broken, broken, broken))).toMatchObject({ message: 'the channel broke' });
  });

  it('keeps message, errno and stack of an error of another kind', async () => {
    const first = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    const thrown = await thrownWith(first, new Error('busy'));
    expect(errorsInOrder(thrown)[0]).toBe(first);
    expect(firstError(thrown)).toMatchObject({
      code: 'ENOSPC',
      message: 'no space left\nthen, while it was taken down: busy',
      stack: `${String(first.stack)}\nthen, while it was taken down: busy`,
    });
  });

  it('is in front where only taking down failed, of several things', () => {
    const both = new SuppressedError(new Error('second'), new Error('first'));
    expect(errorsInOrder(both).map(String)).toEqual(['Error: first', 'Error: second']);
  });
});

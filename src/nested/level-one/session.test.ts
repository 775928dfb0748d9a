import { describe, expect, it } from 'vitest';
import { start } from '../../lab/process.ts';
import { levelOneSession } from './session.ts';

/** A machine that is a shell: its stdin and stdout stand for the second serial port. */
async function session(script: string, changes: { deadlineMs?: number; signal?: AbortSignal } = {}) {
  await using machine = await start(['bash', '-c', script], { stdin: 'pipe', stdout: 'pipe' });
  const heard: string[] = [];
  const bytes = await levelOneSession({
    machine,
    onLine: (text) => heard.push(text),
    onUp: () => heard.push('(up)'),
    signal: changes.signal ?? new AbortController().signal,
    deadlineMs: changes.deadlineMs ?? 10_000,
  });
  return { bytes, heard };
}

describe('a session of the level-one machine', () => {
  it('gives the lines of the job as they come, and the size of its results', async () => {
    const script = String.raw`printf '\036up\n'; echo 'ok     boot'; printf '\036alive\n'; printf '\036done 512\n'`;
    expect(await session(script)).toEqual({ bytes: 512, heard: ['(up)', 'ok     boot'] });
  });

  it('says what the machine itself complained of', async () => {
    await expect(session(String.raw`printf '\036fail no KVM\n'`)).rejects.toMatchObject({
      code: 'VMM_FAILED',
      message: 'the nested machine: no KVM',
    });
  });

  it('says what QEMU complained of where it ended without a word of the machine', async () => {
    await expect(session('echo no such device >&2; exit 1')).rejects.toMatchObject({
      code: 'VMM_FAILED',
      message: 'the nested machine: QEMU ended with 1: no such device',
    });
  });

  it('ends a machine that is not done in time', async () => {
    await expect(session('exec sleep 60', { deadlineMs: 100 })).rejects.toMatchObject({
      code: 'VMM_FAILED',
      message: expect.stringContaining('it was not done after') as string,
    });
  });

  it('passes an interrupt on as Ctrl-C and still takes the results', async () => {
    const script = String.raw`printf '\036up\n'; read -rn 1 key; [ "$key" = $'\003' ] && printf '\036done 7\n'`;
    const { bytes } = await session(script, { signal: AbortSignal.abort() });
    expect(bytes).toBe(7);
  });

  it('is interrupted where an interrupted machine has no results', async () => {
    await expect(session('exit 1', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});

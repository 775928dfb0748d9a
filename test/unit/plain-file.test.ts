import { readdirSync, readlinkSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/lab/process.ts';
import { readPlainFile } from '../../src/store/plain-file.ts';
import { temporaryFolder } from '../sample/temporary-folder.ts';

const lookMs = 500;

function isOpen(path: string): boolean {
  return readdirSync('/proc/self/fd').some((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`) === path;
    } catch {
      return false;
    }
  });
}

/** Holds the event loop until a thread of Node has opened a file that is being looked at: what follows the look can't run before this returns. */
function untilOpen(path: string): void {
  const end = performance.now() + lookMs;
  while (!isOpen(path) && performance.now() < end);
}

describe('readPlainFile', () => {
  it('reads what it looked at, also where a pipe has taken its place before it is opened', async () => {
    await using folder = await temporaryFolder();
    const [file, pipe] = [join(folder.path, 'file'), join(folder.path, 'pipe')];
    writeFileSync(file, 'what was looked at');
    await run(['mkfifo', pipe], { deadlineMs: 5_000 });
    const reading = readPlainFile(file, 100);
    untilOpen(file);
    renameSync(pipe, file);
    expect((await reading).toString()).toBe('what was looked at');
  });

  it('opens no pipe that it looked at, also where a file has taken its place', async () => {
    await using folder = await temporaryFolder();
    const [file, pipe] = [join(folder.path, 'file'), join(folder.path, 'pipe')];
    writeFileSync(file, 'x');
    await run(['mkfifo', pipe], { deadlineMs: 5_000 });
    const reading = readPlainFile(pipe, 100);
    untilOpen(pipe);
    renameSync(file, pipe);
    await expect(reading).rejects.toThrow('it is a named pipe');
  });
});

import { EventEmitter, once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import { endHeldOutput } from './held-output.ts';
import { run, start } from './process.ts';

describe('a process that ends while what it started holds its output open', () => {
  it('is not waited for any longer, and what it said is there', async () => {
    const result = await run(['sh', '-c', 'sleep 60 & echo $!; echo err >&2'], { deadlineMs: 20_000 });
    process.kill(Number(result.stdout), 'SIGKILL');
    expect(result).toMatchObject({ exitStatus: 0, stderr: 'err\n', isTimedOut: false });
  });

  it('is not waited for without end where that writes on and on', async () => {
    await using folder = await temporaryFolder();
    const server = createServer((writer) => {
      const timer = setInterval(() => writer.write('more'), 10);
      writer.on('error', () => undefined);
      writer.on('close', () => {
        clearInterval(timer);
      });
    });
    const path = join(folder.path, 'output');
    await once(server.listen(path), 'listening');
    const stdout = connect(path).resume();
    const child = Object.assign(new EventEmitter(), { stdout, stderr: null });
    endHeldOutput(child, 50);
    child.emit('exit');
    await once(stdout, 'close');
    child.emit('close');
    server.close();
    expect(stdout.bytesRead).toBeGreaterThan(0);
  });
});

it('the output of a process that has ended is there whole for a slow reader', async () => {
  const bytes = 150_000;
  await using child = await start(['head', '-c', String(bytes), '/dev/zero'], { stdout: 'pipe' });
  let taken = 0;
  for await (const piece of child.stdout ?? []) {
    if (taken === 0) await new Promise((resolve) => setTimeout(resolve, 2_500));
    taken += (piece as Buffer).length;
  }
  expect(taken).toBe(bytes);
});

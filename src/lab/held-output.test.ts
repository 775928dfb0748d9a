import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { endHeldOutput } from './held-output.ts';
import { run } from './process.ts';

const lookMs = 50;

function started(script: string) {
  const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  endHeldOutput(child, lookMs);
  return child;
}

function killPrinted(stdout: string): void {
  process.kill(Number(/^\d+/.exec(stdout)?.[0]), 'SIGKILL');
}

describe('a process that ends while what it started holds its output open', () => {
  it('is not waited for any longer, and what it said is there', async () => {
    const result = await run(['sh', '-c', 'sleep 60 & echo $!; echo err >&2'], { deadlineMs: 20_000 });
    killPrinted(result.stdout);
    expect(result).toMatchObject({ exitStatus: 0, stderr: 'err\n', isTimedOut: false });
  });

  it('is not waited for without end where that writes on and on', async () => {
    const child = started('(while :; do echo more; sleep 0.01; done) & echo $!');
    let said = '';
    child.stdout.on('data', (piece: Buffer) => (said += piece.toString()));
    await once(child, 'close');
    killPrinted(said);
    expect(said).toContain('more');
  });
});

it('the output of a process that has ended is there whole for a slow reader', async () => {
  const bytes = 150_000;
  const child = started(`head -c ${String(bytes)} /dev/zero`);
  let taken = 0;
  for await (const piece of child.stdout) {
    if (taken === 0) await new Promise((resolve) => setTimeout(resolve, 4 * lookMs));
    taken += (piece as Buffer).length;
  }
  expect(taken).toBe(bytes);
});

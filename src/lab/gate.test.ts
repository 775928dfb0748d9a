import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import { Gate } from './gate.ts';
import { start } from './process.ts';

it('processes behind a gate begin when it opens, none before, and have nothing of it', async () => {
  await using folder = await temporaryFolder();
  using gate = await Gate.create(join(folder.path, 'gate'));
  const script = 'date +%s%N; if [ -e /proc/$$/fd/3 ]; then echo still open; fi';
  const started = await Promise.all(
    Array.from({ length: 8 }, async () => start(gate.behind(['sh', '-c', script]), { files: [gate.descriptor] })),
  );
  await gate.reached(started.map(({ pid }) => pid));
  const openedMs = Date.now();
  expect(started.some(({ hasEnded }) => hasEnded)).toBe(false);
  expect(gate.open()).toBe(gate.open());
  for (const { ended } of started) {
    const { stdout, exitStatus } = await ended;
    const [beganNs = '', ...more] = stdout.trim().split('\n');
    expect(exitStatus).toBe(0);
    expect(Number(beganNs) / 1e6).toBeGreaterThan(openedMs - 1);
    expect(more).toEqual([]);
  }
});

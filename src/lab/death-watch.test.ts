import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deathWatch } from './death-watch.ts';
import { start } from './process.ts';
import { identityOf } from './process-identity.ts';

describe('deathWatch', () => {
  it('ends the process when its stdin ends, as it does when we die', async () => {
    const victim = await start(['sleep', '60']);
    const watch = await deathWatch(identityOf(victim.pid) ?? { pid: 0, startTime: '' });
    expect(victim.hasEnded).toBe(false);
    watch.stdin?.end();
    expect((await victim.ended).signal).toBe('SIGKILL');
    expect((await watch.ended).exitStatus).toBe(0);
  });

  it('leaves another process alone that has the pid by now', async () => {
    await using innocent = await start(['sleep', '60']);
    const watch = await deathWatch({ pid: innocent.pid, startTime: '1' });
    watch.stdin?.end();
    expect((await watch.ended).exitStatus).toBe(0);
    expect(readFileSync(`/proc/${String(innocent.pid)}/stat`, 'utf8')).not.toBe('');
    expect(innocent.hasEnded).toBe(false);
  });

  it('is silent where the process is gone', async () => {
    const gone = await start(['true']);
    const identity = { pid: gone.pid, startTime: '1' };
    await gone.ended;
    const watch = await deathWatch(identity);
    watch.stdin?.end();
    expect((await watch.ended).signal).toBeNull();
  });
});

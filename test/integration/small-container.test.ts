import { readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { start } from '../../src/lab/process.ts';
import { waitFor } from '../../src/lab/wait.ts';
import { requireOrSkip } from './requirement.ts';

const source = join(import.meta.dirname, '..', '..', 'src');
const deadlineMs = 10_000;

/** Takes the id that would be the next VMM's, asks for one, lets it go, and asks again. */
const program = `
import { spawn } from 'node:child_process';
import { processUser } from '${source}/lab/process-identity.ts';
import { freeUserId } from '${source}/lab/user-id.ts';
import { waitFor } from '${source}/lab/wait.ts';
import { newOwnUser } from '${source}/world/own-user.ts';
const given = { devices: [], setpriv: 'setpriv' };
const ids = [0, 1, 2].map((serial) => freeUserId(serial));
const somebody = spawn('setpriv', ['--reuid', String(ids[0]), '--clear-groups', 'sleep', '60']);
await waitFor(() => (processUser(somebody.pid) === ids[0] ? true : null), { deadlineMs: ${String(deadlineMs)}, intervalMs: 5 });
const beside = newOwnUser(given)?.id;
somebody.kill('SIGKILL');
console.log(JSON.stringify({ ids, beside, after: newOwnUser(given)?.id }));
`;

/** As a container runs it: root of its own, with 65,536 ids. */
async function inContainer(): Promise<string> {
  const waits = ['sh', '-c', 'read -r mapped && exec "$@"', 'sh'];
  const argv = ['unshare', '--user', '--', ...waits, process.execPath, '--input-type=module', '--eval', program];
  const child = await start(argv, { stdin: 'pipe', stdout: 'pipe' });
  await using _child = child;
  const own = readlinkSync('/proc/self/ns/user');
  const proc = `/proc/${String(child.pid)}`;
  const hasOwn = (): true | null => (readlinkSync(`${proc}/ns/user`) === own ? null : true);
  await waitFor(hasOwn, { deadlineMs, intervalMs: 5 });
  for (const map of ['uid_map', 'gid_map']) writeFileSync(`${proc}/${map}`, '0 0 65536\n');
  child.stdin?.end('mapped\n');
  const pieces: string[] = [];
  for await (const piece of child.stdout ?? []) pieces.push(String(piece));
  return pieces.join('');
}

const describeHere = await requireOrSkip('root');

describeHere('in a container with few user ids', () => {
  it('a VMM gets no id that somebody has, and is not left to root for that', async () => {
    const { ids, beside, after } = JSON.parse(await inContainer()) as { ids: number[]; beside: number; after: number };
    for (const id of ids) expect(id).toBeLessThan(65_536);
    expect({ beside, after }).toEqual({ beside: ids[1], after: ids[2] });
  });
});

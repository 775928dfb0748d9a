import { access, chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requireOrSkip } from './requirement.ts';
import { asNobody } from './support/nobody.ts';
import { useSession } from './support/session.ts';
import { latestRun, shortRun } from './support/stored-run.ts';

const describeHere = await requireOrSkip('root', 'tap', 'image');

describeHere('a run is refused', () => {
  const session = useSession();

  it('while another one measures, which is named and goes on', async () => {
    const first = await session().start(shortRun);
    await session().process('qemu-system-x86');
    const second = await session().run(shortRun);
    expect(second).toMatchObject({ exitStatus: 3, stdout: '' });
    expect(second.stderr).toContain(`process ${String(first.pid)} is measuring`);
    expect(await first.ended).toMatchObject({ exitStatus: 0 });
  });

  it('to go on with a run of another machine, or of this one before it changed', async () => {
    expect(await session().run(shortRun)).toMatchObject({ exitStatus: 0 });
    const { runId } = await latestRun(session());
    const file = join(session().store, runId, 'run.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/("fingerprint": ")[0-9a-f]{8}/, '$100000000'));
    const result = await session().run(['run', '--resume', 'latest']);
    expect(result).toMatchObject({ exitStatus: 2, stdout: '' });
    expect(result.stderr).toContain('was begun on another machine, or this one has changed since');
  });

  it('to who is not root, before anything is made', async () => {
    await chmod(session().folder, 0o755);
    const result = await session().run(shortRun, { wrapper: asNobody });
    expect(result).toMatchObject({ exitStatus: 3, stdout: '' });
    expect(result.stderr).toContain('needs root');
    expect(result.stderr).toContain('sudo');
    await expect(access(session().store)).rejects.toThrow('ENOENT');
  });

  it('without /dev/net/tun, before anything is made', async () => {
    const wrapper = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none /dev/net && exec "$@"', 'sh'];
    const result = await session().run(shortRun, { wrapper });
    expect(result).toMatchObject({ exitStatus: 3, stdout: '' });
    expect(result.stderr).toContain('/dev/net/tun');
    expect(result.stderr).toContain('modprobe tun');
    await expect(access(session().store)).rejects.toThrow('ENOENT');
  });
});

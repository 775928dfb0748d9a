import { access, chmod, copyFile, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requireOrSkip } from './requirement.ts';
import { useSession } from './support/session.ts';
import { shortRun } from './support/stored-run.ts';

const describeHere = await requireOrSkip('root', 'tap', 'image');

/** Of e_machine in an ELF header (elf(5)), and EM_AARCH64. */
const machineOffset = 18;
const arm64 = 183;

describeHere('a run is refused for its VMM, before anything is made', () => {
  const session = useSession();

  async function script(name: string, says: string): Promise<string> {
    const path = join(session().folder, 'bin', name);
    await writeFile(path, `#!/bin/sh\necho "${says}"\n`);
    await chmod(path, 0o755);
    return path;
  }

  async function refusal(
    words: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ exitStatus: number | null; stderr: string }> {
    const result = await session().run([...shortRun, ...words], { env });
    expect(result.stdout).toBe('');
    await expect(access(session().store)).rejects.toThrow('ENOENT');
    return result;
  }

  const firecracker = ['--set', 'vmm.kind=firecracker'];

  it('where there is no binary of it', async () => {
    const result = await refusal(firecracker, { TAPBENCH_VMM_DIR: session().folder });
    expect(result.exitStatus).toBe(3);
    expect(result.stderr).toContain(`looked for ${join(session().folder, 'firecracker')}`);
  });

  it('where the folder of binaries has one that is not executable, rather than to take another', async () => {
    const path = await script('firecracker', 'Firecracker v1.10.0');
    await chmod(path, 0o644);
    const result = await refusal(firecracker, { TAPBENCH_VMM_DIR: join(session().folder, 'bin') });
    expect(result.exitStatus).toBe(3);
    expect(result.stderr).toContain(`chmod +x ${path}`);
  });

  it('where its version can not be driven', async () => {
    const path = await script('firecracker', 'Firecracker v1.5.0');
    const result = await refusal([...firecracker, '--set', `vmm.binary=${path}`]);
    expect(result.exitStatus).toBe(3);
    expect(result.stderr).toContain('Firecracker 1.5.0 is too old');
  });

  it('where the binary is another program', async () => {
    const path = await script('qemu', 'hello 1.2.3');
    const result = await refusal(['--set', `vmm.binary=${path}`]);
    expect(result.exitStatus).toBe(3);
    expect(result.stderr).toContain(`${path} is no qemu`);
  });

  it('where the binary is for another architecture', async () => {
    const path = join(session().folder, 'bin', 'qemu');
    await copyFile(process.execPath, path);
    await using file = await open(path, 'r+');
    await file.write(Buffer.of(arm64, 0), 0, 2, machineOffset);
    const result = await refusal(['--set', `vmm.binary=${path}`]);
    expect(result.exitStatus).toBe(3);
    expect(result.stderr).toContain('is built for arm64');
  });

  it('where the file that was named is not there', async () => {
    const result = await refusal(['--set', 'vmm.binary=/nonexistent/qemu']);
    expect(result.exitStatus).toBe(3);
    expect(result.stderr).toContain('/nonexistent/qemu: no such file');
  });

  it('for what it can not do, with the flag that asked for it', async () => {
    const cases = [
      { words: [...firecracker, '--set', 'nic.vhost=on'], said: '--set nic.vhost=on: nic.vhost' },
      { words: [...firecracker, '--set', 'nic.queues=2'], said: '--set nic.queues=2: nic.queues: must be 1' },
      { words: [...firecracker, '--set', 'vmm.accel=tcg'], said: 'vmm.accel' },
      { words: ['--set', 'nic.rxQueueSize=512'], said: 'nic.rxQueueSize: must be 1024 or null' },
      { words: ['--set', 'vmm.options.colour=red'], said: 'no such option (it has machine, modern)' },
    ];
    for (const { words, said } of cases) {
      const result = await refusal(words);
      expect(result.exitStatus).toBe(2);
      expect(result.stderr).toContain(said);
    }
  });

  it.each([
    { without: 'device', node: 'true', said: 'is not there' },
    // A number that no driver has, as that of a module that is not there.
    { without: 'module', node: 'mknod /dev/vhost-net c 4000 0', said: "can't be opened: ENXIO" },
  ])('where it needs vhost_net and the host has no $without', async ({ node, said }) => {
    const devices = `mkdir /dev/net && mknod /dev/net/tun c 10 200 && mknod /dev/null c 1 3 && ${node}`;
    const wrapper = ['unshare', '--mount', 'sh', '-c', `mount -t tmpfs none /dev && ${devices} && exec "$@"`, 'sh'];
    const result = await session().run([...shortRun, '--set', 'nic.vhost=on', '--set', 'vmm.accel=kvm'], { wrapper });
    expect(result).toMatchObject({ exitStatus: 3, stdout: '' });
    expect(result.stderr).toContain(`nic.vhost needs /dev/vhost-net, which ${said}`);
    expect(result.stderr).toContain('modprobe vhost_net');
  });
});

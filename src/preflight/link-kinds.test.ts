import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sampleConfiguration } from '../../test/sample/experiment.ts';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import { demandLinkKinds } from './link-kinds.ts';

/** Runs with an unshare(1) on PATH that does `script`. */
async function withUnshare<T>(script: string, work: () => Promise<T>): Promise<T> {
  await using folder = await temporaryFolder();
  const program = join(folder.path, 'unshare');
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  const before = process.env['PATH'] ?? '';
  process.env['PATH'] = `${folder.path}:${before}`;
  try {
    return await work();
  } finally {
    process.env['PATH'] = before;
  }
}

const refuses = 'echo "Error: Unknown device type." >&2; exit 2';
const bridged = { configurations: [sampleConfiguration(), sampleConfiguration({ topology: 'vm-to-vm' })] };

it('a bridge that the kernel does not make is refused, with the mend', async () => {
  const refusal = withUnshare(refuses, async () => {
    await demandLinkKinds(bridged);
  });
  await expect(refusal).rejects.toMatchObject({
    code: 'HOST_INCAPABLE',
    hint: 'load the module bridge (modprobe bridge), or use a kernel that has it',
  });
  await expect(refusal).rejects.toThrow(/^topology vm-to-vm: this kernel makes no bridge: .*Unknown device type/);
});

it('only what a topology is made of is tried', async () => {
  await withUnshare(refuses, async () => {
    await demandLinkKinds({ configurations: [sampleConfiguration()] });
  });
  await withUnshare('[ "$*" = "--net ip link add try0 type bridge" ]', async () => {
    await demandLinkKinds(bridged);
  });
});

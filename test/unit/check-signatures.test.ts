import { chmod, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ProcessResult, run } from '../../src/lab/process.ts';
import { temporaryFolder } from '../sample/temporary-folder.ts';

const repository = dirname(dirname(import.meta.dirname));

/** The script with an npm that prints this and exits so. */
async function withNpm(stdout: string, exitStatus: number, stderr = ''): Promise<ProcessResult> {
  await using folder = await temporaryFolder();
  const npm = join(folder.path, 'npm');
  await writeFile(join(folder.path, 'out'), stdout);
  await writeFile(npm, `#!/bin/sh\ncat '${folder.path}/out'\necho '${stderr}' >&2\nexit ${String(exitStatus)}\n`);
  await chmod(npm, 0o755);
  return await run([process.execPath, join(repository, 'scripts/check-signatures.ts')], {
    env: { PATH: `${folder.path}:/usr/bin:/bin` },
    deadlineMs: 20_000,
    acceptsFailure: true,
  });
}

describe('the check of signatures', () => {
  it('fails for a wrong and for a missing signature, and names the packages', async () => {
    const answer = { invalid: [{ name: 'a', version: '1.0.0' }], missing: [{ name: '@b/c\u001b', version: '2.0.0' }] };
    expect(await withNpm(JSON.stringify(answer), 1)).toMatchObject({
      exitStatus: 1,
      stdout: 'wrong signature: a@1.0.0\nmissing signature: @b/c\\x1b@2.0.0\n',
    });
  });

  it('says that all are signed where npm says so', async () => {
    const result = await withNpm('{"invalid":[],"missing":[]}', 0);
    expect(result).toMatchObject({ exitStatus: 0, stdout: 'the registry signed every package\n' });
  });

  it('says why nothing was checked, and does not fail, where the registry has no keys', async () => {
    const summary = 'found no dependencies to audit that were installed from a supported registry';
    const result = await withNpm(JSON.stringify({ error: { summary, detail: '' } }), 1);
    expect(result).toMatchObject({ exitStatus: 0, stdout: `signatures were not checked: ${summary}\n` });
  });

  it('takes the reason from what npm complains of where it gives no JSON', async () => {
    const result = await withNpm('', 1, 'npm ERR! network request failed');
    expect(result).toMatchObject({
      exitStatus: 0,
      stdout: 'signatures were not checked: npm ERR! network request failed\n',
    });
  });
});

import { chmodSync, fstatSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import { run } from '../lab/process.ts';
import { handOver } from './handed-files.ts';

const userId = process.getuid?.() ?? 0;
const deadlineMs = 20_000;

it.each([0o644, 0o600])('a file of mode %o is handed over open', async (mode) => {
  await using folder = await temporaryFolder();
  const kernel = join(folder.path, 'kernel');
  writeFileSync(kernel, 'a kernel');
  chmodSync(kernel, mode);
  const reads = [
    { path: kernel, word: (name: string) => name },
    { path: kernel, word: (name: string) => `file=${name}` },
  ];
  using handed = handOver(['vmm', '-kernel', kernel, `file=${kernel}`], reads, { userId, folder: folder.path });
  const [descriptor = -1] = handed.descriptors;
  expect(handed.argv[2]).toMatch(/^\/proc\/self\/fd\/\d+$/);
  // As the second of the files, inside of a word.
  expect(handed.argv[3]).toMatch(/^file=\/proc\/self\/fd\/\d+$/);
  expect(handed.argv[3]?.endsWith(handed.argv[2] ?? '')).toBe(false);
  expect(readFileSync(descriptor, 'utf8')).toBe('a kernel');
  // What nobody else may read goes as a copy of that user's.
  expect(fstatSync(descriptor).ino === statSync(kernel).ino).toBe(mode === 0o644);
});

/** In a process of its own: one that waits for a pipe can't be told to stop. */
async function handedOver(path: string, folder: string) {
  const module = join(import.meta.dirname, 'handed-files.ts');
  const call = `handOver([], [{ path: ${JSON.stringify(path)}, word: (name) => name }], { userId: ${String(userId)}, folder: ${JSON.stringify(folder)} });`;
  const program = `import { handOver } from ${JSON.stringify(module)};\n${call}`;
  return await run([process.execPath, '--input-type=module', '--eval', program], { deadlineMs, acceptsFailure: true });
}

it('a kernel that was exchanged for a pipe holds nobody, and neither does a device', async () => {
  await using folder = await temporaryFolder();
  const pipe = join(folder.path, 'kernel');
  await run(['mkfifo', pipe], { deadlineMs });
  for (const path of [pipe, '/dev/zero']) {
    const { exitStatus, stderr } = await handedOver(path, folder.path);
    expect(exitStatus).toBe(1);
    expect(stderr).toContain(`${path} is no file any more`);
  }
});

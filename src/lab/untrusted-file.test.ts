import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import { run } from './process.ts';
import { copyUntrusted, readUntrusted, truncateUntrusted } from './untrusted-file.ts';

describe('a file that a VMM may write', () => {
  it('is read and copied, and no more of it than is wanted', async () => {
    await using folder = await temporaryFolder();
    const [log, copy] = [join(folder.path, 'log'), join(folder.path, 'copy')];
    writeFileSync(log, 'x'.repeat(100_000));
    expect(readUntrusted(log, 200_000)).toHaveLength(100_000);
    expect(readUntrusted(log, 70_000)).toHaveLength(70_000);
    writeFileSync(log, 'last words', { flag: 'a' });
    expect(readUntrusted(log, 5, 'end')).toBe('words');
    copyUntrusted(log, copy, 70_000);
    expect(statSync(copy).size).toBe(70_000);
    expect(() => {
      copyUntrusted(log, copy, 1);
    }).toThrow('EEXIST');
  });

  it('is cut where it is too long', async () => {
    await using folder = await temporaryFolder();
    const log = join(folder.path, 'log');
    writeFileSync(log, 'first words');
    truncateUntrusted(log, 20);
    expect(readFileSync(log, 'utf8')).toBe('first words');
    truncateUntrusted(log, 5);
    expect(readFileSync(log, 'utf8')).toBe('first');
  });

  it('is neither a link, a named pipe nor a device in its place', async () => {
    await using folder = await temporaryFolder();
    const at = (name: string): string => join(folder.path, name);
    writeFileSync(at('secret'), 'secret');
    symlinkSync(at('secret'), at('link'));
    await run(['mkfifo', at('pipe')], { deadlineMs: 5_000 });
    for (const path of [at('link'), at('pipe'), '/dev/zero']) expect(() => readUntrusted(path, 100)).toThrow(Error);
    expect(() => {
      copyUntrusted(at('link'), at('copy'), 100);
    }).toThrow('ELOOP');
    expect(readFileSync(at('copy'), 'utf8')).toBe('');
    expect(() => {
      truncateUntrusted(at('link'), 1);
    }).toThrow('ELOOP');
    expect(readFileSync(at('secret'), 'utf8')).toBe('secret');
  });
});

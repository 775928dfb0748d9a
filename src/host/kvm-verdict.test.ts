import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quickKvmFacts, recallKvm, rememberKvm } from './kvm-verdict.ts';

const hangs = { isUsable: false, reason: 'no guest booted within 10 s' };
const runs = { isUsable: true, reason: 'a guest booted in 0.4 s' };

describe('the KVM verdict', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tapbench-kvm-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('is unknown until one was remembered', () => {
    expect(recallKvm(folder, 'aa')).toBeNull();
  });

  it('is kept for each VMM', () => {
    rememberKvm(folder, 'aa', hangs);
    rememberKvm(folder, 'bb', runs);
    expect([recallKvm(folder, 'aa'), recallKvm(folder, 'bb'), recallKvm(folder, 'cc')]).toEqual([hangs, runs, null]);
  });

  it('ends with the boot of the host', async () => {
    rememberKvm(folder, 'aa', hangs);
    const file = join(folder, 'kvm-verdict.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/"bootId":"[^"]*"/, '"bootId":"another"'));
    expect(recallKvm(folder, 'aa')).toBeNull();
  });

  it('is unknown where its file is broken', async () => {
    await writeFile(join(folder, 'kvm-verdict.json'), '{');
    expect(recallKvm(folder, 'aa')).toBeNull();
  });
});

describe('quickKvmFacts', () => {
  it('tells a device that is absent from one that is refused', () => {
    expect(quickKvmFacts('/dev/tapbench-none')).toMatchObject({ device: 'absent', error: 'ENOENT' });
    expect(quickKvmFacts('/dev/null/kvm')).toMatchObject({ device: 'refused', error: 'ENOTDIR' });
  });
});

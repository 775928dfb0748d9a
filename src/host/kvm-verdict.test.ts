import { rmSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { machineFolder } from '../../test/sample/machine-folder.ts';
import { isPvm, quickKvmFacts, recallKvm, rememberKvm } from './kvm-verdict.ts';
import { machineFiles } from './machine-files.ts';

const stock = { vmmSha256: 'aa', kernelSha256: 'bb' };
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
    expect(recallKvm(folder, stock)).toBeNull();
  });

  it('is kept for each VMM and each kernel', () => {
    rememberKvm(folder, stock, hangs);
    rememberKvm(folder, { ...stock, kernelSha256: 'cc' }, runs);
    rememberKvm(folder, { ...stock, vmmSha256: 'dd' }, runs);
    expect(recallKvm(folder, stock)).toEqual(hangs);
    expect(recallKvm(folder, { ...stock, kernelSha256: 'cc' })).toEqual(runs);
    expect(recallKvm(folder, { ...stock, vmmSha256: 'dd' })).toEqual(runs);
    expect(recallKvm(folder, { vmmSha256: 'dd', kernelSha256: 'cc' })).toBeNull();
  });

  it('ends with the boot of the host', async () => {
    rememberKvm(folder, stock, hangs);
    const file = join(folder, 'kvm-verdict.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/"bootId":"[^"]*"/, '"bootId":"another"'));
    expect(recallKvm(folder, stock)).toBeNull();
  });

  it('is unknown where its file is broken', async () => {
    await writeFile(join(folder, 'kvm-verdict.json'), '{');
    expect(recallKvm(folder, stock)).toBeNull();
  });
});

describe('quickKvmFacts', () => {
  it('tells a device that is absent from one that is refused', () => {
    expect(quickKvmFacts('/dev/tapbench-none')).toMatchObject({ device: 'absent', error: 'ENOENT' });
    expect(quickKvmFacts('/dev/null/kvm')).toMatchObject({ device: 'refused', error: 'ENOTDIR' });
  });
});

it('PVM is told by its module', () => {
  const root = machineFolder({ '/sys/module/kvm/parameters/halt_poll_ns': '0', '/sys/module/kvm_pvm/version': '1' });
  expect(isPvm(machineFiles(root))).toBe(true);
  rmSync(join(root, 'sys/module/kvm_pvm'), { recursive: true });
  expect(isPvm(machineFiles(root))).toBe(false);
  rmSync(root, { recursive: true });
});

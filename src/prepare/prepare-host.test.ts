import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { machineFolder } from '../../test/sample/machine-folder.ts';
import { Ledger, readLedger } from '../lab/ledger.ts';
import { start } from '../lab/process.ts';
import { identityOf } from '../lab/process-identity.ts';
import { isStopped } from '../lab/stopped-process.ts';
import type { PrepareSpec } from '../record/experiment.ts';
import { prepareHost } from './prepare-host.ts';

const nothing: PrepareSpec = {
  pin: 'none',
  governor: null,
  turbo: null,
  idleLatencyUs: null,
  ksm: null,
  transparentHugepages: null,
  irqbalance: null,
};
const everything: PrepareSpec = {
  pin: 'none',
  governor: 'performance',
  turbo: false,
  idleLatencyUs: 0,
  ksm: false,
  transparentHugepages: 'never',
  irqbalance: false,
};

const cpufreq = '/sys/devices/system/cpu/cpufreq';
const ksm = '/sys/kernel/mm/ksm/run';
const hugepages = '/sys/kernel/mm/transparent_hugepage/enabled';
const noTurbo = '/sys/devices/system/cpu/intel_pstate/no_turbo';

/** Files of a machine that has every setting but a running irqbalance. */
const whole = {
  [`${cpufreq}/policy0/scaling_governor`]: 'powersave\n',
  [`${cpufreq}/policy0/energy_performance_preference`]: 'balance_power\n',
  [`${cpufreq}/policy1/scaling_governor`]: 'powersave\n',
  [`${cpufreq}/policy2/scaling_governor`]: 'performance\n',
  [noTurbo]: '0\n',
  [ksm]: '2\n',
  [hugepages]: 'always [madvise] never\n',
  '/sys/devices/system/cpu/cpuidle/current_driver': 'intel_idle\n',
  // 100, as four bytes.
  '/dev/cpu_dma_latency': 'd\0\0\0',
};

let root: string;
let ledgers: string;
beforeEach(() => {
  root = machineFolder({});
  ledgers = join(root, 'ledgers');
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function put(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
const now = (path: string): string => readFileSync(join(root, path), 'utf8').trim();
const standing = (): readonly unknown[] =>
  readdirSync(ledgers).flatMap((name) => readLedger(join(ledgers, name))?.standing ?? []);

describe('prepareHost', () => {
  it('sets what it is asked for and puts back what was there', async () => {
    put({ ...whole, [ksm]: '1\n' });
    using ledger = Ledger.open(ledgers, 'test');
    {
      await using host = await prepareHost({ spec: everything, ledger, root });
      expect(host.settings.map(({ field, before, status }) => [field, before, status])).toEqual([
        ['governor', 'powersave', 'set'],
        ['governor', 'performance', 'already'],
        ['turbo', '0', 'set'],
        ['idleLatencyUs', '100', 'set'],
        ['ksm', '1', 'set'],
        ['transparentHugepages', 'madvise', 'set'],
        ['irqbalance', null, 'absent'],
      ]);
      expect(host.settings[0]?.target).toBe(`${cpufreq}/policy{0-1}/scaling_governor`);
      expect(host.settings[1]?.target).toBe(`${cpufreq}/policy2/scaling_governor`);
      expect([now(`${cpufreq}/policy1/scaling_governor`), now(noTurbo), now(ksm), now(hugepages)]).toEqual([
        ...['performance', '1', '0', 'never'],
      ]);
      expect(readFileSync(join(root, '/dev/cpu_dma_latency'))).toEqual(Buffer.alloc(4));
    }
    expect([now(`${cpufreq}/policy1/scaling_governor`), now(noTurbo), now(ksm), now(hugepages)]).toEqual([
      ...['powersave', '0', '1', 'madvise'],
    ]);
    expect(standing()).toEqual([]);
  });

  it('has the old values in the ledger while the new ones are in force', async () => {
    put({ [ksm]: '1\n', [hugepages]: 'always [madvise] never\n' });
    using ledger = Ledger.open(ledgers, 'test');
    await using host = await prepareHost({
      spec: { ...nothing, ksm: false, transparentHugepages: 'always' },
      ledger,
      root,
    });
    expect(host.settings).toHaveLength(2);
    expect(standing()).toEqual([
      { kind: 'setting', path: join(root, ksm), before: '1', after: '0' },
      { kind: 'setting', path: join(root, hugepages), before: 'madvise', after: 'always' },
    ]);
  });

  it('touches nothing that it is not asked for', async () => {
    put(whole);
    using ledger = Ledger.open(ledgers, 'test');
    await using host = await prepareHost({ spec: nothing, ledger, root });
    expect(host.settings).toEqual([]);
    expect(standing()).toEqual([]);
  });

  it('keeps the old value 2 of KSM, which is as good as 0 and is not the same', async () => {
    put(whole);
    using ledger = Ledger.open(ledgers, 'test');
    {
      await using host = await prepareHost({ spec: { ...nothing, ksm: false }, ledger, root });
      expect(host.settings[0]).toMatchObject({ before: '2', status: 'already' });
    }
    {
      await using host = await prepareHost({ spec: { ...nothing, ksm: true }, ledger, root });
      expect(host.settings[0]).toMatchObject({ before: '2', status: 'set' });
      expect(now(ksm)).toBe('1');
    }
    expect(now(ksm)).toBe('2');
  });

  it('puts back the hint that a driver changes together with the governor', async () => {
    put(whole);
    using ledger = Ledger.open(ledgers, 'test');
    const hint = `${cpufreq}/policy0/energy_performance_preference`;
    {
      await using host = await prepareHost({ spec: { ...nothing, governor: 'performance' }, ledger, root });
      expect(host.settings[0]?.status).toBe('set');
      // As the driver does.
      put({ [hint]: 'performance\n' });
    }
    expect(now(hint)).toBe('balance_power');
  });

  it('leaves what somebody else has changed meanwhile, and says so', async () => {
    put(whole);
    using ledger = Ledger.open(ledgers, 'test');
    const host = await prepareHost({ spec: { ...nothing, transparentHugepages: 'never' }, ledger, root });
    put({ [hugepages]: '[always] madvise never\n' });
    await host[Symbol.asyncDispose]();
    expect(now(hugepages)).toBe('[always] madvise never');
    expect(host.left).toEqual([`${join(root, hugepages)}: somebody changed it meanwhile`]);
    expect(standing()).toEqual([]);
  });

  it('says of a machine that has none of it that it is absent, and why', async () => {
    using ledger = Ledger.open(ledgers, 'test');
    await using host = await prepareHost({ spec: everything, ledger, root });
    expect(host.settings).toHaveLength(6);
    for (const setting of host.settings) {
      expect(setting).toMatchObject({ status: 'absent', before: null });
      expect(setting.reason).not.toBeNull();
    }
  });

  it('records what the kernel refuses with its answer, and goes on', async () => {
    // A folder in the place of the file can be opened by nobody for writing.
    put({ [`${ksm}/x`]: '', [hugepages]: 'always [madvise] never\n' });
    using ledger = Ledger.open(ledgers, 'test');
    await using host = await prepareHost({
      spec: { ...nothing, ksm: false, transparentHugepages: 'never' },
      ledger,
      root,
    });
    expect(host.settings[0]).toMatchObject({ status: 'refused', before: null });
    expect(host.settings[0]?.reason).toMatch(/^EISDIR: /);
    expect(host.settings[1]?.status).toBe('set');
  });

  it('says when the machine can not be put back as it was, and keeps that in the ledger', async () => {
    put(whole);
    using ledger = Ledger.open(ledgers, 'test');
    const host = await prepareHost({ spec: { ...nothing, turbo: false, transparentHugepages: 'never' }, ledger, root });
    rmSync(join(root, noTurbo));
    mkdirSync(join(root, noTurbo));
    await expect(host[Symbol.asyncDispose]()).rejects.toMatchObject({
      code: 'LAB_FAILED',
      message: expect.stringContaining('no_turbo: EISDIR') as unknown,
    });
    // The other setting is back all the same.
    expect(now(hugepages)).toBe('madvise');
    expect(standing()).toMatchObject([{ path: join(root, noTurbo) }]);
  });
});

describe('prepareHost turbo', () => {
  it('uses the switch of the other drivers where intel_pstate has none', async () => {
    put({ [`${cpufreq}/boost`]: '1\n' });
    using ledger = Ledger.open(ledgers, 'test');
    await using host = await prepareHost({ spec: { ...nothing, turbo: false }, ledger, root });
    expect(host.settings[0]).toMatchObject({ target: `${cpufreq}/boost`, wanted: '0', before: '1', status: 'set' });
  });
});

describe('prepareHost idleLatencyUs', () => {
  it('is absent where the kernel chooses no idle states, though the device takes requests', async () => {
    put({ ...whole, '/sys/devices/system/cpu/cpuidle/current_driver': 'none\n' });
    using ledger = Ledger.open(ledgers, 'test');
    await using host = await prepareHost({ spec: { ...nothing, idleLatencyUs: 0 }, ledger, root });
    expect(host.settings[0]?.status).toBe('absent');
  });

  it('is already so where somebody else has asked for less', async () => {
    put({ ...whole, '/dev/cpu_dma_latency': '\x01\0\0\0' });
    using ledger = Ledger.open(ledgers, 'test');
    await using host = await prepareHost({ spec: { ...nothing, idleLatencyUs: 20 }, ledger, root });
    expect(host.settings[0]).toMatchObject({ before: '1', status: 'already' });
  });
});

describe('prepareHost irqbalance', () => {
  it('holds the daemon of the pid file still, and lets it go on', async () => {
    // The kernel names a process for its file.
    const binary = join(root, 'irqbalance');
    copyFileSync('/bin/sleep', binary);
    chmodSync(binary, 0o755);
    await using daemon = await start([binary, '60'], { diesWithUs: false });
    const identity = identityOf(daemon.pid) ?? { pid: 0, startTime: '' };
    put({ '/run/irqbalance.pid': `${String(daemon.pid)}\n` });
    using ledger = Ledger.open(ledgers, 'test');
    {
      await using host = await prepareHost({ spec: { ...nothing, irqbalance: false }, ledger, root });
      expect(host.settings).toEqual([
        {
          field: 'irqbalance',
          target: `process ${String(daemon.pid)} (irqbalance)`,
          wanted: 'paused',
          before: 'running',
          status: 'set',
          reason: null,
        },
      ]);
      expect(isStopped(identity)).toBe(true);
      expect(standing()).toEqual([{ kind: 'stopped-process', ...identity, what: 'irqbalance' }]);
    }
    expect(isStopped(identity)).toBe(false);
    expect(standing()).toEqual([]);
  });

  it('stops no other process that has the pid by now', async () => {
    await using innocent = await start(['sleep', '60']);
    put({ '/run/irqbalance.pid': `${String(innocent.pid)}\n` });
    using ledger = Ledger.open(ledgers, 'test');
    await using host = await prepareHost({ spec: { ...nothing, irqbalance: false }, ledger, root });
    expect(host.settings[0]?.status).toBe('absent');
  });
});

import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { machineFolder } from '../../../test/sample/machine-folder.ts';
import { pvmWords } from '../kvm-verdict.ts';
import { machineFiles } from '../machine-files.ts';
import { checkSteal } from './check-cpu.ts';
import { checkKvm } from './check-kvm.ts';
import { checkSpace } from './check-memory.ts';
import { checkPrograms } from './check-programs.ts';
import { requirement } from './requirement.ts';

const finding = { name: 'x', what: 'x', meaning: 'x', mend: 'mend it' };

describe('a requirement', () => {
  it('that is not met is missing where it is vital and degraded where it is not', () => {
    expect(requirement({ ...finding, isOk: false, isVital: true })).toMatchObject({
      status: 'missing',
      mend: 'mend it',
    });
    expect(requirement({ ...finding, isOk: false, isVital: false }).status).toBe('degraded');
  });

  it('that is met needs no mending', () => {
    expect(requirement({ ...finding, isOk: true, isVital: true })).toMatchObject({ status: 'ok', mend: null });
  });
});

describe('checkSteal', () => {
  it('speaks above one percent of the time between the two readings', () => {
    const before = { total: 1000, stolen: 900 };
    expect(checkSteal(before, { total: 2000, stolen: 910 }).status).toBe('ok');
    expect(checkSteal(before, { total: 2000, stolen: 911 }).status).toBe('degraded');
  });

  it('has no opinion of no time at all', () => {
    const reading = { total: 1000, stolen: 10 };
    expect(checkSteal(reading, reading).what).toContain('0.00 % during');
  });
});

describe('checkKvm', () => {
  it('does not take a device that opens for KVM that runs guests', () => {
    const [kvm] = checkKvm(null);
    expect(kvm).toMatchObject({ status: 'degraded', mend: 'tapbench run quick' });
    expect(kvm?.what).toContain('unknown until a guest has booted');
  });

  it('says which kernels run on it where it is of the kind PVM', () => {
    const root = machineFolder({ '/sys/module/kvm_pvm/version': '1', '/dev/kvm': '' });
    const [kvm] = checkKvm({ isUsable: false, reason: pvmWords }, machineFiles(root));
    expect(kvm?.what).toBe(`guests do not run: ${pvmWords}`);
    rmSync(root, { recursive: true });
  });

  it('says what a real boot has shown', () => {
    expect(checkKvm({ isUsable: true, reason: 'booted' })[0]?.status).toBe('ok');
    expect(checkKvm({ isUsable: false, reason: 'hung' })[0]?.what).toContain('guests do not run: hung');
  });
});

describe('checkPrograms', () => {
  it('names the command that brings a program that is missing', async () => {
    const program = { name: 'tapbench-none', debianPackage: 'none-such', isVital: true, meaning: 'x' };
    const [missing] = await checkPrograms('/dev/null/cache', [program]);
    expect(missing).toMatchObject({ status: 'missing', mend: 'apt-get install -y --no-install-recommends none-such' });
  });
});

describe('checkSpace', () => {
  it('judges a folder that does not exist yet by the one that it will lie in', () => {
    const folders = { cacheFolder: '/proc/tapbench/none', storeFolder: '/tmp/tapbench-none/a/b' };
    const requirements = checkSpace(machineFiles(), folders);
    expect(requirements.find(({ name }) => name === 'cache folder')?.status).toBe('missing');
    expect(requirements.find(({ name }) => name === 'store folder')?.what).toMatch(
      /^\/tmp\/tapbench-none\/a\/b: \d+ MiB free$/,
    );
  });

  it('knows by the features of the balloon whether freed memory is given back', () => {
    const freed = (features: string): string | undefined => {
      const root = machineFolder({ '/sys/bus/virtio/drivers/virtio_balloon/virtio0/features': features });
      const folders = { cacheFolder: '/tmp', storeFolder: '/tmp' };
      const found = checkSpace(machineFiles(root), folders).find(({ name }) => name === 'freed memory');
      rmSync(root, { recursive: true });
      return found?.status;
    };
    expect(freed('0110010100')).toBe('degraded');
    expect(freed('0110000100')).toBe('ok');
  });
});

import { describe, expect, it } from 'vitest';
import { levelOneCommand } from './command.ts';

const argv = levelOneCommand({
  qemu: '/usr/bin/qemu-system-x86_64',
  levelOne: { id: '0123456789abcdef', disk: '/cache/root.ext4', kernel: '/cache/bzImage', paths: new Set() },
  jobDisk: '/tmp/a,b/job.ext4',
  resultDisk: '/tmp/results.raw',
  consoleLog: '/tmp/console.log',
  cpus: 2,
  memoryBytes: 3 * 1024 ** 3,
});
const drives = argv.filter((_, index) => argv[index - 1] === '-drive');

describe('the command line of the level-one machine', () => {
  it('emulates a processor, so that it needs no KVM, and gives the machine no network', () => {
    expect(argv.join(' ')).toContain('-accel tcg');
    expect(argv.join(' ')).toContain('-net none');
    expect(argv).not.toContain('-enable-kvm');
  });

  it('has no way to other programs and users', () => {
    expect(argv[argv.indexOf('-sandbox') + 1]).toMatch(/^on,.*elevateprivileges=deny,spawn=deny/);
  });

  it('writes to no disk but that of the results', () => {
    const written = drives.filter((drive) => !drive.includes('snapshot=on'));
    expect(written).toEqual(['if=none,id=results,file=/tmp/results.raw,format=raw,cache=unsafe']);
  });

  it('doubles the commas of paths, which QEMU would part at', () => {
    expect(drives[1]).toContain('file=/tmp/a,,b/job.ext4,');
  });

  it('has one disk on NVMe, which the kernel is told to boot from, and the others by serial number', () => {
    const devices = argv.filter((_, index) => argv[index - 1] === '-device');
    expect(devices.filter((device) => device.startsWith('nvme,'))).toEqual(['nvme,serial=root,drive=root']);
    expect(argv[argv.indexOf('-append') + 1]).toContain('root=/dev/nvme0n1 ');
    expect(devices).toContain('virtio-blk-pci,serial=job,drive=job');
    expect(devices).toContain('virtio-blk-pci,serial=results,drive=results');
  });
});

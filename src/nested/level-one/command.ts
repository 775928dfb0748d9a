import type { LevelOne } from './build.ts';

export interface LevelOneCommand {
  readonly qemu: string;
  readonly levelOne: LevelOne;
  readonly jobDisk: string;
  /** Raw, written to by the machine. */
  readonly resultDisk: string;
  /** The kernel's own console, as a file. */
  readonly consoleLog: string;
  readonly cpus: number;
  readonly memoryBytes: number;
}

/**
 * `tsc`: under TCG the kernel takes the time stamp counter for unstable and reads the clock with a system call, which would be counted
 * in every program that looks at the clock.
 */
const kernelArguments =
  'console=ttyS0 root=/dev/nvme0n1 rw init=/init panic=-1 reboot=t mitigations=off quiet tsc=reliable clocksource=tsc';

/** What it gives up before its kernel starts: old system calls, other users, other programs, priorities. It reads disks that it was given by name. */
const sandbox = 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny';

/** @param kind of device that the machine sees */
function disk(name: string, file: string, { kind, options }: { kind: string; options: string }): string[] {
  const drive = `if=none,id=${name},file=${file.replaceAll(',', ',,')},format=raw,${options}`;
  return ['-drive', drive, '-device', `${kind},serial=${name},drive=${name}`];
}

/**
 * QEMU with an emulated AMD processor that offers SVM, so that the machine has a KVM of its own. No network card: all traffic stays inside.
 * ext4 and NVMe are built into Debian's kernel for virtual machines, so it boots without an initramfs. The root disk is the only one on NVMe: several
 * are looked at at once, and the first to answer is nvme0. virtio-blk is a module, and /init looks for the others by their serial numbers. `la57` (five-level page tables)
 * off: nested paging under it is emulated more slowly.
 */
export function levelOneCommand(options: LevelOneCommand): string[] {
  const { qemu, levelOne, jobDisk, resultDisk, consoleLog, cpus, memoryBytes } = options;
  return [
    qemu,
    ...['-machine', 'q35', '-accel', 'tcg,thread=multi,tb-size=512', '-cpu', 'max,la57=off'],
    ...['-smp', String(cpus), '-m', `${String(Math.ceil(memoryBytes / 1024 ** 2))}M`],
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-net', 'none'],
    ...['-sandbox', sandbox],
    ...['-serial', `file:${consoleLog.replaceAll(',', ',,')}`],
    ...['-chardev', 'stdio,id=job,signal=off', '-device', 'isa-serial,chardev=job,index=1'],
    ...['-kernel', levelOne.kernel, '-append', kernelArguments],
    ...disk('root', levelOne.disk, { kind: 'nvme', options: 'snapshot=on' }),
    ...disk('job', jobDisk, { kind: 'virtio-blk-pci', options: 'snapshot=on' }),
    ...disk('results', resultDisk, { kind: 'virtio-blk-pci', options: 'cache=unsafe' }),
  ];
}

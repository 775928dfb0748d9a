import { dirname, join } from 'node:path';
import type { BootSpec, VmmCommand } from '../driver.ts';
import { socketPath } from '../socket-path.ts';
import { elfKernel, firecrackerConfig, hasPci, isJailed } from './config.ts';
import { firecrackerCounters } from './counters.ts';

/** Files of one Firecracker: as the host names them, and as it does itself. */
interface Place {
  readonly onHost: (name: string) => string;
  readonly asItSees: (name: string) => string;
  readonly socket: string;
}

/** Id in a jail, where it is part of every path; what it may be made of: src/utils/src/validators.rs. */
const jailId = 'vm';
const socketName = 'api.sock';
const diskName = 'rootfs';

const files = { config: 'firecracker.json', metrics: 'firecracker-metrics.json', log: 'vmm.log' };

function placeOf(spec: BootSpec): Place {
  if (isJailed(spec)) {
    // chroot_dir of src/jailer/src/env.rs: BASE/NAME OF THE PROGRAM/ID/root.
    const root = join(spec.jailFolder, 'firecracker', jailId, 'root');
    const onHost = (name: string): string => join(root, name);
    return { onHost, asItSees: (name) => `/${name}`, socket: onHost(socketName) };
  }
  const onHost = (name: string): string => join(spec.folder, name);
  return { onHost, asItSees: onHost, socket: join(spec.runtimeFolder, socketName) };
}

/**
 * Firecracker sets its stdout to non-blocking and drops what does not fit (src/vmm/src/builder.rs, set_stdout_nonblocking; since 1.14
 * src/vmm/src/device_manager/mod.rs), one byte a write. A socket, which is what Node gives its children, is full after a few hundred such
 * writes, a pipe after 64 KiB: hence a pipe, and a cat that ends with it.
 */
function withPipe(fifo: string, argv: readonly string[]): string[] {
  return ['sh', '-c', 'mkfifo "$0" && { cat "$0" & exec "$@" >"$0"; }', fifo, ...argv];
}

/** The jailer makes /dev/kvm and /dev/net/tun in the jail, for the user that it changes to. */
function jailer(spec: BootSpec, program: string): string[] {
  const user = String(spec.userId ?? 0);
  return [
    ...[join(dirname(spec.binary), 'jailer'), '--id', jailId, '--exec-file', program],
    ...['--uid', user, '--gid', user, '--chroot-base-dir', spec.jailFolder, '--'],
  ];
}

function instanceId(name: string): string {
  return name.replace(/[^a-zA-Z0-9-]/g, '-').slice(0, 64);
}

/** @throws TapbenchError `VMM_FAILED` without an ELF kernel, and where the path of its socket is too long */
export function firecrackerCommand(spec: BootSpec): VmmCommand {
  const isInJail = isJailed(spec);
  const { onHost, asItSees, socket } = placeOf(spec);
  socketPath(socket, 'set XDG_CACHE_HOME (with a jail) or TAPBENCH_RUNTIME_DIR to a shorter folder');
  const kernel = elfKernel(spec);
  const paths = isInJail
    ? { kernel: asItSees('vmlinux'), initrd: asItSees('initramfs'), disk: spec.disk && asItSees(diskName) }
    : { kernel, initrd: spec.initrd, disk: spec.disk };
  const program = join(spec.jailFolder, 'bin', 'firecracker');
  const argv = [
    ...(isInJail ? jailer(spec, program) : [spec.binary, '--id', instanceId(spec.name)]),
    ...['--api-sock', isInJail ? asItSees(socketName) : socket, '--config-file', asItSees(files.config)],
    // Else its log goes to stdout, into the console.
    ...['--log-path', asItSees(files.log), '--level', 'Warning', '--show-level'],
    ...(hasPci(spec) ? ['--enable-pci'] : []),
  ];
  return {
    argv: withPipe(join(spec.runtimeFolder, 'console'), argv),
    files: {
      [onHost(files.config)]: firecrackerConfig(spec, { ...paths, metrics: asItSees(files.metrics) }),
      // 1.12 and older does not make them (open_file_nonblock of src/vmm/src/vmm_config/mod.rs).
      [onHost(files.metrics)]: '',
      [onHost(files.log)]: '',
    },
    links: isInJail
      ? {
          [onHost('vmlinux')]: kernel,
          [onHost('initramfs')]: spec.initrd,
          ...(spec.disk === null ? {} : { [onHost(diskName)]: spec.disk }),
          [program]: spec.binary,
        }
      : {},
    // The jail goes with the boot; why a VMM ended may stand in its log alone.
    ...(isInJail && spec.userId !== null ? { owner: spec.userId } : {}),
    ...(isInJail ? { kept: [onHost(files.metrics), onHost(files.log)] } : {}),
    log: onHost(files.log),
    counters: firecrackerCounters({ socket, metrics: onHost(files.metrics) }),
    // SendCtrlAltDel is a request to the guest's init, which has no such key.
    powerOff: null,
  };
}

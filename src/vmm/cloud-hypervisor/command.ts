import { join } from 'node:path';
import { TapbenchError } from '../../record/error.ts';
import type { BootSpec, VmmCommand } from '../driver.ts';
import { kernelArguments, kernelCommandLine } from '../kernel-arguments.ts';
import { socketPath } from '../socket-path.ts';
import { api, cloudHypervisorCounters, netId } from './counters.ts';

export const diskId = 'rootfs';

function socketIn(folder: string, name: string): string {
  return socketPath(join(folder, name), 'set TAPBENCH_RUNTIME_DIR to a shorter folder');
}

/**
 * `panic=0` goes over the `panic=-1` of all guests: a guest that resets in whatever way, a triple fault too, is booted again in the same process
 * (vm_reboot of vmm/src/lib.rs), and no version has a switch against that. So one that panics stays where it is. The channel reads the panic from
 * the console, and the VMM is ended. Power-off by ACPI does end the VMM.
 */
function kernelLine(spec: BootSpec): string {
  return kernelCommandLine([
    ...[...kernelArguments, 'panic=0'],
    ...[...spec.guestArguments, spec.configuration.guest.kernelArguments],
  ]);
}

/**
 * `--net` (NetConfig::parse of vmm/src/config.rs). `num_queues` counts both directions. Segments of UDP go with those of TCP: a card without
 * segmentation has neither. No `mtu`: the card takes that of the tap (Net::new_with_tap of virtio-devices/src/net.rs).
 */
function networkCard({ configuration, tap }: BootSpec): string {
  const { queues, rxQueueSize, txQueueSize, offloads } = configuration.nic;
  const size = rxQueueSize ?? txQueueSize;
  return [
    ...[`tap=${tap.device}`, `mac=${tap.mac}`, `id=${netId}`, `num_queues=${String(2 * queues)}`],
    ...(size === null ? [] : [`queue_size=${String(size)}`]),
    ...(offloads.tso ? [] : ['offload_tso=off', 'offload_ufo=off']),
    ...(offloads.csum ? [] : ['offload_csum=off']),
  ].join(',');
}

/** Its id names its thread. In quotes a comma is part of the name (option_parser/src/lib.rs). */
function disk({ disk: path }: BootSpec): string[] {
  return path === null ? [] : ['--disk', `path="${path}",readonly=on,id=${diskId}`];
}

/** @throws TapbenchError `VMM_FAILED` without a kernel, and where the path of a socket is too long */
export function cloudHypervisorCommand(spec: BootSpec): VmmCommand {
  const { vmm } = spec.configuration;
  const kernel = spec.kernel.elf ?? spec.kernel.bzImage;
  if (kernel === null) throw new TapbenchError('VMM_FAILED', 'Cloud Hypervisor was given no kernel');
  const socket = socketIn(spec.runtimeFolder, 'api.sock');
  const consoleSocket = socketIn(spec.runtimeFolder, 'console.sock');
  const log = join(spec.folder, 'vmm.log');
  const argv = [
    spec.binary,
    ...['--kernel', kernel, '--initramfs', spec.initrd, '--cmdline', kernelLine(spec)],
    ...['--cpus', `boot=${String(vmm.vcpus)}`, '--memory', `size=${String(Math.ceil(vmm.memoryBytes / 2 ** 20))}M`],
    ...['--net', networkCard(spec)],
    ...disk(spec),
    // `tty` would read stdin only where that is a terminal (SerialManager::new of vmm/src/serial_manager.rs).
    ...['--serial', `socket=${consoleSocket}`, '--console', 'off'],
    ...['--api-socket', `path=${socket}`],
    // Else it warns on stderr, at every boot, that the tap exists; stderr is for why it failed.
    ...['--log-file', log],
  ];
  return {
    argv,
    files: {},
    links: {},
    log,
    consoleSocket,
    counters: cloudHypervisorCounters(socket),
    // Ends VM and process with 0. The power button would need a driver and a listener in the guest, and vm.shutdown leaves the process.
    powerOff: { socket, method: 'PUT', path: `${api}/vmm.shutdown`, body: null },
  };
}

import type { CallMeaning } from '../driver.ts';

/** Read in 1.8.0, 1.12.1, 1.14.4 and 1.16.1; where a way is of some of them only, the sentence says so. */
const versions = 'Firecracker 1.8 to 1.16';
const net = 'src/vmm/src/devices/virtio/net';
const interrupt = `${versions}: IrqTrigger of src/vmm/src/devices/virtio/device.rs (since 1.14 transport/mmio.rs)`;
const loop = `${versions}: src/vmm/src/lib.rs and the event-manager crate (epoll)`;
const vcpu = `${versions}: src/vmm/src/vstate/vcpu/mod.rs (since 1.12 vcpu.rs)`;
const readers = `1.8.0: ${net}/device.rs (read_tap); since 1.10, where readv takes its place: CHANGELOG of 1.10.0`;

/** What Firecracker's calls are for, while it moves packets. All of its devices run in the main thread. */
export const firecrackerCalls: readonly CallMeaning[] = [
  {
    role: 'vmm',
    call: 'writev',
    request: null,
    step: 'tap-write',
    meaning: "gives one frame of the guest, with its virtio header, to the tap, straight from the guest's buffers",
    source: `${versions}: ${net}/device.rs (write_to_mmds_or_tap), tap.rs (write_iovec)`,
  },
  {
    role: 'vmm',
    call: 'readv',
    request: null,
    step: 'tap-read',
    meaning:
      "takes one frame from the tap, straight into the guest's buffers (since 1.10); the last one of a row finds the tap empty (EAGAIN)",
    source: `Firecracker 1.12.1 to 1.16.1: ${net}/device.rs (read_tap, process_rx), tap.rs (read_iovec)`,
  },
  {
    role: 'vmm',
    call: 'read',
    request: null,
    step: 'notification',
    meaning:
      'empties the eventfd of a queue: the guest has told the card, through ioeventfd, that it is filled. Before 1.10 also takes one frame from the tap, and asks once more until it is empty',
    source: `${versions}: ${net}/device.rs (process_tx_queue_event, process_rx_queue_event); ${readers}`,
  },
  {
    role: 'vmm',
    call: 'write',
    request: null,
    step: 'interrupt',
    meaning:
      'signals the eventfd of an interrupt, which KVM injects (irqfd): frames were received, or sent ones given back; one for each queue and turn unless the guest wants none (EVENT_IDX)',
    source: `${versions}: ${net}/device.rs (signal_used_queue, try_signal_queue); ${interrupt}; with PCI transport/pci/device.rs`,
  },
  {
    role: 'vmm',
    call: 'epoll_pwait',
    request: null,
    step: 'wake-up',
    source: loop,
    meaning: 'waits for the tap, for queues that the guest has filled, and for timers (builds with musl)',
  },
  {
    role: 'vmm',
    call: 'epoll_wait',
    request: null,
    step: 'wake-up',
    source: loop,
    meaning: 'waits for the tap, for queues that the guest has filled, and for timers (builds with glibc)',
  },
  {
    role: 'vcpu',
    call: 'ioctl',
    request: 'KVM_RUN',
    step: 'guest-entry',
    meaning:
      'enters the guest. With virtio-mmio each interrupt brings it back twice: the guest reads InterruptStatus and writes InterruptACK; with PCI (MSI-X) not at all',
    source: `${vcpu} (run_emulation); registers 0x60 and 0x64 of src/vmm/src/devices/virtio/mmio.rs (since 1.14 transport/mmio.rs)`,
  },
  {
    role: 'vcpu',
    call: 'write',
    request: null,
    step: 'other',
    meaning: 'writes one byte of the console, or signals its interrupt: no packet',
    source: `${versions}: src/vmm/src/devices/legacy/serial.rs`,
  },
];

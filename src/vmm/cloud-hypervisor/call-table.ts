import type { CallMeaning } from '../driver.ts';

/** Read in these three; what they do while packets move is the same. */
const versions = 'Cloud Hypervisor 44.0, 51.2, 53.0';
const pair = `${versions}: net_util/src/queue_pair.rs`;
const net = `${versions}: virtio-devices/src/net.rs`;
const loop = `${versions}: virtio-devices/src/epoll_helper.rs (run_with_timeout)`;
const transport = `${versions}: virtio-devices/src/transport/pci_device.rs`;
const interrupts = `${versions}: vmm/src/interrupt.rs`;

/** What Cloud Hypervisor's calls are for, while it moves packets. Each queue pair of the card has a thread of its own. */
export const cloudHypervisorCalls: readonly CallMeaning[] = [
  {
    role: 'net',
    call: 'writev',
    request: null,
    step: 'tap-write',
    source: `${pair} (TxVirtio)`,
    meaning: "gives one frame of the guest, with its virtio header, to the tap, straight from the guest's buffers",
  },
  {
    role: 'net',
    call: 'readv',
    request: null,
    step: 'tap-read',
    source: `${pair} (RxVirtio)`,
    meaning:
      "takes one frame from the tap, straight into the guest's buffers; the last one of a row finds the tap empty (EAGAIN)",
  },
  {
    role: 'net',
    call: 'read',
    request: null,
    step: 'notification',
    meaning: 'empties the eventfd of a queue: the guest has told the card, through ioeventfd, that it is filled',
    source: `${net} (handle_event, handle_rx_event); ${transport} (ioeventfds)`,
  },
  {
    role: 'net',
    call: 'write',
    request: null,
    step: 'interrupt',
    meaning:
      'signals the eventfd of a message-signalled interrupt, which KVM injects (irqfd): frames were received, or sent ones given back; not where the guest wants none (EVENT_IDX)',
    source: `${net} (signal_used_queue); ${interrupts} (InterruptRoute::trigger)`,
  },
  {
    role: 'net',
    call: 'epoll_wait',
    request: null,
    step: 'wake-up',
    source: loop,
    meaning: 'waits for the tap and for queues that the guest has filled (builds with glibc)',
  },
  {
    role: 'net',
    call: 'epoll_pwait',
    request: null,
    step: 'wake-up',
    source: loop,
    meaning: 'waits for the tap and for queues that the guest has filled (builds with musl)',
  },
  {
    role: 'net',
    call: 'epoll_ctl',
    request: null,
    step: 'wake-up',
    source: `${pair} (process_rx, process_tx)`,
    meaning:
      'stops to watch the tap while the guest has no free receive buffers, or watches for room in it after a full tap (EAGAIN), and back',
  },
  {
    role: 'vcpu',
    call: 'ioctl',
    request: 'KVM_RUN',
    step: 'guest-entry',
    meaning:
      'enters the guest. Neither a notification (ioeventfd) nor an interrupt (irqfd, MSI-X) brings it back to the VMM',
    source: `${versions}: vmm/src/cpu.rs, hypervisor/src/kvm/mod.rs (run); ${transport} (ioeventfds)`,
  },
  {
    role: 'vcpu',
    call: 'ioctl',
    request: 'KVM_SET_GSI_ROUTING',
    step: 'other',
    meaning: 'tells KVM where an interrupt goes, after the guest has written its vector or its mask: no packet',
    source: `${interrupts} (MsiInterruptGroup::update)`,
  },
  {
    role: 'vcpu',
    call: 'write',
    request: null,
    step: 'other',
    meaning: 'writes one byte of the console, or signals its interrupt: no packet',
    source: `${versions}: devices/src/legacy/serial.rs`,
  },
];

import type { CallMeaning } from '../driver.ts';

const tap = 'QEMU 7.2: net/tap.c';
const notifier = 'QEMU 7.2: util/event_notifier-posix.c';
const loop = 'QEMU 7.2: util/main-loop.c, util/aio-posix.c';
const kvm = 'QEMU 7.2: accel/kvm/kvm-all.c';
const kick = 'QEMU 7.2: softmmu/cpus.c (cpus_kick_thread); glibc 2.36: pthread_kill';

/** What QEMU's calls are for, while it moves packets. */
export const qemuCalls: readonly CallMeaning[] = [
  {
    role: 'vmm',
    call: 'read',
    request: null,
    step: 'tap-read',
    source: `${tap} (tap_read_packet); ${notifier}`,
    meaning:
      'takes one frame from the tap; also empties an eventfd that woke the loop, and asks the tap once more until it is empty',
  },
  {
    role: 'vmm',
    call: 'writev',
    request: null,
    step: 'tap-write',
    source: `${tap} (tap_write_packet)`,
    meaning: 'gives one frame of the guest, with its virtio header, to the tap',
  },
  {
    role: 'vmm',
    call: 'write',
    request: null,
    step: 'wake-up',
    source: notifier,
    meaning: 'signals an eventfd: wakes a thread, or raises an interrupt through irqfd',
  },
  {
    role: 'vmm',
    call: 'ppoll',
    request: null,
    step: 'wake-up',
    source: loop,
    meaning: 'waits for the tap, eventfds and timers',
  },
  {
    role: 'vmm',
    call: 'ioctl',
    request: 'KVM_IRQ_LINE_STATUS',
    step: 'interrupt',
    source: kvm,
    meaning: 'raises or lowers the interrupt line of the card (virtio-mmio)',
  },
  {
    role: 'vmm',
    call: 'ioctl',
    request: 'KVM_SIGNAL_MSI',
    step: 'interrupt',
    source: kvm,
    meaning: 'raises a message-signalled interrupt of the card (virtio-pci)',
  },
  {
    role: 'vcpu',
    call: 'ioctl',
    request: 'KVM_RUN',
    step: 'guest-entry',
    source: kvm,
    meaning: 'enters the guest; comes back where QEMU must handle what the guest did',
  },
  {
    role: 'vcpu',
    call: 'ioctl',
    request: 'KVM_IRQ_LINE_STATUS',
    step: 'interrupt',
    source: kvm,
    meaning: 'changes an interrupt line as the guest acknowledges an interrupt (virtio-mmio)',
  },
  {
    role: 'vcpu',
    call: 'write',
    request: null,
    step: 'notification',
    source: notifier,
    meaning: 'wakes the main loop: the guest (emulated CPU) has told the card that a queue is filled',
  },
  {
    role: 'vcpu',
    call: 'futex',
    request: null,
    step: 'wake-up',
    source: 'QEMU 7.2: util/qemu-thread-posix.c',
    meaning: "takes or gives QEMU's big lock, or sleeps while the emulated CPU is idle",
  },
  {
    role: 'vmm',
    call: 'tgkill',
    request: null,
    step: 'wake-up',
    source: kick,
    meaning: 'kicks a vCPU out of the guest with a signal, so that it sees what has changed',
  },
  {
    role: 'vmm',
    call: 'getpid',
    request: null,
    step: 'wake-up',
    source: kick,
    meaning: 'belongs to tgkill: the C library names the process whose thread is kicked',
  },
  {
    role: 'vmm',
    call: 'rt_sigprocmask',
    request: null,
    step: 'wake-up',
    source: kick,
    meaning: 'belongs to tgkill: the C library blocks signals around it',
  },
  {
    role: 'vcpu',
    call: 'rt_sigreturn',
    request: null,
    step: 'wake-up',
    source: kick,
    meaning: 'ends the handler of the signal that kicked the vCPU',
  },
  {
    role: 'vmm',
    call: 'futex',
    request: null,
    step: 'wake-up',
    source: 'QEMU 7.2: util/qemu-thread-posix.c',
    meaning: "takes or gives QEMU's big lock, or wakes an emulated CPU for an interrupt",
  },
];

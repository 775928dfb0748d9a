import type { AddressRegion } from '../../record/address-region.ts';

const port = (name: string, first: number, last: number): AddressRegion => ({
  name,
  kind: 'pio',
  start: first,
  lengthBytes: last - first + 1,
});

/**
 * Where the devices of any PC are, whatever VMM plays it. Ports: standard_io_resources of arch/x86/kernel/setup.c, and the
 * drivers named; memory: arch/x86/include/asm/{io_apic,apicdef}.h and the HPET specification's usual place. Addresses that only one VMM
 * or chipset has are its driver's to tell.
 */
export const platformRegions: readonly AddressRegion[] = [
  port('DMA controller', 0x00, 0x1f),
  port('interrupt controller (8259)', 0x20, 0x21),
  port('timer (8254)', 0x40, 0x43),
  port('keyboard controller (i8042)', 0x60, 0x60),
  port('system control port B', 0x61, 0x61),
  port('keyboard controller (i8042)', 0x64, 0x64),
  port('real-time clock', 0x70, 0x71), // arch/x86/include/asm/mc146818rtc.h
  port('delay port', 0x80, 0x80), // arch/x86/kernel/io_delay.c
  port('DMA page registers', 0x81, 0x8f),
  port('system control port A', 0x92, 0x92),
  port('interrupt controller (8259)', 0xa0, 0xa1),
  port('DMA controller', 0xc0, 0xdf),
  port('coprocessor', 0xf0, 0xff),
  // arch/x86/include/asm/serial.h
  port('serial port 4', 0x2e8, 0x2ef),
  port('serial port 2', 0x2f8, 0x2ff),
  port('VGA', 0x3c0, 0x3df), // include/video/vga.h
  port('serial port 3', 0x3e8, 0x3ef),
  port('serial port', 0x3f8, 0x3ff),
  port('interrupt trigger mode (ELCR)', 0x4d0, 0x4d1), // arch/x86/kernel/i8259.c
  port('PCI configuration', 0xcf8, 0xcff), // arch/x86/pci/direct.c
  { name: 'VGA memory', kind: 'mmio', start: 0xa_0000, lengthBytes: 0x2_0000 },
  { name: 'I/O APIC', kind: 'mmio', start: 0xfec0_0000, lengthBytes: 0x1000 },
  { name: 'HPET', kind: 'mmio', start: 0xfed0_0000, lengthBytes: 0x400 },
  { name: 'local APIC', kind: 'mmio', start: 0xfee0_0000, lengthBytes: 0x1000 },
];

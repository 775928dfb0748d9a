/** A stretch of the guest's addresses (`mmio`) or ports (`pio`) that one device, or a row of equal devices, answers at. */
export interface AddressRegion {
  /** What is said of an access to it: `I/O APIC`; for a row of devices their number follows: `virtio-mmio 0`. */
  readonly name: string;
  readonly kind: 'mmio' | 'pio';
  /** First address or port. Guest-physical addresses have at most 52 bits, so that a number holds them. */
  readonly start: number;
  /** For `pio` the number of ports. */
  readonly lengthBytes: number;
  /** Bytes from one device of the row to the next; absent: the region is one device. */
  readonly strideBytes?: number;
  /** Whose registers are told apart by their offset in the device; absent: none are. */
  readonly registers?: 'virtio-mmio';
}

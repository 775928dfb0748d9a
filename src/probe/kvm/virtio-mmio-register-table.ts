/** Registers of a virtio device over MMIO by offset (VIRTIO 1.2, 4.2.2 "MMIO Device Register Layout"; 4.2.4 for those of legacy devices). */
export const virtioMmioRegisters: ReadonlyMap<number, string> = new Map([
  [0x000, 'MagicValue'],
  [0x004, 'Version'],
  [0x008, 'DeviceID'],
  [0x00c, 'VendorID'],
  [0x010, 'DeviceFeatures'],
  [0x014, 'DeviceFeaturesSel'],
  [0x020, 'DriverFeatures'],
  [0x024, 'DriverFeaturesSel'],
  [0x028, 'GuestPageSize'], // legacy
  [0x030, 'QueueSel'],
  [0x034, 'QueueNumMax'],
  [0x038, 'QueueNum'],
  [0x03c, 'QueueAlign'], // legacy
  [0x040, 'QueuePFN'], // legacy
  [0x044, 'QueueReady'],
  [0x050, 'QueueNotify'],
  [0x060, 'InterruptStatus'],
  [0x064, 'InterruptACK'],
  [0x070, 'Status'],
  [0x080, 'QueueDescLow'],
  [0x084, 'QueueDescHigh'],
  [0x090, 'QueueDriverLow'],
  [0x094, 'QueueDriverHigh'],
  [0x0a0, 'QueueDeviceLow'],
  [0x0a4, 'QueueDeviceHigh'],
  [0x0ac, 'SHMSel'],
  [0x0b0, 'SHMLenLow'],
  [0x0b4, 'SHMLenHigh'],
  [0x0b8, 'SHMBaseLow'],
  [0x0bc, 'SHMBaseHigh'],
  [0x0c0, 'QueueReset'],
  [0x0fc, 'ConfigGeneration'],
]);

/** From here on: the configuration space of the device's type. */
export const virtioMmioConfig = 0x100;

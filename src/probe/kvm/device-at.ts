import type { AddressRegion } from '../../record/address-region.ts';
import type { DeviceAccess } from '../../record/probe-readings.ts';
import type { AddressCount } from './counts.ts';
import { virtioMmioConfig, virtioMmioRegisters } from './virtio-mmio-register-table.ts';

/** Accesses whose addresses found no place in the tracer's map. */
const elsewhere = 'more addresses than are told apart';

const pageBytes = 4096;

const hex = (number: number): string => `0x${number.toString(16)}`;

function registerName(offset: number): string {
  if (offset >= virtioMmioConfig) return 'configuration';
  return virtioMmioRegisters.get(offset - (offset % 4)) ?? hex(offset);
}

function placeIn(region: AddressRegion, offset: number): string {
  const { name, strideBytes, registers } = region;
  const device = strideBytes === undefined ? name : `${name} ${String(Math.floor(offset / strideBytes))}`;
  if (registers === undefined) return device;
  return `${device} ${registerName(strideBytes === undefined ? offset : offset % strideBytes)}`;
}

/**
 * What an address or port belongs to: the first region that holds it, with the register where the region tells them apart; else the page of
 * 4096 bytes, or the port, in hex.
 */
export function deviceAt(
  at: { kind: AddressRegion['kind']; address: number },
  regions: readonly AddressRegion[],
): string {
  const { kind, address } = at;
  const region = regions.find(
    (one) => one.kind === kind && address >= one.start && address < one.start + one.lengthBytes,
  );
  if (region !== undefined) return placeIn(region, address - region.start);
  return hex(kind === 'mmio' ? address - (address % pageBytes) : address);
}

/** Accesses by what they belong to, the most frequent first; ties by name. The sum stays the same. */
export function accessesByDevice(accesses: readonly AddressCount[], regions: readonly AddressRegion[]): DeviceAccess[] {
  const found = new Map<string, DeviceAccess>();
  for (const { kind, address, count } of accesses) {
    const device = address === null ? elsewhere : deviceAt({ kind, address }, regions);
    const key = `${kind} ${device}`;
    found.set(key, { device, kind, count: (found.get(key)?.count ?? 0) + count });
  }
  const label = ({ kind, device }: DeviceAccess): string => `${kind} ${device}`;
  return [...found.values()].toSorted((a, b) => b.count - a.count || (label(a) < label(b) ? -1 : 1));
}

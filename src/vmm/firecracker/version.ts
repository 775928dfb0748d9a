import { isEarlier } from '../version-order.ts';

/** A release of Firecracker by its two numbers that matter: patch releases change no interface. */
export interface FirecrackerRelease {
  readonly major: number;
  readonly minor: number;
}

/** Of `1.16.1` or `1.17.0-dev`. null where it is no such version. */
export function releaseOf(version: string): FirecrackerRelease | null {
  const match = /^(\d+)\.(\d+)/.exec(version);
  return match === null ? null : { major: Number(match[1]), minor: Number(match[2]) };
}

/** Whether a version is that release or a newer one; false for what is no version. */
export function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  return releaseOf(version) !== null && !isEarlier(version, `${String(major)}.${String(minor)}`);
}

/** The first with ACPI on x86 (CHANGELOG of 1.8.0; src/vmm/src/acpi/mod.rs): stock kernels find virtio-mmio by it alone. */
export const firstWithAcpi = [1, 8] as const;
/** The first with `--enable-pci` (CHANGELOG of 1.13.0; src/firecracker/src/main.rs). */
export const firstWithPci = [1, 13] as const;

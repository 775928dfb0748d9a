import type { Fingerprint, FingerprintCall } from '../../derive/fingerprint.ts';
import { printable } from '../text/printable.ts';
import { formatNumber } from '../text/units.ts';
import { callName } from './call-rates.ts';

/** `writev`, or `ioctl KVM_RUN`. */
export function fingerprintCallName({ call, request }: Pick<FingerprintCall, 'call' | 'request'>): string {
  return callName({ name: call, request });
}

/** Whole where it is, else with its decimals. */
export function fingerprintCount({ whole, perUnit }: Pick<FingerprintCall, 'whole' | 'perUnit'>): string {
  return whole === null ? formatNumber(perUnit) : String(whole);
}

/** Calls of one role: `vmm: read 3, writev 1`. */
function roleText(role: string | null, calls: readonly FingerprintCall[]): string {
  const words = calls.map((call) => `${fingerprintCallName(call)} ${fingerprintCount(call)}`);
  return `${role ?? 'unknown thread'}: ${words.join(', ')}`;
}

/** Which VMM it is of, as far as that is known: `qemu 7.2.22, kvm`. */
export function fingerprintVmm({ vmm, machine }: Pick<Fingerprint, 'vmm' | 'machine'>): string {
  const name = [vmm.kind ?? 'unknown VMM', vmm.version ?? ''].filter((part) => part !== '').join(' ');
  const whole = vmm.accel === null ? name : `${name}, ${vmm.accel}`;
  return machine === null ? whole : `${machine}: ${whole}`;
}

/** A fingerprint on one line: `qemu 7.2.22, kvm, a round trip: vmm: read 3, writev 1; vcpu: ioctl KVM_RUN 2`. Names are made printable. */
export function fingerprintLine(fingerprint: Fingerprint): string {
  const roles = [...new Set(fingerprint.calls.map(({ role }) => role))];
  const parts = roles.map((role) =>
    roleText(
      role,
      fingerprint.calls.filter((call) => call.role === role),
    ),
  );
  const calls = parts.length === 0 ? 'no call as often as once in 20' : parts.join('; ');
  return printable(`${fingerprintVmm(fingerprint)}, a ${fingerprint.unit}: ${calls}`);
}

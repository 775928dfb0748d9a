import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasField, isaOf, kvmEventFormats, kvmTracepoints } from './tracepoints.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kvm-events-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** As events/kvm/NAME/format of Linux 6.18 has them. */
function event(name: string, fields: readonly string[]): void {
  mkdirSync(join(folder, name));
  const lines = fields.map((field) => `\tfield:${field};\toffset:8;\tsize:4;\tsigned:0;`);
  writeFileSync(join(folder, name, 'format'), `name: ${name}\nID: 103\nformat:\n${lines.join('\n')}\n`);
}

function usual(): void {
  event('kvm_userspace_exit', ['__u32 reason', 'int errno']);
  event('kvm_mmio', ['u32 type', 'u32 len', 'u64 gpa', 'u64 val']);
  event('kvm_pio', ['unsigned int rw', 'unsigned int port']);
}

describe('the tracepoints of KVM', () => {
  const tracepoints = async (of = folder) => kvmTracepoints(await kvmEventFormats(of));

  it('can be used where the kernel has all of them', async () => {
    usual();
    event('kvm_exit', ['unsigned int exit_reason', 'unsigned long guest_rip', 'u32 isa']);
    expect(await tracepoints(folder)).toEqual({ isUsable: true, hasFastMmio: false });
    event('kvm_fast_mmio', ['u64 gpa']);
    expect(await tracepoints(folder)).toEqual({ isUsable: true, hasFastMmio: true });
  });

  it('can not where the kernel has none, or lacks one, or a field of one: each with its reason', async () => {
    expect(await tracepoints(join(folder, 'none'))).toEqual({
      isUsable: false,
      reason: 'this kernel has no KVM tracepoints',
    });
    usual();
    expect(await tracepoints(folder)).toMatchObject({ reason: 'this kernel has no tracepoint kvm:kvm_exit' });
    event('kvm_exit', ['unsigned int exit_reason']);
    expect(await tracepoints(folder)).toMatchObject({
      reason: 'the tracepoint kvm:kvm_exit of this kernel has no field isa',
    });
  });

  it('have a field under its whole name only', () => {
    expect(hasField('\tfield:u32 isa;\toffset:24;', 'isa')).toBe(true);
    expect(hasField('\tfield:u32 visa;\toffset:24;', 'isa')).toBe(false);
    expect(hasField('print fmt: "isa;"', 'isa')).toBe(false);
  });
});

it('the virtualization of a processor is among its flags', () => {
  expect(isaOf('processor\t: 0\nflags\t\t: fpu vmx sse\nvmx flags\t: vnmi\n')).toBe(1);
  expect(isaOf('flags\t\t: fpu svm\n')).toBe(2);
  expect(isaOf('flags\t\t: fpu svm_lock\nmodel name\t: vmx svm\n')).toBeNull();
});

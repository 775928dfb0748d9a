import { describe, expect, it } from 'vitest';
import { isFirecrackerError } from './output.ts';

const inLog = (line: string): boolean => isFirecrackerError(line, 'log');

describe('the log of Firecracker', () => {
  it.each([
    '2026-11-28T10:41:02.123456789 [tapbench-1-a:main:ERROR] Failed to write to tap: Bad file descriptor (os error 77)',
    '2026-11-28T10:41:02.123456789 [vm:fc_vcpu 0:ERROR] Firecracker panicked at src/vmm/src/lib.rs:1',
  ])('has the error %j', (line) => {
    expect(inLog(line)).toBe(true);
  });

  it.each([
    '2026-11-28T10:41:02.123456789 [tapbench-1-a:main:WARN] the guest said [x:y:ERROR] in a message',
    '2026-11-28T10:41:02.123456789 [tapbench-1-a:fc_api:INFO] The API server received a Put request',
    'the second line of a message with ERROR in it',
  ])('has no error in %j', (line) => {
    expect(inLog(line)).toBe(false);
  });
});

describe('the stderr of Firecracker', () => {
  it('is only for what went wrong', () => {
    expect(isFirecrackerError('Error: RunWithoutApiError(MicroVMStoppedWithError)', 'stderr')).toBe(true);
  });
});

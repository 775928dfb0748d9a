import { describe, expect, it } from 'vitest';
import { systemCallNames } from '../../record/system-call-table.ts';
import { identifyCall, kvmRunRequest } from './call-identity.ts';
import { ioctlRequestNames } from './ioctl-request-table.ts';

describe('the identity of a system call', () => {
  it('names calls as the kernel does and numbers those it does not know', () => {
    expect(identifyCall(0, 0)).toEqual({ name: 'read', request: null, kind: 'work' });
    expect(identifyCall(20, 0).name).toBe('writev');
    expect(identifyCall(999, 0)).toEqual({ name: 'syscall_999', request: null, kind: 'work' });
  });

  it('tells entering the guest from every other ioctl', () => {
    expect(identifyCall(16, kvmRunRequest)).toEqual({ name: 'ioctl', request: 'KVM_RUN', kind: 'run' });
    expect(identifyCall(16, 0xc008_ae67)).toEqual({ name: 'ioctl', request: 'KVM_IRQ_LINE_STATUS', kind: 'work' });
    expect(identifyCall(16, 0x1234_5678)).toEqual({ name: 'ioctl', request: '0x12345678', kind: 'work' });
  });

  it('takes a futex that waits for a wait and one that wakes for work', () => {
    expect(identifyCall(202, 0)).toEqual({ name: 'futex', request: 'FUTEX_WAIT', kind: 'wait' });
    expect(identifyCall(202, 9).kind).toBe('wait');
    expect(identifyCall(202, 1)).toEqual({ name: 'futex', request: 'FUTEX_WAKE', kind: 'work' });
    expect(identifyCall(202, 127)).toEqual({ name: 'futex', request: '0x7f', kind: 'work' });
  });

  it.each(['poll', 'ppoll', 'select', 'pselect6', 'epoll_wait', 'epoll_pwait', 'epoll_pwait2', 'nanosleep', 'pause'])(
    'takes %s for a wait',
    (name) => {
      const id = [...systemCallNames].find(([, known]) => known === name)?.[0] ?? -1;
      expect(identifyCall(id, 0)).toEqual({ name, request: null, kind: 'wait' });
    },
  );

  it('knows the requests of a tap and of vhost by the numbers that QEMU uses', () => {
    expect(ioctlRequestNames.get(0x4004_54ca)).toBe('TUNSETIFF');
    expect(ioctlRequestNames.get(0xaf01)).toBe('VHOST_SET_OWNER');
  });
});

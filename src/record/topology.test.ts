import { describe, expect, it } from 'vitest';
import { dataFlow } from './topology.ts';

describe('dataFlow', () => {
  it('goes from the guest where the guest is the client that sends, or the server that is asked to', () => {
    expect(dataFlow('vm-to-host', 'upload')).toBe('fromGuest');
    expect(dataFlow('host-to-vm', 'download')).toBe('fromGuest');
  });

  it('goes to the guest where the guest receives', () => {
    expect(dataFlow('vm-to-host', 'download')).toBe('toGuest');
    expect(dataFlow('host-to-vm', 'upload')).toBe('toGuest');
  });
});

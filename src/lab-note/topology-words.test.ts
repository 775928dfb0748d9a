import { describe, expect, it } from 'vitest';
import { topologyOf } from './topology-words.ts';

describe('the topology of a section', () => {
  it.each([
    [['Throughput', 'VM as client sending bulk data to a host'], 'vm-to-host'],
    [['VM as server receiving small requests'], 'host-to-vm'],
    [['VM-VM'], 'vm-to-vm'],
    [['Latency', 'between two VMs on one bridge'], 'vm-to-vm'],
    [['guest -> host'], 'vm-to-host'],
    [['Host to guest', 'Syscalls'], 'host-to-vm'],
    [['Bare metal baseline'], 'host-to-host'],
    [['VM as client', 'Server on the VM'], 'host-to-vm'],
    [['Latency, guest = client'], 'vm-to-host'],
    [['Throughput VM1 -> VM2'], 'vm-to-vm'],
    [['between vm-1 and vm-2'], 'vm-to-vm'],
    [['VM 1 → host'], 'vm-to-host'],
    [['Host to guest 2'], 'host-to-vm'],
    [['Client in the microVM, server on the host'], 'vm-to-host'],
    [['server in VM 1, client in VM 2'], 'vm-to-vm'],
  ])('%j is %s', (headings, topology) => {
    expect(topologyOf(headings)).toBe(topology);
  });

  it('is what the innermost heading says, and unknown where none says anything', () => {
    expect(topologyOf(['VM as client', 'the same, VM to VM'])).toBe('vm-to-vm');
    expect(topologyOf(['Throughput', 'Results of the client'])).toBeNull();
    expect(topologyOf([])).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { topologyOf } from './heading-topology.ts';

describe('the topology of a section', () => {
  it.each([
    [['Throughput', 'VM as client sending bulk data to a host'], 'vm-to-host'],
    [['VM as server receiving small requests'], 'host-to-vm'],
    [['VM-VM'], 'vm-to-vm'],
    [['Benchmark: VM-to-VM over an overlay', 'Client to server'], 'vm-to-vm'],
    [['Guest-to-Host'], 'vm-to-host'],
    [['Messung zwischen zwei virtuellen Maschinen'], 'vm-to-vm'],
    [['Скорость между двумя ВМ'], 'vm-to-vm'],
    [['Débit entre deux machines virtuelles'], 'vm-to-vm'],
    [['两台虚拟机之间的带宽'], 'vm-to-vm'],
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
    [['VM as server responding to requests of a VM'], 'vm-to-vm'],
    [['VM as client sending bulk data to another VM'], 'vm-to-vm'],
    [['KVM-KVM'], 'vm-to-vm'],
    [['FC to FC'], 'vm-to-vm'],
    [['vm2vm'], 'vm-to-vm'],
    [['Inter-VM throughput'], 'vm-to-vm'],
    [['BM-BM'], 'host-to-host'],
    [['bare metal to bare metal'], 'host-to-host'],
    [['VM to BM'], 'vm-to-host'],
    [['host2vm'], 'host-to-vm'],
    [['Guest as iperf3 server, host as client'], 'host-to-vm'],
  ])('%j is %s', (headings, topology) => {
    expect(topologyOf(headings).topology).toBe(topology);
  });

  it('is what the innermost heading says, and unknown where none says anything', () => {
    expect(topologyOf(['VM as client', 'the same, VM to VM']).topology).toBe('vm-to-vm');
    expect(topologyOf(['Throughput', 'Results of the client']).topology).toBeNull();
    expect(topologyOf([])).toEqual({ topology: null, otherHeading: null });
  });

  it.each(['QEMU vs Firecracker', 'QEMU/KVM', 'host <-> VM', 'Between host and VM', 'Kata to Kata', 'VM-2 host'])(
    'is not said by %s',
    (heading) => {
      expect(topologyOf([heading])).toEqual({ topology: null, otherHeading: null });
    },
  );

  it.each(['VM as client sending bulk data to a container', 'VM to remote host', 'VM as client of a remote host'])(
    'is another one than those that are known: %s',
    (heading) => {
      expect(topologyOf(['VM to host', heading])).toEqual({ topology: null, otherHeading: heading });
    },
  );
});

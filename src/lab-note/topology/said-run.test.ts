import { describe, expect, it } from 'vitest';
import { isOfTwoMachines, saidRun } from './said-run.ts';

describe('where words say that a run was started, and what it went to', () => {
  it.each([
    ['Running iperf3 on the host, testing server vm.', 'host-to-vm'],
    ['I ran the client inside the guest, against the host', 'vm-to-host'],
    ['started from vm1 to vm2', 'vm-to-vm'],
    ['it sends 10 Gbit/s to the host from the guest on one connection', 'vm-to-host'],
    ['traffic to the VM from the host', 'host-to-vm'],
  ])('%s: %s', (text, topology) => {
    expect(saidRun(text)).toBe(topology);
  });

  it.each([
    'Running iperf3 -s on the host, testing the vm',
    'running the server on the host to test the guest',
    'ran iperf3 on the guest to test the host network',
    'ran iperf3 on the guest, against another host',
    'ran it on the host and in the guest, against the guest',
    'Running iperf3 on the host',
    'traffic to another host from the guest',
    'it goes to the host network from the guest',
  ])('is not said by: %s', (text) => {
    expect(saidRun(text)).toBeNull();
  });
});

describe('words about two VMs', () => {
  it.each([
    'I have 2 VMs, both Debian, and ran iperf3 to see the speed',
    'iperf3 with two Ubuntu guests on the same host:',
    'Bandwidth of 2 virtual machines',
  ])('are only of them: %s', (text) => {
    expect(isOfTwoMachines(text)).toBe(true);
  });

  it.each([
    'I have two VMs and ran iperf3 on the host',
    'I have 2 VMs and my laptop runs iperf3',
    'iperf3 to each of the two guests',
    'I have two VMs.',
    'The VM has two cards; iperf3 prints:',
  ])('are of more, or of something else: %s', (text) => {
    expect(isOfTwoMachines(text)).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import {
  fingerprintCallsOf,
  leftOutOf,
  measurementsOf,
  runOfCase,
  runOfNote,
} from '../../../test/sample/case-record.ts';
import type { Measurement } from '../../record/measurement.ts';

/** `server firecracker readv 300000`: each call with its thread. */
function callsOf({ systemCalls }: Measurement): string[] {
  return (systemCalls?.threads ?? []).flatMap(({ machine, name, calls }) =>
    calls.map((call) => [machine, name, call.name, call.count].filter((word) => word !== undefined).join(' ')),
  );
}

const transfer = '[  5]   0.00-10.00  sec  10.0 GBytes  8.59 Gbits/sec                  receiver';

function withMaps(server: string, client: string): Measurement[] {
  const text = ['# VM to VM', '```', transfer, '```', ...[server, client].flatMap((each) => ['```', each, '```'])];
  return measurementsOf(runOfNote(text.join('\n')));
}

describe('counts of the VMMs of two VMs', () => {
  const run = runOfCase('two-processes-two-maps');
  const [measurement, ...others] = measurementsOf(run);

  it('are each of their own machine, and nothing is left out', () => {
    expect(others).toEqual([]);
    expect(measurement === undefined ? [] : callsOf(measurement)).toEqual([
      'server firecracker readv 300000',
      'server firecracker writev 100000',
      'client firecracker recvfrom 7',
      'client firecracker readv 100000',
      'client firecracker writev 300000',
    ]);
    expect(leftOutOf(run)).toEqual([]);
  });

  it('have costs of their own, and no common one', () => {
    const gigabytes = (10 * 1024 ** 3) / 1e9;
    expect(measurement?.cost.systemCallsPerGigabyte).toBeNull();
    expect(measurement?.cost.reasons['systemCallsPerGigabyte']).toBe(
      'the VMMs of server and client were counted apart',
    );
    const costs = measurement?.machineCosts?.map(({ machine, cost }) => [machine, cost.systemCallsPerGigabyte]);
    expect(costs).toEqual([
      ['server', 400_000 / gigabytes],
      ['client', 400_007 / gigabytes],
    ]);
  });

  it('have fingerprints of their own', () => {
    expect(fingerprintCallsOf(run)).toEqual([
      ['server', ['readv', 'writev']],
      ['client', ['writev', 'readv']],
    ]);
  });

  it('are told apart by captions, and by the process that a tracer is attached to', () => {
    const map = (count: number): string => `@total[firecracker, tracepoint:syscalls:sys_enter_readv]: ${String(count)}`;
    const byCaption = withMaps(`--- server ---\n${map(3)}`, `--- client ---\n${map(5)}`);
    expect(byCaption.flatMap(callsOf)).toEqual(['server firecracker readv 3', 'client firecracker readv 5']);
    const script = (pid: number): string =>
      `bpftrace -e 'tracepoint:syscalls:sys_enter_readv /pid == ${String(pid)}/ {}'`;
    const byProcess = withMaps(`# ${script(12)}\n${map(3)}`, `# ${script(34)}\n${map(5)}`);
    expect(byProcess.flatMap(callsOf)).toEqual(['process 12 firecracker readv 3', 'process 34 firecracker readv 5']);
  });
});

describe('counts without an output of a workload', () => {
  it.each([
    ['tracer-only-strace', 'strace', ['read 6', 'write 4']],
    ['tracer-only-bpftrace', 'bpftrace', ['read 6', 'write 4']],
    ['tracer-only-perf', 'perf-trace', ['epoll_pwait 800', 'readv 400', 'writev 401']],
  ])('are a measurement of work that is not said: %s', (name, source, calls) => {
    const [one, ...others] = measurementsOf(runOfCase(name));
    expect(others).toEqual([]);
    expect(one).toMatchObject({ workload: 'system calls', spec: { kind: 'unknown' }, systemCalls: { source } });
    const counted = one?.systemCalls?.threads.flatMap((thread) =>
      thread.calls.map((call) => `${call.name} ${String(call.count)}`),
    );
    expect(counted).toEqual(calls);
    expect(one?.cost.systemCallsPerGigabyte).toBeNull();
  });

  it('are none where they are not of system calls', () => {
    const run = runOfCase('tracer-histograms');
    expect(run.trials).toEqual([]);
    expect(leftOutOf(run)).toEqual(['3 counts of bpftrace (9 lines, to line 14)']);
  });
});

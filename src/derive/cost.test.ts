import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleIperf3Measurement } from '../../test/sample/iperf3.ts';
import { sampleCall } from '../../test/sample/probe-readings.ts';
import { sampleLatency, sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import type { WholeMeasurement } from '../record/measurement.ts';
import type { SystemCalls, ThreadCpu } from '../record/probe-readings.ts';
import { costOf } from './cost.ts';

function callsOf({ systemCalls }: WholeMeasurement): SystemCalls {
  if (systemCalls === null) throw new Error('the sample was traced');
  return systemCalls;
}

function thread(role: ThreadCpu['role'], runNs: number): ThreadCpu {
  const times = { waitNs: 0, userNs: 0, systemNs: 0, guestNs: 0, voluntarySwitches: 0, involuntarySwitches: 0 };
  return { tid: 1, name: role, role, runNs, ...times };
}

/** One round trip of Firecracker on a tap, a thousand times. */
function fingerprint(): WholeMeasurement {
  const measurement = sampleSockperfMeasurement();
  const calls = [
    ...[sampleCall('writev', 1_000), sampleCall('read', 1_000), sampleCall('write', 2_000), sampleCall('readv', 2_000)],
    sampleCall('epoll_pwait', 2_000, { kind: 'wait' }),
    sampleCall('ioctl', 4_000, { kind: 'run', request: 'KVM_RUN' }),
  ];
  const threads = [{ tid: 1, name: 'firecracker', role: 'net' as const, calls }];
  return { ...measurement, systemCalls: { ...callsOf(measurement), messages: 1_000, threads } };
}

describe('the cost of a round trip', () => {
  it('tells work from waiting and from running the guest', () => {
    expect(costOf(fingerprint())).toMatchObject({
      systemCallsPerRoundTrip: 6,
      waitCallsPerRoundTrip: 2,
      guestEntriesPerRoundTrip: 4,
    });
  });

  it("divides the measured window's CPU time by all messages in it, the warm-up's too", () => {
    const latency = { ...sampleLatency(), messages: 900 };
    const work = { roundTrips: 1_000, payloadBytes: null };
    const threads = [thread('vmm', 3_000_000), thread('vcpu', 5_000_000), thread('vhost', 1_000_000)];
    expect(costOf({ ...sampleSockperfMeasurement(), latency, work, threads })).toMatchObject({
      vmmCpuNsPerRoundTrip: 9_000,
      vmmCpuOutsideVcpuNsPerRoundTrip: 4_000,
    });
  });

  it('is not given for bulk data, with the reason', () => {
    const cost = costOf(sampleIperf3Measurement());
    expect(cost.systemCallsPerRoundTrip).toBeNull();
    expect(cost.reasons['systemCallsPerRoundTrip']).toBe('a throughput workload has no round trips');
  });
});

describe('the cost of a gigabyte', () => {
  it('is of 1e9 payload bytes, of the window in which each part was counted', () => {
    const measurement = sampleIperf3Measurement();
    const work = { roundTrips: null, payloadBytes: 4_000_000_000 };
    const threads = [{ tid: 1, name: 'vmm', role: 'vmm' as const, calls: [sampleCall('writev', 50_000)] }];
    const systemCalls = { ...callsOf(measurement), bytes: 2_000_000_000, threads };
    const cpu = [thread('vmm', 6_000_000_000), thread('vcpu', 2_000_000_000)];
    expect(costOf({ ...measurement, work, systemCalls, threads: cpu })).toMatchObject({
      systemCallsPerGigabyte: 25_000,
      waitCallsPerGigabyte: 0,
      vmmCpuNsPerGigabyte: 2_000_000_000,
      vmmCpuOutsideVcpuNsPerGigabyte: 1_500_000_000,
      bitsPerSecondPerCore: 4_000_000_000,
    });
  });

  it('is not given for messages, with the reason', () => {
    const cost = costOf(sampleSockperfMeasurement());
    expect(cost.bitsPerSecondPerCore).toBeNull();
    expect(cost.reasons['vmmCpuNsPerGigabyte']).toBe('a latency workload is not about bytes');
  });
});

describe('a cost that cannot be computed', () => {
  it('says what the probe said of what it could not measure', () => {
    const notMeasured = { systemCalls: 'tracing is off', threads: 'the VMM was gone' };
    const cost = costOf({ ...sampleSockperfMeasurement(), systemCalls: null, threads: [], notMeasured });
    expect(cost.reasons).toMatchObject({
      systemCallsPerRoundTrip: 'tracing is off',
      vmmCpuNsPerRoundTrip: 'the VMM was gone',
    });
  });

  it('is null without work, never 0 or infinite', () => {
    const measurement = sampleSockperfMeasurement();
    const cost = costOf({ ...measurement, systemCalls: { ...callsOf(measurement), messages: 0 } });
    expect(cost.systemCallsPerRoundTrip).toBeNull();
    expect(cost.reasons['systemCallsPerRoundTrip']).toBe('no work was done in the window');
  });

  it('is null where the figure leaves the range of a number', () => {
    const cost = costOf({ ...sampleSockperfMeasurement(), threads: [thread('vmm', 1e308), thread('vcpu', 1e308)] });
    expect(cost.vmmCpuNsPerRoundTrip).toBeNull();
    expect(cost.reasons['vmmCpuNsPerRoundTrip']).toBe('the figure is too large to be a number');
  });

  it('is null where the tool did not say how much work the traced window did', () => {
    const measurement = sampleIperf3Measurement();
    const cost = costOf({ ...measurement, systemCalls: { ...callsOf(measurement), bytes: null } });
    expect(cost.reasons['systemCallsPerGigabyte']).toBe('the tool did not say how much work the traced window did');
  });

  it('is null for waits and guest entries where only reads and writes were counted', () => {
    const measurement = fingerprint();
    const systemCalls = { ...callsOf(measurement), source: 'procfs-io' as const };
    const cost = costOf({ ...measurement, systemCalls });
    expect(cost).toMatchObject({
      systemCallsPerRoundTrip: 6,
      waitCallsPerRoundTrip: null,
      guestEntriesPerRoundTrip: null,
    });
  });

  it('has a reason for each null and none for a figure', () => {
    for (const measurement of [sampleIperf3Measurement(), sampleSockperfMeasurement()]) {
      const { reasons, ...figures } = costOf(measurement);
      const absent = Object.entries(figures).filter(([, figure]) => figure === null);
      expect(Object.keys(reasons).sort()).toEqual(absent.map(([name]) => name).sort());
    }
  });
});

describe('costs', () => {
  it('stay the same where calls, CPU time and work all grow by a factor', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1_000 }), fc.boolean(), (factor, isBulk) => {
        const measurement = isBulk ? sampleIperf3Measurement() : sampleSockperfMeasurement();
        const { reasons, ...figures } = costOf(measurement);
        const { reasons: grownReasons, ...grown } = costOf(scaled(measurement, factor));
        expect(grownReasons).toEqual(reasons);
        for (const [name, figure] of Object.entries(figures)) {
          const other = Object.entries(grown).find(([key]) => key === name)?.[1];
          if (figure === null) expect(other).toBeNull();
          else expect((other ?? 0) / figure).toBeCloseTo(1, 9);
        }
      }),
    );
  });
});

function scaled(measurement: WholeMeasurement, factor: number): WholeMeasurement {
  const { work, threads } = measurement;
  const systemCalls = callsOf(measurement);
  const times = (value: number | null) => (value === null ? null : value * factor);
  return {
    ...measurement,
    work: { roundTrips: times(work.roundTrips), payloadBytes: times(work.payloadBytes) },
    threads: threads.map((one) => ({ ...one, runNs: one.runNs * factor })),
    systemCalls: {
      ...systemCalls,
      messages: times(systemCalls.messages),
      bytes: times(systemCalls.bytes),
      threads: systemCalls.threads.map((one) => ({
        ...one,
        calls: one.calls.map((call) => ({ ...call, count: call.count * factor })),
      })),
    },
  };
}

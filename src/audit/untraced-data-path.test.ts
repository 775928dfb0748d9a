import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleIperf3Measurement } from '../../test/sample/iperf3.ts';
import { sampleCall } from '../../test/sample/probe-readings.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import type { WholeMeasurement } from '../record/measurement.ts';
import type { SystemCalls, ThreadCalls } from '../record/probe-readings.ts';
import { untracedDataPath } from './untraced-data-path.ts';

/** The lab note: 57.2 GB and these calls, in one traced window; the tap's readv and writev were not traced. */
function labNote(changes: Partial<ThreadCalls> = {}): WholeMeasurement {
  const measurement = sampleIperf3Measurement({ bitsPerSecond: 16_400_000_000 });
  const window = measurement.window;
  const threads: ThreadCalls[] = [
    { tid: 2, name: 'fc_vcpu 0', role: 'vcpu', calls: [sampleCall('write', 15_664)] },
    {
      tid: 1,
      name: 'firecracker',
      role: 'net',
      calls: [sampleCall('read', 27_836), sampleCall('write', 35_355)],
      ...changes,
    },
  ];
  const systemCalls: SystemCalls = {
    source: 'bpftrace',
    sourceReason: null,
    mode: 'inline',
    window,
    messages: null,
    bytes: measurement.throughput?.bytes ?? 0,
    lostEvents: 0,
    onlyCalls: null,
    threads,
  };
  return { ...measurement, systemCalls, traced: null };
}

function judge(measurement: WholeMeasurement) {
  return untracedDataPath.judge(sampleContext(measurement));
}

describe('untraced-data-path', () => {
  it('is silent where one call a frame was counted, in either kind of window', () => {
    expect(judge(sampleIperf3Measurement())).toEqual([]);
    expect(judge(sampleSockperfMeasurement())).toEqual([]);
  });

  it("voids the lab note's counts: its script did not trace readv and writev", () => {
    expect(judge(labNote())).toMatchObject([
      {
        level: 'void',
        message: expect.stringContaining('the tracer missed the data path') as string,
        concerns: ['systemCalls'],
      },
    ]);
  });

  it('is silent on the lab note with the calls that it missed', () => {
    const frames = labNote().link?.fromGuest.packets ?? 0;
    expect(judge(labNote({ calls: [sampleCall('readv', frames), sampleCall('writev', frames)] }))).toEqual([]);
  });

  it('doubts fewer calls than frames even where one call could have carried the bytes', () => {
    const { link } = labNote();
    const frames = (link?.fromGuest.packets ?? 0) + (link?.toGuest.packets ?? 0);
    const most = ((link?.fromGuest.bytes ?? 0) + (link?.toGuest.bytes ?? 0)) / 65_550;
    const silent = Math.ceil(frames * 0.9) - 15_664;
    expect(judge(labNote({ calls: [sampleCall('read', silent)] }))).toEqual([]);
    expect(judge(labNote({ calls: [sampleCall('read', silent - 1)] }))).toMatchObject([{ level: 'doubt' }]);
    expect(judge(labNote({ calls: [sampleCall('read', Math.ceil(most) - 15_664)] }))).toMatchObject([
      { level: 'doubt' },
    ]);
    expect(judge(labNote({ calls: [sampleCall('read', Math.floor(most) - 15_664 - 1)] }))).toMatchObject([
      { level: 'void' },
    ]);
  });

  it('voids a count without any call that moves data', () => {
    const none = { ...labNote(), systemCalls: { ...sampleSystemCallsOf(labNote()), threads: [] } };
    expect(judge(none)).toMatchObject([
      { level: 'void', message: expect.stringContaining('none of its calls') as string },
    ]);
  });

  it('takes the link of the traced window where the calls were counted there', () => {
    const measurement = sampleIperf3Measurement();
    const half = { ...measurement, link: null };
    expect(judge(half)).toEqual([]);
    const systemCalls = { ...sampleSystemCallsOf(measurement), mode: 'inline' as const };
    expect(judge({ ...measurement, systemCalls })).toMatchObject([{ level: 'void' }]);
  });

  it('only notes that the kernel moves the packets under vhost', () => {
    const vhost = { tid: 9, name: 'vhost-4001', role: 'vhost' as const };
    const [thread] = sampleIperf3Measurement().threads;
    const measurement = labNote();
    const threads = thread === undefined ? [] : [{ ...thread, ...vhost }];
    expect(judge({ ...measurement, threads })).toMatchObject([{ level: 'note' }]);
  });

  it('sets no bound on a VMM that moves many frames a call', () => {
    expect(judge(labNote({ calls: [sampleCall('io_uring_enter', 1)] }))).toEqual([]);
  });
});

function sampleSystemCallsOf({ systemCalls }: WholeMeasurement): SystemCalls {
  if (systemCalls === null) throw new Error('the sample was traced');
  return systemCalls;
}

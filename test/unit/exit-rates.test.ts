import { describe, expect, it } from 'vitest';
import { judgedRun } from '../../src/derive/derive.ts';
import type { KvmExits, VmmCounters } from '../../src/record/probe-readings.ts';
import { markdownReport } from '../../src/report/markdown/markdown.ts';
import { exitRatesOf } from '../../src/report/measurement/exit-rates.ts';
import { terminalReport } from '../../src/report/terminal/terminal.ts';
import { sampleRunEnd, sampleRunHeader } from '../sample/run.ts';
import { sampleSockperfMeasurement } from '../sample/sockperf.ts';
import { sampleTrial } from '../sample/trial.ts';

const kvmExits: KvmExits = {
  mode: 'separate',
  window: { startNs: 0, endNs: 5e9 },
  messages: 1_000,
  bytes: null,
  threads: [
    {
      tid: 7,
      name: 'CPU 0/KVM',
      exits: [
        { reason: 'HLT', count: 1_000 },
        { reason: 'EPT_MISCONFIG', count: 2_000 },
      ],
      userspaceExits: [{ reason: 'MMIO', count: 500 }],
    },
  ],
  accesses: [{ device: 'virtio-mmio 0 QueueNotify', kind: 'mmio', count: 1_500 }],
};
const vmmCounters: VmmCounters = {
  source: 'a metrics file',
  fromGuest: { packets: 10, bytes: 1_000 },
  toGuest: { packets: null, bytes: null },
  counters: { 'net.tx_count': 12_345 },
};

const measurement = { ...sampleSockperfMeasurement(), kvmExits, vmmCounters };
const run = judgedRun({
  header: sampleRunHeader(),
  trials: [sampleTrial({ measurements: [measurement] })],
  ends: [sampleRunEnd()],
});

describe('exits of KVM', () => {
  it('are told for a round trip, the most frequent first, over all readings', () => {
    expect(exitRatesOf([kvmExits, { ...kvmExits, messages: 3_000 }])).toEqual({
      unit: 'round trip',
      threads: [
        {
          thread: 'CPU 0/KVM',
          exits: [
            { name: 'EPT_MISCONFIG', perUnit: 1 },
            { name: 'HLT', perUnit: 0.5 },
          ],
          userspaceExits: [{ name: 'MMIO', perUnit: 0.25 }],
        },
      ],
      accesses: [{ name: 'mmio virtio-mmio 0 QueueNotify', perUnit: 0.75 }],
    });
  });

  it('are told for a gigabyte where there are no round trips, and not at all without work', () => {
    expect(exitRatesOf([{ ...kvmExits, messages: null, bytes: 2e9 }])?.unit).toBe('gigabyte');
    expect(exitRatesOf([{ ...kvmExits, messages: null }])).toBeNull();
    expect(exitRatesOf([])).toBeNull();
  });

  it('are a cost, shown only where they were counted', () => {
    const { cost } = run.trials[0]?.measurements[0] ?? expect.fail('one was measured');
    expect([cost.kvmExitsPerRoundTrip, cost.userspaceExitsPerRoundTrip, cost.kvmExitsPerGigabyte]).toEqual([
      3,
      0.5,
      null,
    ]);
    expect(markdownReport(run)).toMatch(/^\| exits \/ round trip +\| 3.00/m);
    expect(terminalReport(run, { columns: 120, isColor: false })).toContain('3.00 exits/round trip');
    const without = { ...run, trials: run.trials.map((trial) => ({ ...trial, measurements: [] })) };
    expect(markdownReport(without)).not.toContain('exits / round trip');
  });

  it('stand in the Markdown by thread and reason, and at the terminal where more was asked for', () => {
    expect(markdownReport(run)).toMatch(/^\| CPU 0\/KVM \| exit +\| EPT\\_MISCONFIG +\| 2\.00 /m);
    expect(markdownReport(run)).toContain('### VMM counters');
    const look = { columns: 100, isColor: false };
    expect(terminalReport(run, look)).not.toContain('KVM exits a round trip');
    const verbose = terminalReport(run, { ...look, isVerbose: true });
    expect(verbose).toContain('all      EPT_MISCONFIG 2.00, HLT 1.00');
    expect(verbose).toContain('net.tx_count 12,345');
  });
});

import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleNotedMeasurement, sampleNotedTrial, sampleNoteHeader } from '../../test/sample/lab-note-run.ts';
import { notedBulk, notedPingPong } from '../../test/sample/vm-client-note.ts';
import type { WholeMeasurement } from '../record/measurement.ts';
import type { AuditContext } from './audit.ts';
import { judgeMeasurement } from './audits.ts';

function context(measurement: WholeMeasurement): AuditContext {
  const { source } = sampleNoteHeader();
  const trial = sampleNotedTrial({ measurements: [measurement] });
  return sampleContext(measurement, { trial, source, host: null, boots: 1 });
}

function found(measurement: WholeMeasurement): string[] {
  return judgeMeasurement({ whole: context(measurement) }).map(({ level, audit }) => `${level} ${audit}`);
}

describe('what the audits say of a lab note', () => {
  it('is that its data path was not traced, that it was not repeated and what it does not say, of a bulk transfer', () => {
    expect(found(notedBulk())).toEqual([
      'void untraced-data-path',
      'doubt partial-tracing',
      'note repetition',
      'note host-not-said',
    ]);
  });

  it('is that rate and latency agree, of a ping-pong', () => {
    expect(found(notedPingPong())).toEqual([
      'doubt partial-tracing',
      'note agreement',
      'note repetition',
      'note host-not-said',
    ]);
  });

  it('voids nothing where it has a rate alone, or not even that', () => {
    expect(found(sampleNotedMeasurement())).toEqual(['note repetition', 'note host-not-said']);
    expect(found(sampleNotedMeasurement({ throughput: null }))).toEqual(['note figure-missing', 'note host-not-said']);
  });

  it('says by how much the calls can not have carried the data, and which calls may have', () => {
    const [finding] = judgeMeasurement({ whole: context(notedBulk()) });
    expect(finding).toMatchObject({ concerns: ['systemCalls', 'cost'] });
    expect(finding?.message).toContain('778,');
    expect(finding?.message).toContain('78,855 calls');
    expect(finding?.message).toContain('it looked for read, write only: readv and writev may have carried them');
  });

  it('voids a total that its streams can not have rounded to', () => {
    const gibibyte = 1024 ** 3;
    // Four streams and a total, each with half a tenth: 0.25 GBytes are explained, and 0.1 % more is left to the tool.
    expect(found(notedBulk({ bytes: 57.5 * gibibyte }))).not.toContain('doubt stream-sum');
    expect(found(notedBulk({ bytes: 57.55 * gibibyte }))).toContain('doubt stream-sum');
    expect(found(notedBulk({ bytes: 58.4 * gibibyte }))).toContain('void stream-sum');
  });

  it('takes vhost for an explanation where a thread of it is there, and has no tap without a guest', () => {
    const bulk = notedBulk();
    const { systemCalls } = bulk;
    const vhost = { tid: null, name: 'vhost-4001', role: null, calls: [] };
    const withVhost = systemCalls && { ...systemCalls, threads: [...systemCalls.threads, vhost] };
    expect(found({ ...bulk, systemCalls: withVhost })).toContain('note untraced-data-path');
    const { trial, ...rest } = context(bulk);
    const bare = { ...trial, configuration: { ...trial.configuration, topology: 'host-to-host' as const } };
    expect(judgeMeasurement({ whole: { ...rest, trial: bare } }).map(({ audit }) => audit)).not.toContain(
      'untraced-data-path',
    );
  });

  it('voids a rate that its bytes and seconds can not have rounded to', () => {
    // 57.2 GBytes in 30.00 s are 16.38 Gbit/s; 0.3 % of rounding and 1 % of the audit's own are left.
    expect(found(notedBulk({ bitsPerSecond: 16.55e9 }))).not.toContain('void rate-of-bytes');
    expect(found(notedBulk({ bitsPerSecond: 16.75e9 }))).toContain('void rate-of-bytes');
  });

  it('doubts bytes that are missing where nothing says how large the buffers were, and voids bytes from nowhere', () => {
    const { bytes } = notedBulk().throughput ?? {};
    expect(found(notedBulk({ sentBytes: (bytes ?? 0) * 1.05 }))).toContain('doubt sent-received');
    expect(found(notedBulk({ sentBytes: (bytes ?? 0) * 0.95 }))).toContain('void sent-received');
  });

  it('adds up only intervals that cover the transfer: a note may show some of them', () => {
    const { throughput } = notedBulk();
    const each = (throughput?.bytes ?? 0) / 30;
    const all = Array.from({ length: 30 }, (_, second) => ({
      startNs: second * 1e9,
      endNs: (second + 1) * 1e9,
      retransmits: 0,
      isOmitted: false,
      bytes: each * 0.9,
      bitsPerSecond: each * 8,
    }));
    expect(found(notedBulk({ intervals: all }))).toContain('doubt interval-sum');
    expect(found(notedBulk({ intervals: all.slice(0, 5) }))).not.toContain('doubt interval-sum');
  });

  it('adds the rates of streams up where there are no bytes', () => {
    const { throughput } = notedBulk();
    const streams = (throughput?.streams ?? []).map((one) => ({ ...one, bytes: null }));
    const rateOnly = { bytes: null, sentBytes: null, streams };
    expect(found(notedBulk(rateOnly))).not.toContain('void stream-sum');
    expect(found(notedBulk({ ...rateOnly, bitsPerSecond: 17.4e9 }))).toContain('void stream-sum');
  });

  it('says nothing of rates of streams that have clocks of their own, where their bytes add up', () => {
    const { throughput } = notedBulk();
    // iperf 2 divides each stream by its own seconds, and the sum by all.
    const streams = (throughput?.streams ?? []).map((one) => ({
      ...one,
      bitsPerSecond: (one.bitsPerSecond ?? 0) * 1.05,
    }));
    expect(found(notedBulk({ streams })).filter((each) => each.includes('stream-sum'))).toEqual([]);
    const sentOnly = streams.map(({ bytes, ...one }) => ({ ...one, bytes: null, sentBytes: bytes }));
    const ofSender = { bytes: null, sentBytes: throughput?.bytes ?? null, streams: sentOnly };
    expect(found(notedBulk(ofSender)).filter((each) => each.includes('stream-sum'))).toEqual([]);
  });
});

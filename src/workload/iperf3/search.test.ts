import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SearchStep, ToolReading } from '../workload.ts';
import { iperf3Reader } from './output/reader.ts';
import type { Iperf3Spec } from './record.ts';
import { search } from './search.ts';

const plain: Iperf3Spec = {
  name: 'iperf3',
  kind: 'iperf3',
  durationNs: 30e9,
  protocol: 'udp',
  streams: 1,
  direction: 'upload',
  omitNs: 0,
  targetBitsPerSecond: null,
  bufferBytes: null,
};
const asked: Iperf3Spec = { ...plain, search: { mostLostShare: 0.001 } };

interface Counts {
  readonly sent: number;
  readonly lost: number;
  /** Of the sent, that did not arrive and are not counted as lost. */
  readonly unseen?: number;
}

/** Datagrams of 1,000 bytes in 2 s. */
function reading({ sent, lost, unseen = 0 }: Counts): ToolReading {
  const bytes = (sent - lost - unseen) * 1_000;
  return {
    throughput: {
      protocol: 'udp',
      bitsPerSecond: bytes * 4,
      bytes,
      sentBytes: sent * 1_000,
      durationNs: 2e9,
      retransmits: null,
      streams: [],
      intervals: [],
      datagrams: { sent, lost, outOfOrder: 0, jitterNs: 1 },
      congestionControl: { sender: null, receiver: null },
      toolCpuPercent: null,
    },
    latency: null,
    messages: null,
    payloadBytes: bytes,
  };
}

function step(...flows: SearchStep['flows']): SearchStep {
  return { flows, files: ['iperf3-search-1/client.stdout'] };
}

function ofSpec(changes: Partial<Iperf3Spec> = {}) {
  const found = search({ ...asked, ...changes });
  if (found === null) throw new Error('there is no search');
  return found;
}

describe('the search of an iperf3', () => {
  it('is none where none was asked for', () => {
    expect(search(plain)).toBeNull();
  });

  it('begins as fast as it goes, or with the rate of the file, for 2 s and what is omitted', () => {
    expect(ofSpec({ omitNs: 1e9 }).next([])).toMatchObject({
      step: { targetBitsPerSecond: null, durationNs: 2e9, omitNs: 1e9 },
    });
    expect(ofSpec({ targetBitsPerSecond: 5e9 }).next([])).toMatchObject({ step: { targetBitsPerSecond: 5e9 } });
  });

  it('runs the window for its whole time at what it found, and keeps the steps', () => {
    expect(ofSpec().next([step(reading({ sent: 100_000, lost: 50 }))])).toMatchObject({
      found: { durationNs: 30e9, targetBitsPerSecond: null },
      search: {
        outcome: 'highest-passed',
        highestBitsPerSecond: 399_800_000,
        steps: [
          {
            targetBitsPerSecond: null,
            sentBitsPerSecond: 400_000_000,
            datagramsPerSecond: 49_975,
            lostShare: 0.0005,
            hasPassed: true,
            files: ['iperf3-search-1/client.stdout'],
          },
        ],
      },
    });
  });

  it('goes on at half of what was sent where much was lost', () => {
    expect(ofSpec().next([step(reading({ sent: 100_000, lost: 60_000 }))])).toMatchObject({
      step: { targetBitsPerSecond: 200_000_000 },
    });
  });

  it('judges the flow that lost most, and adds up what arrived', () => {
    const found = ofSpec();
    const steps = [step(reading({ sent: 100_000, lost: 0 }), reading({ sent: 50_000, lost: 20_000 }))];
    expect(found.next(steps)).toMatchObject({ step: { targetBitsPerSecond: 200_000_000 } });
  });

  it('counts what was lost behind the last datagram that arrived, but not what was under way', () => {
    const atEnd = (unseen: number) => ofSpec().next([step(reading({ sent: 100_000, lost: 0, unseen }))]);
    expect(atEnd(200)).toHaveProperty('found');
    expect(atEnd(400)).toMatchObject({ step: { targetBitsPerSecond: null } });
    // All of it: then iperf3 counts none as lost.
    expect(atEnd(100_000)).toMatchObject({ step: { targetBitsPerSecond: 200_000_000 } });
  });

  it('takes a tool that failed for a rate that failed, with its words', () => {
    const found = ofSpec({ targetBitsPerSecond: 4e8 });
    const failed = step({ failure: 'control socket has closed' });
    expect(found.next([failed])).toMatchObject({ step: { targetBitsPerSecond: 4e8 } });
    expect(found.next([failed, failed])).toMatchObject({ step: { targetBitsPerSecond: 2e8 } });
    const passed = Array.from({ length: 6 }, () => step(reading({ sent: 1_000, lost: 0 })));
    expect(found.next([failed, failed, ...passed])).toMatchObject({
      search: {
        outcome: 'between',
        steps: [{ failure: 'control socket has closed', lostShare: null }, {}, {}, {}, {}, {}, {}, {}],
      },
    });
  });

  it('reads both ways of the real tool, and judges the one that lost more', async () => {
    const stdout = readFileSync(new URL('../../../test/fixtures/iperf3-3.12/udp-bidir.json', import.meta.url), 'utf8');
    const both = { ...asked, direction: 'both' as const, streams: 2 };
    const read = await iperf3Reader.read({ stdout, stderr: '', exitStatus: 0, files: {} }, both);
    const move = ofSpec({ direction: 'both', search: { mostLostShare: 0.01 } }).next([step(read)]);
    expect(move).toMatchObject({
      search: { steps: [{ lostShare: expect.closeTo(2 / 306, 9) as number, hasPassed: true }] },
    });
  });
});

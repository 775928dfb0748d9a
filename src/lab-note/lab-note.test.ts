import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Figure } from './figure.ts';
import { readBlock } from './read-block.ts';
import { readMarkdown } from './read-markdown.ts';
import type { LatencySpreadFigures } from './reading.ts';

const note = readFileSync(join(import.meta.dirname, '../../test/fixtures/lab-note/note/vm-client.md'), 'utf8');
const { sections } = readMarkdown(note);
const contents = sections.flatMap((section) =>
  section.blocks.map((block) => ({ section, block, content: readBlock(block) })),
);
const readings = contents.flatMap(({ content }) => content.readings);

function figuresOf(spread: LatencySpreadFigures | null): readonly Figure[] {
  if (spread === null) return [];
  const { meanAbsoluteDeviationNs, medianAbsoluteDeviationNs, semiInterquartileRangeNs, ...others } = spread;
  const { coefficientOfVariation, standardErrorNs, confidencePercent, confidenceLowNs, confidenceHighNs } = others;
  return [
    meanAbsoluteDeviationNs,
    medianAbsoluteDeviationNs,
    semiInterquartileRangeNs,
    coefficientOfVariation,
    standardErrorNs,
    confidencePercent,
    confidenceLowNs,
    confidenceHighNs,
  ];
}

describe('the lab note', () => {
  it('has its sections, with nothing that is not understood', () => {
    expect(sections.map(({ path, line }) => [line, ...path])).toEqual([
      [1, 'Throughput'],
      [2, 'Throughput', 'VM as client sending bulk data to a host'],
      [24, 'Throughput', 'VM as client sending bulk data to a host', 'Syscalls'],
      [31, 'Latency'],
      [32, 'Latency', 'VM as client sending small requests to a host'],
      [58, 'Latency', 'VM as client sending small requests to a host', 'Syscalls'],
    ]);
    expect(contents.flatMap(({ content }) => content.notUnderstood)).toEqual([]);
  });

  it('gives 16.4 Gbit/s in total and each stream, of both ends', () => {
    const [transfer] = readings.filter((each) => each.kind === 'transfer');
    expect(transfer?.tool).toEqual({ name: 'iperf3', version: null });
    expect(transfer?.value.protocol).toBe('tcp');
    expect(transfer?.value.totals.map(({ stream, end, bitsPerSecond }) => [stream, end, bitsPerSecond?.value])).toEqual(
      [
        ['4', 'sender', 4.12e9],
        ['4', 'receiver', 4.12e9],
        ['6', 'sender', 4.1e9],
        ['6', 'receiver', 4.1e9],
        ['8', 'sender', 4.1e9],
        ['8', 'receiver', 4.09e9],
        ['10', 'sender', 4.07e9],
        ['10', 'receiver', 4.07e9],
        ['SUM', 'sender', 16.4e9],
        ['SUM', 'receiver', 16.4e9],
      ],
    );
  });

  it('gives the mean of 74.383 us of half a round trip, with every percentile and spread figure', () => {
    const [latency] = readings.filter((each) => each.kind === 'latency');
    const value = latency?.value;
    expect([value?.meaning, value?.meanNs?.value, value?.stddevNs?.value]).toEqual(['half-round-trip', 74_383, 15_718]);
    expect(value?.percentiles.map(({ percent, ns }) => [percent.value, ns.value])).toEqual([
      [99.999, 343_253],
      [99.99, 313_233],
      [99.9, 264_171],
      [99, 129_705],
      [90, 84_220],
      [75, 76_258],
      [50, 70_909],
      [25, 68_501],
    ]);
    expect([value?.minNs?.value, value?.maxNs?.value, value?.observations?.value]).toEqual([39_925, 385_178, 198_352]);
    const spread = figuresOf(value?.spread ?? null).map((figure) => figure.value);
    expect(spread).toEqual([8553, 4873, 3878, 0.211, 35, 99, 74_292, 74_474]);
    expect([value?.valid?.durationNs.value, value?.valid?.sent.value]).toEqual([29.549e9, 198_352]);
    expect([value?.dropped?.value, value?.duplicated?.value, value?.outOfOrder?.value]).toEqual([0, 0, 0]);
  });

  it('gives six totals of system calls, and where each stands', () => {
    const maps = contents.flatMap(({ block, content }) =>
      content.readings.flatMap((each) =>
        each.kind === 'bpf-maps'
          ? each.value.prints.flatMap(({ part, maps: printed }) =>
              printed.flatMap(({ name, entries }) =>
                entries.map(({ key, value }) => [part, name, ...key, value.value, block.firstLine + value.line - 1]),
              ),
            )
          : [],
      ),
    );
    expect(maps).toEqual([
      ['total', '@total', 'fc_vcpu 0', 'write', 15_664, 26],
      ['total', '@total', 'firecracker', 'read', 27_836, 27],
      ['total', '@total', 'firecracker', 'write', 35_355, 28],
      ['total', '@total', 'fc_vcpu 0', 'write', 1644, 60],
      ['total', '@total', 'firecracker', 'read', 207_161, 61],
      ['total', '@total', 'firecracker', 'write', 402_018, 62],
    ]);
  });

  it('gives its commands with the side they ran on', () => {
    const commands = contents.flatMap(({ content }) => content.commands);
    expect(commands.map(({ side, argv }) => [side?.place, argv.join(' ')])).toEqual([
      ['host', './bpftrace.sh'],
      ['host', 'iperf3 -s'],
      ['guest', 'iperf3 -c 192.168.100.1 -t 30 -P 4'],
      ['host', './bpftrace.sh'],
      ['host', 'sockperf server -i 192.168.100.1'],
      ['guest', './sockperf ping-pong -i 192.168.100.1 -m 64 -t 30'],
    ]);
  });
});

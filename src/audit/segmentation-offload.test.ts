import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleIperf3Measurement } from '../../test/sample/iperf3.ts';
import { sampleLink } from '../../test/sample/probe-readings.ts';
import { segmentationOffload } from './segmentation-offload.ts';

function judge(frameBytes: number, packets = 100_000, bufferBytes: number | null = null) {
  const link = sampleLink({ packets, bytes: packets * frameBytes }, { packets: 1, bytes: 66 });
  return segmentationOffload.judge(sampleContext({ ...sampleIperf3Measurement({ spec: { bufferBytes } }), link }));
}

describe('segmentation-offload', () => {
  it('is silent on frames larger than a segment', () => {
    expect(judge(1_515)).toEqual([]);
  });

  it('notes a path on which each frame is one segment', () => {
    expect(judge(1_514)).toMatchObject([{ level: 'note', message: expect.stringContaining('1,514 bytes') as string }]);
  });

  it('expects no large frames of small writes', () => {
    expect(judge(200, 100_000, 64)).toEqual([]);
    expect(judge(1_514, 100_000, 131_072)).toHaveLength(1);
  });

  it('does not judge a handful of frames', () => {
    expect(judge(1_514, 999)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleIperf3Measurement } from '../../test/sample/iperf3.ts';
import { sampleLink } from '../../test/sample/probe-readings.ts';
import { segmentationOffload } from './segmentation-offload.ts';

function judge(frameBytes: number, packets = 100_000) {
  const link = sampleLink({ packets, bytes: packets * frameBytes }, { packets: 1, bytes: 66 });
  return segmentationOffload.judge(sampleContext({ ...sampleIperf3Measurement(), link }));
}

describe('segmentation-offload', () => {
  it('is silent on frames larger than a segment', () => {
    expect(judge(1_515)).toEqual([]);
  });

  it('notes a path on which each frame is one segment', () => {
    expect(judge(1_514)).toMatchObject([{ level: 'note', message: expect.stringContaining('1,514 bytes') as string }]);
  });

  it('does not judge a handful of frames', () => {
    expect(judge(1_514, 999)).toEqual([]);
  });
});

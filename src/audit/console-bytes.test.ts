import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleLink } from '../../test/sample/probe-readings.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { consoleBytes } from './console-bytes.ts';

function levels(bytes: number) {
  const frames = { packets: 50_000, bytes: 5_300_000 };
  const measurement = { ...sampleSockperfMeasurement(), consoleBytes: bytes, link: sampleLink(frames, frames) };
  return consoleBytes.judge(sampleContext(measurement)).map((finding) => finding.level);
}

describe('console-bytes', () => {
  it('is silent on a silent console', () => {
    expect(levels(0)).toEqual([]);
  });

  it('notes up to one byte for a thousand frames and doubts more', () => {
    expect(levels(100)).toEqual(['note']);
    expect(levels(101)).toEqual(['doubt']);
  });
});

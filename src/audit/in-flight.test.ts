import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleIperf3Spec } from '../../test/sample/experiment.ts';
import { sampleHostFacts } from '../../test/sample/host-facts.ts';
import { sampleIperf3Measurement } from '../../test/sample/iperf3.ts';
import { inFlight } from './in-flight.ts';

function bytes(direction: 'upload' | 'download', sysctls: Record<string, string>) {
  const context = sampleContext(sampleIperf3Measurement(), { host: sampleHostFacts({ sysctls }) });
  return inFlight(sampleIperf3Spec({ direction }), 2, context).bytes;
}

describe('bytes in flight', () => {
  const sysctls = { 'net.ipv4.tcp_rmem': '4096\t131072\t33554432', 'net.ipv4.tcp_wmem': '4096 16384 1000' };

  it("takes the sender's write buffer and the receiver's read buffer of every stream", () => {
    expect(bytes('upload', sysctls)).toBe(2 * (4_194_304 + 33_554_432));
    expect(bytes('download', sysctls)).toBe(2 * (1_000 + 6_291_456));
  });

  it("takes the kernel's defaults where a limit was not recorded or can't be read", () => {
    expect(bytes('upload', { 'net.ipv4.tcp_rmem': 'unreadable' })).toBe(2 * (4_194_304 + 6_291_456));
  });

  it('says that it guessed where an end says nothing of its buffers', () => {
    const context = sampleContext(sampleIperf3Measurement());
    expect(inFlight(sampleIperf3Spec(), 1, context).isGuess).toBe(false);
    expect(inFlight(sampleIperf3Spec(), 1, { ...context, host: null })).toEqual({ bytes: 10_485_760, isGuess: true });
  });
});

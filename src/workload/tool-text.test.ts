import { describe, expect, it } from 'vitest';
import { sampleThroughput } from '../../test/sample/iperf3.ts';
import { sampleLatency } from '../../test/sample/sockperf.ts';
import type { LatencyDistribution } from '../record/latency.ts';
import { iperf3Table } from './iperf3/text.ts';
import { sockperfText } from './sockperf/text.ts';

const secondNs = 1e9;

describe('the text of iperf3', () => {
  const none = { retransmits: 0, meanTcpRoundTripNs: null };

  it('is what iperf3 3.12 itself printed for two TCP streams', () => {
    // iperf3 -c 127.0.0.1 -t 1 -P 2 -b 300M, its bytes from the rates.
    const [a, b] = [
      { ...none, id: 5, bytes: 37_400_000, sentBytes: 37_500_000, bitsPerSecond: 299_200_000, retransmits: 1 },
      { ...none, id: 7, bytes: 37_400_000, sentBytes: 37_500_000, bitsPerSecond: 299_200_000 },
    ];
    const throughput = {
      ...sampleThroughput(),
      durationNs: secondNs,
      streams: [a, b],
      bytes: 74_800_000,
      sentBytes: 75_000_000,
      bitsPerSecond: 598_400_000,
      retransmits: 1,
    };
    expect(iperf3Table(throughput)).toEqual([
      '- - - - - - - - - - - - - - - - - - - - - - - - -',
      '[ ID] Interval           Transfer     Bitrate         Retr',
      '[  5]   0.00-1.00   sec  35.8 MBytes   300 Mbits/sec    1             sender',
      '[  5]   0.00-1.00   sec  35.7 MBytes   299 Mbits/sec                  receiver',
      '[  7]   0.00-1.00   sec  35.8 MBytes   300 Mbits/sec    0             sender',
      '[  7]   0.00-1.00   sec  35.7 MBytes   299 Mbits/sec                  receiver',
      '[SUM]   0.00-1.00   sec  71.5 MBytes   600 Mbits/sec    1             sender',
      '[SUM]   0.00-1.00   sec  71.3 MBytes   598 Mbits/sec                  receiver',
    ]);
  });

  it('has no sum for a single TCP stream', () => {
    const lines = iperf3Table(sampleThroughput({ spec: { streams: 1 } }));
    expect(lines).toHaveLength(4);
    expect(lines.join('\n')).not.toContain('SUM');
  });

  it('has the datagrams of a UDP transfer', () => {
    const throughput = sampleThroughput({ spec: { streams: 1, durationNs: secondNs }, bitsPerSecond: 3_145_728 });
    const datagrams = { sent: 12, lost: 3, outOfOrder: 0, jitterNs: 4_000 };
    const lines = iperf3Table({ ...throughput, protocol: 'udp', sentBytes: null, retransmits: null, datagrams });
    expect(lines.slice(1)).toEqual([
      '[ ID] Interval           Transfer     Bitrate         Jitter    Lost/Total Datagrams',
      '[  5]   0.00-1.00   sec   384 KBytes  3.15 Mbits/sec  0.004 ms  3/12 (25%)  receiver',
    ]);
  });
});

/** The lab note's figures, ns. */
const noted: LatencyDistribution = {
  mean: 74_383,
  stddev: 15_718,
  min: 39_925,
  max: 385_178,
  p25: 68_501,
  p50: 70_909,
  p75: 76_258,
  p90: 84_220,
  p99: 129_705,
  p999: 264_171,
  p9999: 313_233,
  p99999: 343_253,
};

describe('the text of sockperf', () => {
  const latency = {
    ...sampleLatency(),
    halfRoundTripNs: noted,
    messages: 198_352,
    sentMessages: 198_352,
    receivedMessages: 198_352,
    durationNs: 29_549_000_000,
    spread: {
      meanAbsoluteDeviationNs: 8_553,
      medianAbsoluteDeviationNs: 4_873,
      semiInterquartileRangeNs: 3_878,
      coefficientOfVariation: 0.211,
      standardErrorNs: 35,
      confidence99Ns: { low: 74_292, high: 74_474 },
    },
  };

  it('is the lab note, byte for byte', () => {
    expect(sockperfText(latency).join('\n')).toBe(`sockperf: ========= Printing statistics for Server No: 0
sockperf: [Valid Duration] RunTime=29.549 sec; SentMessages=198352; ReceivedMessages=198352
sockperf: ====> avg-latency=74.383 (std-dev=15.718, mean-ad=8.553, median-ad=4.873, siqr=3.878, cv=0.211, std-error=0.035, 99.0% ci=[74.292, 74.474])
sockperf: # dropped messages = 0; # duplicated messages = 0; # out-of-order messages = 0
sockperf: Summary: Latency is 74.383 usec
sockperf: Total 198352 observations; each percentile contains 1983.52 observations
sockperf: ---> <MAX> observation =  385.178
sockperf: ---> percentile 99.999 =  343.253
sockperf: ---> percentile 99.990 =  313.233
sockperf: ---> percentile 99.900 =  264.171
sockperf: ---> percentile 99.000 =  129.705
sockperf: ---> percentile 90.000 =   84.220
sockperf: ---> percentile 75.000 =   76.258
sockperf: ---> percentile 50.000 =   70.909
sockperf: ---> percentile 25.000 =   68.501
sockperf: ---> <MIN> observation =   39.925`);
  });

  it('has only the deviation where no log was kept', () => {
    expect(sockperfText({ ...latency, spread: null })[2]).toBe('sockperf: ====> avg-latency=74.383 (std-dev=15.718)');
  });
});

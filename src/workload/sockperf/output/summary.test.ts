import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParseError, TapbenchError } from '../../../record/error.ts';
import { latencyDistribution, latencySpread } from '../../../record/latency.ts';
import { mostOutputBytes } from '../commands.ts';
import { parseSockperfSummary, readSockperfOutput } from './summary.ts';

const fixtures = new URL('../../../../test/fixtures/', import.meta.url);
const fixture = (name: string) => readFileSync(new URL(name, fixtures), 'utf8');
const read = (stdout: string, exitStatus: number | null = 0) =>
  readSockperfOutput({ stdout, stderr: '', exitStatus, files: {} });

/** The closing figures of a 30 s run as sockperf 3.8 and later print them, without colours and without the total. */
const longLine = `sockperf: ========= Printing statistics for Server No: 0
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
sockperf: ---> <MIN> observation =   39.925
`;

/** A client in a guest may print as much. */
const most = mostOutputBytes();

describe('the summary of sockperf', () => {
  it('3.7 is read through its colours, to the nanosecond', () => {
    expect(read(fixture('sockperf-3.7/ping-pong.txt'))).toEqual({
      total: { sent: 3002, received: 3002 },
      valid: { durationNs: 550_000_000, sent: 1650, received: 1650 },
      dropped: 0,
      duplicated: 0,
      outOfOrder: 0,
      halfRoundTripNs: {
        mean: 50_228,
        stddev: 23_129,
        min: 29_283,
        max: 530_126,
        p25: 42_973,
        p50: 47_325,
        p75: 53_624,
        p90: 58_446,
        p99: 95_511,
        p999: 392_196,
        p9999: 530_126,
        p99999: 530_126,
      },
      spread: null,
    });
  });

  it('3.8 and later has the spread as well', () => {
    const summary = parseSockperfSummary(longLine);
    expect(summary.spread).toEqual({
      meanAbsoluteDeviationNs: 8553,
      medianAbsoluteDeviationNs: 4873,
      semiInterquartileRangeNs: 3878,
      coefficientOfVariation: 0.211,
      standardErrorNs: 35,
      confidence99Ns: { low: 74_292, high: 74_474 },
    });
    expect(summary.halfRoundTripNs).toMatchObject({ mean: 74_383, stddev: 15_718, p99999: 343_253, p25: 68_501 });
    expect(summary.valid).toEqual({ durationNs: 29_549_000_000, sent: 198_352, received: 198_352 });
  });

  it('says nothing of the total where that line is not there', () => {
    expect(parseSockperfSummary(longLine).total).toBeNull();
  });

  it('may have the lower end of its interval below zero', () => {
    const text = longLine.replace('ci=[74.292', 'ci=[-1.500');
    expect(parseSockperfSummary(text).spread?.confidence99Ns.low).toBe(-1500);
  });

  it('of under-load tells sent from received and counts the dropped, which are red', () => {
    expect(read(fixture('sockperf-3.7/under-load-dropped.txt'))).toMatchObject({
      total: { sent: 3002, received: 2934 },
      valid: { sent: 1650, received: 1610 },
      dropped: 40,
    });
  });

  it('of under-load with one reply in a hundred has the replies as its observations', () => {
    expect(read(fixture('sockperf-3.7/under-load-reply-every-100.txt')).valid).toMatchObject({
      sent: 1401,
      received: 15,
    });
  });

  it.each(['sockperf-3.7/ping-pong-tcp.txt', 'sockperf-3.7/under-load.txt', 'sockperf-3.10/ping-pong.txt'])(
    'is read from %s',
    (name) => {
      expect(read(fixture(name)).valid.received).toBe(1650);
    },
  );
});

describe('a failure of sockperf', () => {
  it.each([
    ['sockperf-3.7/no-server-tcp.txt', 'Connection refused'],
    ['sockperf-3.7/no-server-udp.txt', 'No messages were received from the server'],
    ['sockperf-3.7/log-not-writable.txt', 'for writing: No such file or directory'],
  ])('is a TOOL_FAILED with its words, though it exits 0: %s', (name, words) => {
    expect(() => read(fixture(name))).toThrow(words);
    expect(() => read(fixture(name))).toThrow(expect.objectContaining({ code: 'TOOL_FAILED' }));
  });

  it('is a TOOL_FAILED where the exit status says so', () => {
    expect(() => read(longLine, 1)).toThrow(expect.objectContaining({ code: 'TOOL_FAILED' }));
    expect(() => read('', null)).toThrow('ended by a signal');
  });
});

describe('damaged text', () => {
  it('is a ParseError when empty', () => {
    expect(() => read('')).toThrow('the output is empty');
  });

  it('is a ParseError when cut anywhere before the end of the last figure', () => {
    fc.assert(
      fc.property(fc.nat(longLine.length - 2), (length) => {
        expect(() => read(longLine.slice(0, length))).toThrow(ParseError);
      }),
    );
  });

  it('is a ParseError when its percentiles do not rise', () => {
    expect(() => read(longLine.replace('75.000 =   76.258', '75.000 =   96.258'))).toThrow('do not rise');
  });

  it('is a ParseError when its mean is outside of its range', () => {
    expect(() => read(longLine.replace('avg-latency=74.383', 'avg-latency=974.383'))).toThrow('is outside of');
  });

  it('is a ParseError when it counts its messages differently in two places', () => {
    expect(() => read(longLine.replace('Total 198352', 'Total 198353'))).toThrow('198352 messages were received');
  });

  it('gives sound figures or one of our errors when bytes are changed', () => {
    const edit = fc.tuple(
      fc.nat(longLine.length),
      fc.constantFrom('-', '0', '9', ' ', '\n', 'n', '.', '', '99999999999'),
    );
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const damaged = edits.reduce((text, [at, put]) => text.slice(0, at) + put + text.slice(at + 1), longLine);
        try {
          const summary = read(damaged);
          latencyDistribution.parse(summary.halfRoundTripNs);
          latencySpread.nullable().parse(summary.spread);
        } catch (error) {
          expect(error).toBeInstanceOf(TapbenchError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    '[Total Run] RunTime=',
    'ERROR: ',
    'Invalid x val ',
    'Invalid xxxxxxxx',
    'percentile      ',
    '\u001b[',
    '\u001b];a',
    'avg-latency=1.000 (',
  ])('is not slow where the output is nothing but "%s"', (piece) => {
    const output = piece.repeat(Math.ceil(most / piece.length));
    const begun = performance.now();
    expect(() => read(output)).toThrow(TapbenchError);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});

import { describe, expect, it } from 'vitest';
import { LinkProbe, parseLink, readLinkTotals } from './link.ts';

/** /proc/net/dev of Linux 6.18. */
const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 79226620   42993    0    0    0     0          0         0 79226620   42993    0    0    0     0       0          0
  tap1:     100       2    3    4    0     0          0         0      500       6    7    8    0     0       0          0
  tap0:12345678901234      20    0    0    0     0          0         0       60       1    0    0    0     0       0          0
`;

describe('the counters of a tap', () => {
  it('have what the tap received as from the guest', () => {
    expect(parseLink(text, 'tap1')).toEqual({
      fromGuest: { bytes: 100, packets: 2, errors: 3, drops: 4 },
      toGuest: { bytes: 500, packets: 6, errors: 7, drops: 8 },
    });
  });

  it('are found where no blank stands before them', () => {
    expect(parseLink(text, 'tap0').fromGuest.bytes).toBe(12_345_678_901_234);
  });

  it('are refused where the device is missing or the line is cut', () => {
    expect(() => parseLink(text, 'tap')).toThrow(/no such device/);
    expect(() => parseLink(text.slice(0, text.indexOf('tap1') + 30), 'tap1')).toThrow(/fewer counters/);
  });

  it('are the difference of both edges', () => {
    const probe = new LinkProbe([{ namespace: { deviceCounters: () => text }, device: 'tap1' }]);
    const opening = [parseLink(text, 'tap1')];
    const closing = [parseLink(text.replace('     100       2', '    1100      12'), 'tap1')];
    expect(probe.difference(opening, closing)).toEqual([
      {
        device: 'tap1',
        fromGuest: { bytes: 1000, packets: 10, errors: 0, drops: 0 },
        toGuest: { bytes: 0, packets: 0, errors: 0, drops: 0 },
      },
    ]);
    expect(() => probe.difference(closing, opening)).toThrow(/went back/);
  });

  it('are read once for all links of a namespace', () => {
    let reads = 0;
    const namespace = {
      deviceCounters: () => {
        reads++;
        return text;
      },
    };
    const totals = readLinkTotals([
      { namespace, device: 'tap1' },
      { namespace, device: 'lo' },
      { namespace: { deviceCounters: () => text.replace('tap0:1', 'tap0:2') }, device: 'tap0' },
    ]);
    expect(totals).toEqual([
      { packets: 8, bytes: 600 },
      { packets: 85_986, bytes: 158_453_240 },
      { packets: 21, bytes: 22_345_678_901_294 },
    ]);
    expect(reads).toBe(1);
  });
});

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
    const probe = new LinkProbe({ pid: process.pid, device: 'tap1' });
    const opening = parseLink(text, 'tap1');
    const closing = parseLink(text.replace('     100       2', '    1100      12'), 'tap1');
    expect(probe.difference(opening, closing).fromGuest).toEqual({ bytes: 1000, packets: 10, errors: 0, drops: 0 });
    expect(() => probe.difference(closing, opening)).toThrow(/went back/);
  });

  it('are read in the namespace of a process', () => {
    expect(readLinkTotals({ pid: process.pid, device: 'lo' }).bytes).toBeGreaterThanOrEqual(0);
    expect(() => readLinkTotals({ pid: 4_194_305, device: 'lo' })).toThrow(/has ended/);
  });
});

import { describe, expect, it } from 'vitest';
import { sentenceSide } from './sentence-side.ts';

describe('where a sentence says that its call ran', () => {
  it.each([
    ['Run `', '` on the host and the client elsewhere', 'host', null],
    ['with `', '` (in VM 2)', 'guest', 2],
    ['Start it in server mode on the guest: `', '`.', 'guest', null],
    ['On the host, run `', '`', 'host', null],
    ['', ' was run inside the VM', 'guest', null],
    ['on the host: `', '` in the guest', 'guest', null],
  ])('%sCALL%s', (before, behind, ...expected) => {
    const [place, number] = expected;
    expect(sentenceSide(before, behind)).toMatchObject({ place, number });
  });

  it.each([
    ['Start the server on the host, `', '` comes later'],
    ['`iperf3 -s` on the host and `', '`'],
    ['', ' on port 5201 of the host'],
    ['We ran ', ' for 10 s'],
    ['from the guest we could reach it. ', ''],
  ])('is not said by: %sCALL%s', (before, behind) => {
    expect(sentenceSide(before, behind)).toBeNull();
  });
});

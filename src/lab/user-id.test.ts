import { describe, expect, it } from 'vitest';
import { freeUserId, type IdFiles, isOwnUserId } from './user-id.ts';

const whole = '         0          0 4294967295\n';
const container = '         0     100000      65536\n';
const names = 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n';
const files = (map: string, more = ''): IdFiles => ({ maps: [map, map], names: [names + more, names] });

describe('freeUserId', () => {
  it('lies where no user is, and is another for each VM and each process', () => {
    const ids = [1, 2].flatMap((pid) => [0, 1].map((serial) => freeUserId(serial, files(whole), pid)));
    expect(ids).toEqual([1_879_048_320, 1_879_048_321, 1_879_048_448, 1_879_048_449]);
  });

  it('stays below 2^31 for the highest process id', () => {
    expect(freeUserId(127, files(whole), 4_194_303)).toBeLessThan(2 ** 31);
  });

  it('is one that a container has', () => {
    const id = freeUserId(0, files(container), 4_194_303) ?? 0;
    expect(id).toBeGreaterThanOrEqual(61_184);
    expect(id).toBeLessThan(65_520);
  });

  it('is none of somebody', () => {
    const id = freeUserId(0, files(whole), 1) ?? 0;
    expect(freeUserId(0, files(whole, `somebody:x:${String(id)}:1::/:/bin/sh\n`), 1)).not.toBe(id);
  });

  it('is not to be had where root alone is mapped', () => {
    expect(freeUserId(0, files('0 1000 1\n'), 1)).toBeNull();
    expect(freeUserId(0, { maps: [whole, '0 1000 1\n'], names: [] }, 1)).toBeNull();
  });
});

describe('isOwnUserId', () => {
  it('is so for what freeUserId gives, and for nobody who may be somebody', () => {
    for (const map of [whole, container])
      expect(isOwnUserId(freeUserId(3, files(map), 4_242) ?? 0, files(map))).toBe(true);
    for (const id of [0, 1, 1_000, 65_534, 100_000, 4_294_967_294]) expect(isOwnUserId(id, files(whole))).toBe(false);
    expect(isOwnUserId(61_200, files(container, 'somebody:x:61200:1::/:/bin/sh\n'))).toBe(false);
  });
});

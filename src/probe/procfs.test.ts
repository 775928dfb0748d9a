import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demandProcfs, labelled, parseSchedstat, parseStat, readProcfs, threadNames } from './procfs.ts';

/** /proc/PID/stat of Linux 6.18, the name replaced. */
const stat = (name: string): string =>
  `9591 (${name}) R 9590 9591 5008 0 -1 4194304 104 0 0 0 125 37 0 0 20 0 1 0 148994 3133440 366 18446744073709551615 93934753910784 93934753930665 140729562072128 0 0 0 0 0 0 0 0 0 17 0 0 0 0 40 0 93934753946672 93934753948288 93935611367424 140729562073751 140729562073806 140729562073806 140729562075115 0\n`;

describe('the stat of a thread', () => {
  it('gives times in ns and the start', () => {
    expect(parseStat(stat('cat'))).toEqual({
      name: 'cat',
      userNs: 1.25e9,
      systemNs: 0.37e9,
      guestNs: 0.4e9,
      startTicks: 148_994,
    });
  });

  it('takes any name, parentheses and spaces included', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 15 }), (name) => {
        expect(parseStat(stat(name))).toEqual({ ...parseStat(stat('cat')), name });
      }),
    );
  });

  it('refuses a text that is cut or empty', () => {
    expect(() => parseStat(stat('cat').slice(0, 60))).toThrow(/field \d+: no number/);
    expect(() => parseStat('')).toThrow(/no/);
  });
});

it('schedstat gives run and wait time and refuses anything else', () => {
  expect(parseSchedstat('2657711 4242 1\n')).toEqual({ runNs: 2_657_711, waitNs: 4242 });
  expect(() => parseSchedstat('')).toThrow(/not two numbers/);
});

it('a label is found at the beginning of a line only', () => {
  const text = 'voluntary_ctxt_switches:\t7\nnonvoluntary_ctxt_switches:\t3\n';
  expect(labelled(text, 'voluntary_ctxt_switches')).toBe(7);
  expect(labelled(text, 'nonvoluntary_ctxt_switches')).toBe(3);
  expect(labelled(text, 'switches')).toBeNull();
});

it('a process that is gone reads as null, and is an error where it must be there', () => {
  // Above PID_MAX_LIMIT: there is never such a process.
  expect(readProcfs('/proc/4194305/stat')).toBeNull();
  expect(threadNames(4_194_305).size).toBe(0);
  expect(() => demandProcfs('/proc/4194305/stat')).toThrow(/has ended/);
});

import { describe, expect, it } from 'vitest';
import { loadsBeside, windowsOf } from './windows.ts';

const named = (...names: string[]) => names.map((name) => ({ name }));

describe('windowsOf', () => {
  it('gives each workload a window, where nothing is said', () => {
    expect(windowsOf({ workloads: named('a', 'b') })).toEqual([named('a'), named('b')]);
  });

  it('puts those together that share one, where the first of them stands', () => {
    const shared = { workloads: named('a', 'b', 'c', 'd'), together: [['b', 'd']] };
    expect(windowsOf(shared)).toEqual([named('a'), named('b', 'd'), named('c')]);
  });

  it('has no window for a name that no workload has', () => {
    expect(windowsOf({ workloads: named('a'), together: [['x', 'y']] })).toEqual([named('a')]);
  });

  it('tells a workload with a number for its name from a group', () => {
    expect(windowsOf({ workloads: named('0', 'b', 'c'), together: [['b', 'c']] })).toEqual([
      named('0'),
      named('b', 'c'),
    ]);
  });
});

describe('loadsBeside', () => {
  const shared = { workloads: named('a', 'b', 'c'), together: [['b', 'c']] };

  it('gives the others of the window', () => {
    expect(loadsBeside(shared, 'b')).toEqual(named('c'));
  });

  it('gives none for one that has the window for itself', () => {
    expect(loadsBeside(shared, 'a')).toEqual([]);
  });

  it('is told of each of 30,000 workloads at once', () => {
    const many = { workloads: named(...Array.from({ length: 30_000 }, (_, index) => `w${String(index)}`)) };
    const beside = many.workloads.flatMap(({ name }) => loadsBeside({ ...many, together: [['w1', 'w2']] }, name));
    expect(beside).toEqual(named('w2', 'w1'));
  });
});

import { describe, expect, it } from 'vitest';
import type { AnyReading } from '../reading.ts';
import { readOutput } from './read-output.ts';

const rule = '------ ----------- ----------- --------- --------- ----------------';
const heading = '% time     seconds  usecs/call     calls    errors syscall';

function tablesOf(...lines: readonly string[]): { tables: string[][]; unread: number[] } {
  const { readings, notUnderstood } = readOutput(lines.join('\n'));
  return { tables: readings.map(rowsOf), unread: notUnderstood.map(({ line }) => line) };
}

/** Name, calls, errors, whole time and mean of each row, in ns. */
function rowsOf(reading: AnyReading): string[] {
  const words = (...cells: readonly ({ readonly value: number } | null)[]): string =>
    cells.map((cell) => (cell === null ? '-' : String(cell.value))).join(' ');
  if (reading.kind === 'thread-tables')
    return reading.value.threads.flatMap((thread) =>
      thread.calls.map((call) => `${call.name} ${words(call.calls, call.errors, call.totalNs, call.averageNs)}`),
    );
  if (reading.kind !== 'call-table') return [];
  const { calls, total } = reading.value;
  return [...calls, ...(total === null ? [] : [total])].map(
    (call) => `${call.name} ${words(call.calls, call.errors, call.timeNs, call.averageNs)}`,
  );
}

describe('a table of strace', () => {
  it('is not one of ltrace, whose calls are of libraries', () => {
    const lines = [
      '% time     seconds  usecs/call     calls      function',
      '------ ----------- ----------- --------- --------------------',
      ' 75.00    0.003000         161        95 puts',
      '------ ----------- ----------- --------- --------------------',
      '100.00    0.004000                   181 total',
      '100.00    0.000600           1       600           read',
    ];
    expect(tablesOf(...lines)).toEqual({ tables: [['read 600 - 600000 1000']], unread: [1, 2, 3, 4, 5] });
  });

  it('may have no shares, and a quote sign before its total', () => {
    const lines = [
      heading,
      rule,
      '  -nan    0.000000           0         6           read',
      '   nan    0.000000           0         3         1 open',
      rule,
      '>100.00    0.000000                     9         1 total',
    ];
    expect(tablesOf(...lines)).toEqual({ tables: [['read 6 - 0 0', 'open 3 1 0 0', 'total 9 1 0 -']], unread: [] });
  });

  it('may have commas before its decimals', () => {
    const lines = [
      heading,
      rule,
      ' 75,00    0,003000           1      3000           read',
      ' 25,00    0,001000           0      2000         4 write',
      rule,
      '100,00    0,004000           0      5000         4 total',
    ];
    expect(tablesOf(...lines)).toEqual({
      tables: [['read 3000 - 3000000 1000', 'write 2000 4 1000000 0', 'total 5000 4 4000000 0']],
      unread: [],
    });
  });

  it('takes no comma in a count, which would be one between thousands', () => {
    expect(tablesOf(heading, ' 75.00    0.003000           1      3,000           read')).toEqual({
      tables: [],
      unread: [1, 2],
    });
  });

  it('is another one where a call comes again', () => {
    const lines = [
      heading,
      rule,
      ' 32.50    3.000000          50     60000           close',
      '',
      'Now:',
      '',
      ' 10.50    0.700000          11     60002           close',
    ];
    expect(tablesOf(...lines)).toEqual({
      tables: [['close 60000 - 3000000000 50000'], ['close 60002 - 700000000 11000']],
      unread: [5],
    });
  });
});

describe('a table of strace with remarks', () => {
  const rows = [
    ' 60.00    0.000060           6        10           mmap     # maps memory, 2 of them huge',
    ' 30.00    0.000030           7         4           read     --read from a descriptor,',
    ' 10.00    0.000010           5         2         2 access   对文件检查权限',
  ];
  const read = ['mmap 10 - 60000 6000', 'read 4 - 30000 7000', 'access 2 2 10000 5000'];

  it('has its calls and its total, behind a heading with a further column or without', () => {
    const total = '100.00    0.000100                    16         2 total';
    for (const words of ['', '    what it is for', ' 说明'])
      expect(tablesOf(heading + words, rule, ...rows, rule, total)).toEqual({
        tables: [[...read, 'total 16 2 100000 -']],
        unread: [],
      });
  });

  it('lists a row that is none of its columns', () => {
    const odd = ' 10.00    0.000010           5   2 of 3         2 access';
    expect(tablesOf(heading, rule, ...rows.slice(0, 2), odd)).toEqual({ tables: [read.slice(0, 2)], unread: [5] });
  });
});

describe('the total of a table of strace', () => {
  const above = [heading, rule, ' 42.00    0.000042           5         8           mmap', '...'];

  it('is told by its own numbers where rows are cut out above it', () => {
    const errors = '100.00    0.000098                    28         3 total';
    const mean = '100.00    0.000098           3        28           total';
    expect(tablesOf(...above, errors).tables[0]?.at(-1)).toBe('total 28 3 98000 -');
    expect(tablesOf(...above, mean).tables[0]?.at(-1)).toBe('total 28 - 98000 3000');
  });

  it('is listed where it may be read in two ways', () => {
    const total = '100.00    0.000560                    28        20 total';
    const { tables, unread } = tablesOf(...above, total);
    expect([tables[0]?.length, unread]).toEqual([1, [5]]);
  });
});

describe('tables of perf trace', () => {
  const names = ' client (12), 9 events, 86.0%, 0.000 msec';

  it('may have no column of whole times', () => {
    const lines = [
      ' Summary of events:',
      names,
      '   syscall            calls      min       avg       max      stddev',
      '                               (msec)    (msec)    (msec)        (%)',
      '   --------------- -------- --------- --------- ---------     ------',
      '   read                   2     0.000     0.001     0.002    100.00%',
      '   open                   1     0.003     0.003     0.003      0.00%',
    ];
    expect(tablesOf(...lines)).toEqual({ tables: [['read 2 - - 1000', 'open 1 - - 3000']], unread: [] });
  });

  it('may have commas before their decimals', () => {
    const lines = [
      ' client (12), 9 events, 86,0%',
      '   syscall            calls  errors  total       min       avg       max       stddev',
      '   --------------- --------  ------ -------- --------- --------- ---------     ------',
      '   read                   2      1     0,004     0,001     0,002     0,003    100,00%',
    ];
    expect(tablesOf(...lines)).toEqual({ tables: [['read 2 1 4000 2000']], unread: [] });
  });
});

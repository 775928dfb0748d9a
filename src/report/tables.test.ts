import { describe, expect, it } from 'vitest';
import { type ListedRun, listReport } from './list.ts';
import { widthOf, wrapped } from './text/table.ts';
import { type TraceRow, traceReport } from './trace-report.ts';

const run: ListedRun = {
  runId: '20261122T224533Z-vm-to-host-ab12',
  startedAt: '2026-11-22T22:45:33Z',
  experiment: 'vm-to-host',
  workloads: ['iperf3', 'sockperf'],
  plannedTrials: 3,
  finishedTrials: 2,
  status: 'interrupted',
  tags: [],
  problem: null,
};

const plain = { isColor: false, isFiltered: false, columns: null };

describe('the list of runs', () => {
  it('leaves out the time of start, which begins the id, where the terminal is too narrow', () => {
    const [head = '', line = ''] = listReport([run], { ...plain, columns: 80 }).split('\n');
    expect(head).not.toContain('STARTED');
    expect(line).toBe('20261122T224533Z-vm-to-host-ab12  interrupted     2/3  iperf3, sockperf');
  });

  it('has a line a run', () => {
    expect(listReport([{ ...run, tags: ['release', 'v1.2'] }], plain)).toBe(
      [
        'RUN                               STARTED (UTC)     STATUS       TRIALS  WORKLOADS         TAGS',
        '20261122T224533Z-vm-to-host-ab12  2026-11-22 22:45  interrupted     2/3  iperf3, sockperf  release v1.2',
        '',
      ].join('\n'),
    );
  });

  it('says how to make the first', () => {
    expect(listReport([], plain)).toContain('tapbench run quick');
  });

  it('says where a filter leaves none', () => {
    expect(listReport([], { ...plain, isFiltered: true })).toBe('No run matches.\n');
  });

  it('puts what is wrong with a damaged one under it: the table of the others stays as wide as it was', () => {
    const problem = `${'/a/long/path'.repeat(9)}: not JSON`;
    const lines = listReport([run, { ...run, status: 'damaged', workloads: [], problem }, run], plain).split('\n');
    expect(lines[3]).toBe(`  ${problem}`);
    expect([lines[0], lines[1], lines[4]]).toEqual(listReport([run, run], plain).split('\n').slice(0, 3));
  });

  it('shows what is wrong with a damaged one', () => {
    expect(listReport([{ ...run, status: 'damaged', startedAt: null, problem: 'not\nJSON' }], plain)).toContain(
      'not\\x0aJSON',
    );
  });
});

describe('the table of a trace', () => {
  const rows: TraceRow[] = [
    { thread: 'qemu', role: 'vmm', call: 'read', request: null, count: 10, timeNs: 5_000 },
    { thread: 'CPU 0/KVM', role: 'vcpu', call: 'ioctl', request: 'KVM_RUN', count: 12_345, timeNs: 1_000_000_000 },
    { thread: 'qemu', role: 'vmm', call: 'writev', request: null, count: 1_000, timeNs: 2_000_000 },
  ];
  const options = { title: 'total', durationNs: 2e9, columns: 80, isColor: false };

  it('groups calls by thread, most frequent first', () => {
    expect(traceReport(rows, options)).toBe(
      [
        'total  2.00 s',
        'THREAD     ROLE  CALL            COUNT  PER SECOND     TIME     EACH',
        'CPU 0/KVM  vcpu  ioctl KVM_RUN  12,345       6,173   1.00 s  81.0 us',
        'qemu       vmm   writev          1,000         500  2.00 ms  2.00 us',
        '                 read               10           5  5.00 us   500 ns',
        '',
      ].join('\n'),
    );
  });

  it('leaves out the columns that nothing is known for', () => {
    const bare = rows.map((row) => ({ ...row, role: null, timeNs: null }));
    expect(traceReport(bare, options).split('\n')[1]).toBe('THREAD     CALL            COUNT  PER SECOND');
  });

  it('cuts names rather than go past the edge', () => {
    const long = rows.map((row) => ({ ...row, request: 'X'.repeat(100) }));
    expect(
      traceReport(long, options)
        .split('\n')
        .every((line) => widthOf(line) <= 80),
    ).toBe(true);
  });

  it('stands without rows', () => {
    expect(traceReport([], options)).toContain('no system calls');
  });
});

describe('wrapped words', () => {
  it('stay within the columns where a word fits', () => {
    expect(wrapped(['aa', 'bb', 'cc', 'dddddddddd'], 8, { first: '- ', rest: '  ' })).toEqual([
      '- aa bb',
      '  cc',
      '  dddddddddd',
    ]);
  });
});

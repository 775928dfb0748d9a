import { describe, expect, it } from 'vitest';
import { sampleIperf3Measurement } from '../../test/sample/iperf3.ts';
import { sampleRunHeader } from '../../test/sample/run.ts';
import { sampleLatency } from '../../test/sample/sockperf.ts';
import { sampleTrial } from '../../test/sample/trial.ts';
import type { Measurement } from '../record/measurement.ts';
import type { Run } from '../record/run.ts';
import { csvReport } from './csv.ts';
import { csvText } from './text/csv-field.ts';

/** Fields of CSV text by RFC 4180, one state at a time. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let field = '';
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (isQuoted && character === '"' && text.charAt(at + 1) === '"') {
      field += '"';
      at += 1;
    } else if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (character === ',' || character === '\r')) {
      rows.at(-1)?.push(field);
      field = '';
    } else if (!isQuoted && character === '\n') rows.push([]);
    else field += character;
  }
  return rows.filter((row) => row.length > 0);
}

function runOf(changes: Partial<Measurement>, threadName = 'qemu'): Run {
  const gathered = sampleIperf3Measurement();
  const nothing = Object.fromEntries(
    [
      'systemCallsPerRoundTrip',
      'waitCallsPerRoundTrip',
      'waitCallsPerGigabyte',
      'guestEntriesPerRoundTrip',
      'guestEntriesPerGigabyte',
      'vmmCpuNsPerRoundTrip',
      'vmmCpuNsPerGigabyte',
      'vmmCpuOutsideVcpuNsPerRoundTrip',
      'vmmCpuOutsideVcpuNsPerGigabyte',
      'bitsPerSecondPerCore',
    ].map((key) => [key, null]),
  ) as Omit<Measurement['cost'], 'systemCallsPerGigabyte' | 'reasons'>;
  const measurement: Measurement = {
    ...gathered,
    threads: gathered.threads.map((thread) => ({ ...thread, name: threadName })),
    cost: { ...nothing, systemCallsPerGigabyte: 87_519.5, reasons: {} },
    observerEffect: null,
    findings: [],
    ...changes,
  };
  return {
    ...sampleRunHeader(),
    status: 'done',
    stoppedBy: null,
    tags: [],
    trials: [{ ...sampleTrial(), measurements: [measurement] }],
    overhead: null,
  };
}

describe('the CSV report', () => {
  it('has one figure a line, with its unit and every digit', () => {
    const rows = parseCsv(csvReport(runOf({})));
    expect(rows[0]).toEqual([
      'run',
      'trial',
      'configuration',
      'boot',
      'workload',
      'metric',
      'unit',
      'value',
      'usable',
      'findings',
    ]);
    expect(rows).toContainEqual([
      '20250101-120000-sample',
      'qemu-boot-1',
      'qemu',
      '1',
      'iperf3',
      'throughput.bitsPerSecond',
      'bit/s',
      '16400000000',
      'yes',
      '',
    ]);
    expect(rows).toContainEqual(expect.arrayContaining(['cost.systemCallsPerGigabyte', '1', '87519.5']));
    expect(rows.every((row) => row.length === 10)).toBe(true);
  });

  it('has what became of requests that can fail by themselves', () => {
    const none = { connectErrors: 0, readErrors: 0, writeErrors: 0, refusals: 0 };
    const requests = { perSecond: 9_062.5, replyBytes: 34_571_098, timeouts: 3, ...none };
    const rows = parseCsv(csvReport(runOf({ latency: { ...sampleLatency(), requests } })));
    const found = rows.filter((row) => row[5]?.startsWith('latency.requests.')).map((row) => row.slice(5, 8));
    expect(found).toContainEqual(['latency.requests.perSecond', '1', '9062.5']);
    expect(found).toContainEqual(['latency.requests.replyBytes', 'B', '34571098']);
    expect(found).toContainEqual(['latency.requests.timeouts', '1', '3']);
    expect(found).toHaveLength(7);
  });

  it('has no line for what was not measured', () => {
    expect(csvReport(runOf({}))).not.toContain('cost.systemCallsPerRoundTrip');
  });

  it('marks only the figures that a finding voids', () => {
    const findings: Measurement['findings'] = [
      { level: 'void', audit: 'stream-sum', message: 'x', concerns: ['throughput'] },
    ];
    const rows = parseCsv(csvReport(runOf({ findings })));
    expect(rows.find((row) => row[5] === 'throughput.bitsPerSecond')?.slice(8)).toEqual(['no', 'void:stream-sum']);
    expect(rows.find((row) => row[5] === 'cost.systemCallsPerGigabyte')?.slice(8)).toEqual(['yes', '']);
  });

  it('survives commas and quotes in names, and shows their line breaks', () => {
    const rows = parseCsv(csvReport(runOf({}, 'a "b", c\r\nd')));
    expect(rows.some((row) => row[5] === 'thread[4001 a "b", c\\x0d\\x0ad].runNs')).toBe(true);
  });

  it('gives a spreadsheet no formula', () => {
    const rows = parseCsv(csvReport(runOf({ workload: '=1+1' })));
    expect(rows[1]?.[4]).toBe("'=1+1");
    const formulas = ['=1', '+1', '-1', '@a', ' =1', "'=1", '"=1', '\uff1d1', '\uff0b1', '\uff0d1', '\uff201'];
    for (const text of formulas) expect(parseCsv(`${csvText(text)}\r\n`)).toEqual([[`'${text}`]]);
    for (const text of ['\n=1', '\r=1', '\t=1', '\u200b=1']) expect(csvText(text)).toMatch(/^\\[xu]/);
  });
});

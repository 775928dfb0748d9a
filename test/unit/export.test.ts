import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { exportedRows } from '../../src/api/export.ts';
import { readRun } from '../../src/api/index.ts';
import { judgedTrial } from '../../src/derive/derive.ts';
import type { WholeTrial } from '../../src/record/trial.ts';
import { writeParquet } from '../../src/report/export/parquet.ts';
import {
  csvHeader,
  csvLine,
  type ExportRow,
  exportColumns,
  exportRows,
  jsonLine,
} from '../../src/report/export/rows.ts';
import { sampleConfiguration } from '../sample/experiment.ts';
import { sampleIperf3Measurement } from '../sample/iperf3.ts';
import { sampleRunHeader } from '../sample/run.ts';
import { temporaryFolder } from '../sample/temporary-folder.ts';
import { sampleFailedTrial, sampleTrial } from '../sample/trial.ts';

const header = sampleRunHeader();
const configuration = sampleConfiguration({ name: '=cmd|"x"', factors: { 'nic.mtu': '9000' } });

function rowsOf(trial: WholeTrial): ExportRow[] {
  return exportRows(header, judgedTrial(trial, header));
}

const healthy = rowsOf(sampleTrial({ configuration, repeats: '001-qemu-b1', attempt: 2 }));
const failed = rowsOf(sampleFailedTrial({ trialId: '002' }));

function throughputRow(rows: readonly ExportRow[]): ExportRow {
  return rows.find(({ metric }) => metric === 'throughput.bitsPerSecond') ?? expect.fail('it was measured');
}

describe('the rows of an export', () => {
  it('say of each figure where it is from and whether it may be used', () => {
    expect(throughputRow(healthy)).toEqual({
      run: header.runId,
      startedAt: header.startedAt,
      fingerprint: header.host.fingerprint,
      experiment: 'vm-to-host',
      configuration: '=cmd|"x"',
      factors: '{"nic.mtu":"9000"}',
      workload: 'iperf3',
      trial: 'qemu-boot-1',
      block: 1,
      boot: 1,
      attempt: 2,
      repeats: '001-qemu-b1',
      status: 'ok',
      metric: 'throughput.bitsPerSecond',
      unit: 'bit/s',
      value: expect.any(Number) as unknown,
      usable: true,
      findings: '',
    });
    expect(healthy.map(({ workload, metric }) => `${workload ?? ''} ${metric ?? ''}`)).toContain(
      'sockperf latency.p50',
    );
  });

  it('keep a void figure, with what voids it', () => {
    const measurement = sampleIperf3Measurement();
    const throughput = measurement.throughput && { ...measurement.throughput, bytes: measurement.throughput.bytes * 2 };
    const row = throughputRow(rowsOf(sampleTrial({ measurements: [{ ...measurement, throughput }] })));
    expect(row).toMatchObject({ usable: false, status: 'void' });
    expect(row.findings).toMatch(/void:rate-of-bytes/);
  });

  it('do not leave out a failed trial', () => {
    expect(failed).toEqual([
      expect.objectContaining({
        trial: '002',
        status: 'failed',
        workload: null,
        metric: null,
        value: null,
        usable: false,
        findings: 'failed:GUEST_FAILED',
      }),
    ]);
  });

  it('have a field a column in CSV, and no formula for a spreadsheet', () => {
    const lines = [csvHeader, csvLine(throughputRow(healthy)), csvLine(failed[0] ?? expect.fail())];
    expect(lines[0]).toBe(`${exportColumns.join(',')}\r\n`);
    expect(lines[1]).toContain(`,"'=cmd|""x""","{""nic.mtu"":""9000""}",iperf3,`);
    expect(lines[1]).toMatch(/,yes,\r\n$/);
    expect(lines[2]?.split(',')).toHaveLength(exportColumns.length);
    expect(lines[2]).toMatch(/,failed,,,,no,failed:GUEST_FAILED\r\n$/);
  });

  it('are one JSON object a line, with every column', () => {
    const parsed: unknown = JSON.parse(jsonLine(throughputRow(healthy)));
    expect(parsed).toEqual(throughputRow(healthy));
    expect(Object.keys(throughputRow(healthy)).sort()).toEqual([...exportColumns].sort());
  });
});

describe('the rows of a run with a ceiling', () => {
  it('have, after each figure, how many times that of the ceiling in the same block it is', async () => {
    const folder = join(import.meta.dirname, '../golden/ceiling/stored');
    const { ceilingShares = [] } = (await readRun(folder)).run;
    const rows: ExportRow[] = [];
    for await (const row of exportedRows({ runs: [folder] })) rows.push(row);
    const shares = rows.filter(({ metric }) => metric?.startsWith('ofCeiling.') === true);
    const ratios = ceilingShares.flatMap(({ workload, metric, ratios: all }) =>
      all.map(({ trialId, ratio }) => [trialId, workload, `ofCeiling.${metric}`, '1', ratio]),
    );
    expect(ratios.length).toBeGreaterThan(0);
    expect(
      shares.map(({ trial, workload, metric, unit, value }) => [trial, workload, metric, unit, value]).sort(),
    ).toEqual(ratios.sort());
  });
});

describe('a Parquet file', () => {
  async function* each(rows: readonly ExportRow[]): AsyncGenerator<ExportRow> {
    await Promise.resolve();
    yield* rows;
  }

  // pyarrow 26.0.1 reads the same rows and types from such a file (timestamp[ms, tz=UTC], int32, double, bool, string).
  it('has the same rows when it is read back', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'rows.parquet');
    const rows = [...healthy, ...failed];
    await writeParquet(file, each(rows));
    const read = await parquetReadObjects({ file: await asyncBufferFromFile(file) });
    expect(read).toEqual(rows.map((row) => ({ ...row, startedAt: new Date(row.startedAt) })));
  });

  it('without rows has the columns', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'rows.parquet');
    await writeParquet(file, each([]));
    expect(await parquetReadObjects({ file: await asyncBufferFromFile(file) })).toEqual([]);
  });
});

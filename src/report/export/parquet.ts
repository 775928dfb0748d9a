import { fileWriter, parquetWriteRows } from 'hyparquet-writer';
import { type ExportRow, exportColumns } from './rows.ts';

type Column = (typeof exportColumns)[number];
type ParquetType = 'STRING' | 'TIMESTAMP' | 'INT32' | 'DOUBLE' | 'BOOLEAN' | 'JSON';

/** Types of Parquet (its logical types TIMESTAMP in UTC, STRING and JSON among them). */
const types: Readonly<Record<Column, ParquetType>> = {
  run: 'STRING',
  startedAt: 'TIMESTAMP',
  fingerprint: 'STRING',
  experiment: 'STRING',
  configuration: 'STRING',
  factors: 'STRING',
  workload: 'STRING',
  trial: 'STRING',
  block: 'INT32',
  boot: 'INT32',
  attempt: 'INT32',
  repeats: 'STRING',
  status: 'STRING',
  metric: 'STRING',
  unit: 'STRING',
  value: 'DOUBLE',
  usable: 'BOOLEAN',
  findings: 'STRING',
};
const nullable: readonly Column[] = ['startedAt', 'fingerprint', 'workload', 'repeats', 'metric', 'unit', 'value'];

/** Rows of a row group: what is held in memory at once, some 20 MB. */
const rowGroupSize = 20_000;

function dateOf(text: string): Date | null {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date;
}

async function* withDates(rows: AsyncIterable<ExportRow>): AsyncGenerator<Record<string, unknown>> {
  for await (const row of rows) yield { ...row, startedAt: dateOf(row.startedAt) };
}

/** Writes rows as a Parquet file, row group by row group. Without rows it has the columns and no row. Errors of the file system go through. */
export async function writeParquet(file: string, rows: AsyncIterable<ExportRow>): Promise<void> {
  await parquetWriteRows({
    writer: fileWriter(file),
    rows: withDates(rows),
    columns: exportColumns.map((name) => ({ name, type: types[name], nullable: nullable.includes(name) })),
    rowGroupSize,
  });
}

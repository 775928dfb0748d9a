import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { exportedRows } from '../../api/export.ts';
import { TapbenchError } from '../../record/error.ts';
import { writeParquet } from '../../report/export/parquet.ts';
import { csvHeader, csvLine, type ExportRow, jsonLine } from '../../report/export/rows.ts';
import { writeOutputFile } from '../../store/output-file.ts';
import { filterOf, filterOptions, notice } from '../filter-options.ts';
import { interrupts } from '../interrupts.ts';
import { readOptions } from '../options.ts';
import { complainOfDamaged, hasReaderGone, print } from '../output.ts';

const schema = z.object({
  ...filterOptions,
  store: z.string().optional(),
  format: z.enum(['csv', 'jsonl', 'parquet']),
  output: z.string().optional(),
});

type TextFormat = 'csv' | 'jsonl';

/** Characters gathered before they are written: a line at a time takes three times as long. */
const blockCharacters = 65_536;

async function* textOf(rows: AsyncIterable<ExportRow>, format: TextFormat): AsyncGenerator<string> {
  const line = { csv: csvLine, jsonl: jsonLine }[format];
  let block = format === 'csv' ? csvHeader : '';
  for await (const row of rows) {
    block += line(row);
    if (block.length < blockCharacters) continue;
    yield block;
    block = '';
  }
  yield block;
}

async function printText(blocks: AsyncIterable<string>): Promise<void> {
  for await (const block of blocks) {
    if (block !== '') await print(block);
    if (hasReaderGone()) return;
  }
}

async function* until(signal: AbortSignal, rows: AsyncIterable<ExportRow>): AsyncGenerator<ExportRow> {
  for await (const row of rows) {
    signal.throwIfAborted();
    yield row;
  }
}

/** Into a file: a signal leaves nothing of it. */
async function writeRows(
  output: string,
  rows: AsyncIterable<ExportRow>,
  format: TextFormat | 'parquet',
): Promise<void> {
  using interrupted = interrupts();
  const { signal } = interrupted;
  const wanted = until(signal, rows);
  const write = async (draft: string): Promise<void> => {
    if (format === 'parquet') await writeParquet(draft, wanted);
    else await pipeline(Readable.from(textOf(wanted, format)), createWriteStream(draft, { flags: 'wx', flush: true }));
  };
  await writeOutputFile(output, { write, signal });
}

/** `tapbench export` */
export async function exportCommand(runs: readonly string[], given: object): Promise<void> {
  const { store, format, output, ...options } = readOptions(schema, given);
  const rows = exportedRows({
    store,
    runs,
    filter: filterOf(options),
    onNotice: notice,
    onDamaged: (record) => {
      complainOfDamaged([record]);
    },
  });
  if (output !== undefined) await writeRows(output, rows, format);
  else if (format !== 'parquet') await printText(textOf(rows, format));
  else throw new TapbenchError('USAGE', '--format parquet is written to a file: give --output');
}

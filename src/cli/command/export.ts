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
  if (format === 'parquet') {
    if (output === undefined) throw new TapbenchError('USAGE', '--format parquet is written to a file: give --output');
    await writeOutputFile(output, async (draft) => writeParquet(draft, rows));
  } else if (output === undefined) await printText(textOf(rows, format));
  else {
    await writeOutputFile(output, async (draft) =>
      pipeline(Readable.from(textOf(rows, format)), createWriteStream(draft, { flags: 'wx', flush: true })),
    );
  }
}

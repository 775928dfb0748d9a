import { z } from 'zod';
import { readRun } from '../../api/read.ts';
import type { Run } from '../../record/run.ts';
import { csvReport } from '../../report/csv.ts';
import { jsonReport } from '../../report/json.ts';
import { notice } from '../filter-options.ts';
import { readOptions, storeOptions } from '../options.ts';
import { complainOfDamaged, print, writeDocument } from '../output.ts';
import { runMarkdown } from '../run-report.ts';

const writers = { md: runMarkdown, json: jsonReport, csv: csvReport } satisfies Record<string, (run: Run) => string>;
const schema = storeOptions.extend({ format: z.enum(['md', 'json', 'csv']), output: z.string().optional() });

/** `tapbench report` */
export async function reportCommand(text: string, given: object): Promise<void> {
  const { store, format, output } = readOptions(schema, given);
  const { run, damaged } = await readRun(text, { store, onNotice: notice });
  const document = writers[format](run);
  if (output === undefined) await print(document);
  else await writeDocument(output, document);
  complainOfDamaged(damaged);
}

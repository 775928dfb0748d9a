import { z } from 'zod';
import { readRun } from '../../api/read.ts';
import { jsonReport } from '../../report/json.ts';
import { notice } from '../filter-options.ts';
import { readOptions, storeOptions } from '../options.ts';
import { complainOfDamaged, print } from '../output.ts';
import { runText } from '../run-report.ts';

const schema = storeOptions.extend({ verbose: z.boolean().default(false) });

/** `tapbench show` */
export async function showCommand(text: string, given: object): Promise<void> {
  const { store, json, verbose } = readOptions(schema, given);
  const { run, damaged } = await readRun(text, { store, onNotice: notice });
  await print(json ? jsonReport(run) : runText(run, { isVerbose: verbose }));
  complainOfDamaged(damaged);
}

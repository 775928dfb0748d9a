import { readRun } from '../../api/read.ts';
import { jsonReport } from '../../report/json.ts';
import { readOptions, storeOptions } from '../options.ts';
import { complainOfDamaged, print } from '../output.ts';
import { runText } from '../run-report.ts';

/** `tapbench show` */
export async function showCommand(text: string, given: object): Promise<void> {
  const { store, json } = readOptions(storeOptions, given);
  const { run, damaged } = await readRun(text, { store });
  await print(json ? jsonReport(run) : runText(run));
  complainOfDamaged(damaged);
}

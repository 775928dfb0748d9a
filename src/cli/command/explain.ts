import { explainRun } from '../../api/explain.ts';
import { readRun } from '../../api/read.ts';
import { explainText } from '../../report/explain.ts';
import { jsonText } from '../../report/text/printable.ts';
import { notice } from '../filter-options.ts';
import { readOptions, storeOptions } from '../options.ts';
import { complainOfDamaged, print } from '../output.ts';
import { stdoutLook } from '../terminal.ts';

/** `tapbench explain` */
export async function explainCommand(text: string, given: object): Promise<void> {
  const { store, json } = readOptions(storeOptions, given);
  const { run, damaged } = await readRun(text, { store, onNotice: notice });
  const explained = explainRun(run);
  await print(json ? jsonText(explained, 2) : explainText(explained, stdoutLook()));
  complainOfDamaged(damaged);
}

import { listRuns } from '../../api/read.ts';
import { listReport } from '../../report/list.ts';
import { readOptions, storeOptions } from '../options.ts';
import { print } from '../output.ts';
import { stdoutLook } from '../terminal.ts';

/** `tapbench list` */
export async function listCommand(given: object): Promise<void> {
  const { store, json } = readOptions(storeOptions, given);
  const runs = await listRuns({ store });
  await print(json ? JSON.stringify(runs, null, 2) : listReport(runs, stdoutLook().isColor));
}

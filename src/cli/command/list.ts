import { z } from 'zod';
import { listRuns } from '../../api/history.ts';
import { TapbenchError } from '../../record/error.ts';
import { listReport } from '../../report/list.ts';
import { jsonText } from '../../report/text/printable.ts';
import { filterOf, filterOptions, isFilter, notice } from '../filter-options.ts';
import { readOptions, storeOptions } from '../options.ts';
import { print } from '../output.ts';
import { stepProgress } from '../progress/step-progress.ts';
import { stdoutLook } from '../terminal.ts';

const schema = storeOptions.extend({ ...filterOptions, limit: z.string().optional() });

function limitOf(text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d{0,8}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new TapbenchError('USAGE', `--limit ${text}: not a whole number from 1`);
}

/** `tapbench list` */
export async function listCommand(given: object): Promise<void> {
  const { store, json, limit, ...options } = readOptions(schema, given);
  const filter = filterOf(options);
  using progress = stepProgress((done: number, total: number) => `comparing run ${done + 1} of ${total}`);
  const runs = await listRuns({ store, filter, limit: limitOf(limit), onNotice: notice, onProgress: progress.step });
  progress[Symbol.dispose]();
  const { isColor, columns } = stdoutLook();
  const isFiltered = isFilter(filter);
  await print(
    json
      ? jsonText(runs, 2)
      : listReport(runs, { isColor, isFiltered, columns: process.stdout.isTTY ? columns : null }),
  );
}

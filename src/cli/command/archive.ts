import { z } from 'zod';
import { archiveRun } from '../../api/archive.ts';
import { formatSize } from '../../report/text/units.ts';
import { notice } from '../filter-options.ts';
import { interrupts } from '../interrupts.ts';
import { readOptions } from '../options.ts';
import { complain, print } from '../output.ts';

const schema = z.object({
  store: z.string().optional(),
  output: z.string().optional(),
  withoutRaw: z.boolean().default(false),
});

/** `tapbench archive` */
export async function archiveCommand(run: string, given: object): Promise<void> {
  const { store, output: asked, withoutRaw } = readOptions(schema, given);
  using interrupted = interrupts();
  const { output, files, bytes } = await archiveRun(run, {
    store,
    output: asked,
    hasRawFiles: !withoutRaw,
    onNotice: notice,
    signal: interrupted.signal,
  });
  await print(output);
  complain(`${files} files, ${formatSize(bytes)} before compression`);
}

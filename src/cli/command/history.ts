import { z } from 'zod';
import { metricHistory } from '../../api/metric-history.ts';
import { TapbenchError } from '../../record/error.ts';
import { historyJson } from '../../report/history/json.ts';
import { historyTerminal } from '../../report/history/terminal.ts';
import { notice } from '../filter-options.ts';
import { readOptions, storeOptions } from '../options.ts';
import { print } from '../output.ts';
import { stdoutLook } from '../terminal.ts';

const schema = storeOptions.extend({
  workload: z.string().optional(),
  configuration: z.string().optional(),
  fingerprint: z.string().optional(),
  allHosts: z.boolean().default(false),
  since: z.string().optional(),
  tag: z.array(z.string()),
});

/** `tapbench history` */
export async function historyCommand(metric: string, given: object): Promise<void> {
  const options = readOptions(schema, given);
  const { workload, configuration, allHosts, since, tag, store, json } = options;
  if (allHosts && options.fingerprint !== undefined) {
    throw new TapbenchError('USAGE', '--all-hosts and --fingerprint say different things: give one of them');
  }
  const fingerprint = allHosts ? null : options.fingerprint;
  const query = { metric, workload, configuration, since, tags: tag, fingerprint };
  const history = await metricHistory(query, { store, onNotice: notice });
  await print(json ? historyJson(history) : historyTerminal(history, stdoutLook()));
}

import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { planExperiment } from '../../api/plan.ts';
import { planReport } from '../../report/plan.ts';
import { jsonText } from '../../report/text/printable.ts';
import { choiceOf, experimentFlags } from '../experiment-flags.ts';
import { readOptions } from '../options.ts';
import { print } from '../output.ts';
import { stdoutLook } from '../terminal.ts';

const schema = experimentFlags.extend({ json: z.boolean().default(false) });

/** `tapbench plan` */
export async function planCommand(experiment: string | null, given: object): Promise<void> {
  const options = readOptions(schema, given);
  const plan = await planExperiment(choiceOf(experiment, options));
  await print(options.json ? jsonText(plan, 2) : planReport(plan, { ...stdoutLook(), cpus: availableParallelism() }));
}

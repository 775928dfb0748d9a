import { z } from 'zod';
import { planReproduction, reproduction } from '../../api/reproduce.ts';
import { isRunSound } from '../../derive/boot-figures.ts';
import { loadExperiment } from '../../experiment/file/experiment-file.ts';
import { reproductionText } from '../../report/note/reproduction.ts';
import { jsonText } from '../../report/text/printable.ts';
import { choiceOf, experimentFlags } from '../experiment-flags.ts';
import { measuredRun } from '../measured-run.ts';
import { readOptions } from '../options.ts';
import { complain, complainLines, explain, print } from '../output.ts';
import { writeRunReport } from '../run-report.ts';
import { stdoutLook } from '../terminal.ts';

const schema = experimentFlags.extend({
  dryRun: z.boolean().default(false),
  json: z.boolean().default(false),
  quiet: z.boolean().default(false),
  store: z.string().optional(),
});

const trialFailed = 4;

/** `tapbench reproduce`: the experiment on stderr before it is run, old beside new on stdout. */
export async function reproduceCommand(file: string, given: object): Promise<void> {
  const options = readOptions(schema, given);
  const planned = await planReproduction(file);
  const choice = { ...choiceOf(`the experiment of ${file}`, options), text: planned.experiment.yaml };
  // As the flags have made it; what is wrong with them is said before anything else.
  const { source } = await loadExperiment(choice);
  if (options.dryRun) {
    await print(source);
    return;
  }
  complainLines(source.trimEnd());
  const result = await measuredRun(choice, options);
  complain(`report: ${await writeRunReport(result.run, result.folder)}`);
  const reproduced = reproduction(planned, result.run);
  await print(options.json ? jsonText(reproduced, 2) : reproductionText(reproduced, stdoutLook()));
  if (result.error !== null) process.exitCode = explain(result.error);
  else if (!isRunSound(result.run)) process.exitCode = trialFailed;
}

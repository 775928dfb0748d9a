import { z } from 'zod';
import { checkCompareOptions, compareRead } from '../../api/compare.ts';
import { planExperiment } from '../../api/plan.ts';
import type { RunResult } from '../../api/run.ts';
import { isRunSound } from '../../derive/boot-figures.ts';
import type { ExperimentChoice } from '../../experiment/file/experiment-file.ts';
import type { Comparison } from '../../record/comparison.ts';
import { TapbenchError } from '../../record/error.ts';
import { compareOptionsOf, comparisonOptions, readSeed } from '../comparison-options.ts';
import { comparisonDocument, gateError } from '../comparison-output.ts';
import { measuredRun } from '../measured-run.ts';
import { readOptions } from '../options.ts';
import { complain, print } from '../output.ts';
import { writeRunReport } from '../run-report.ts';

const schema = comparisonOptions.extend({
  a: z.array(z.string()),
  b: z.array(z.string()),
  boots: z.string().optional(),
  budget: z.string().optional(),
  duration: z.string().optional(),
  workload: z.string().optional(),
  set: z.array(z.string()),
  trace: z.string().optional(),
  timeout: z.string().optional(),
  seed: z.string().optional(),
  store: z.string().optional(),
  quiet: z.boolean().default(false),
  json: z.boolean().default(false),
});
type AbOptions = z.infer<typeof schema>;

/** Enough that a change of 5 % is mostly found where boots differ by 2 %. */
const usualBoots = '10';
const usualExperiment = 'quick';

/** The experiment with the two configurations a and b. */
export function abChoice(experiment: string | null, options: AbOptions): ExperimentChoice {
  const { a, b, boots, budget, duration, workload, set, trace, timeout, seed } = options;
  return {
    nameOrPath: experiment ?? usualExperiment,
    overrides: set,
    workloads: workload?.split(','),
    variants: [
      { name: 'a', overrides: a },
      { name: 'b', overrides: b },
    ],
    duration,
    budget,
    trace,
    timeout,
    seed,
    boots: boots ?? (budget === undefined ? usualBoots : undefined),
  };
}

/** What the run's own end asks for where its gates ask for nothing. */
function runError({ run: done, error }: RunResult): TapbenchError | null {
  if (error !== null) return error;
  if (isRunSound(done)) return null;
  return new TapbenchError('TRIAL_FAILED', 'a boot failed or was void, also when it was repeated', {
    hint: `See: tapbench show ${done.runId}`,
  });
}

/** A run that was cut off may have nothing to compare: then that it was cut off is what is said. */
function comparisonOf(result: RunResult, options: AbOptions, seed: number | undefined): Comparison {
  try {
    const { runId } = result.run;
    return compareRead([{ text: runId, run: result.run, configuration: null }], compareOptionsOf(options, seed));
  } catch (cause) {
    throw result.error ?? cause;
  }
}

/** What is wrong with how the two are to be compared must not be found after an hour of measuring. */
async function checkBeforeMeasuring(choice: ExperimentChoice, options: AbOptions, seed: number | undefined) {
  const compareOptions = compareOptionsOf(options, seed);
  checkCompareOptions(compareOptions);
  const { configurations } = (await planExperiment(choice)).experiment;
  const workloads = configurations.flatMap((one) => one.workloads.map(({ name }) => name));
  checkCompareOptions(compareOptions, workloads);
}

/** `tapbench ab`: boots a and b in turns and compares them. Exit 1 where a gate fails, 5 where one can't be told, else as `run`. */
export async function abCommand(experiment: string | null, given: object): Promise<void> {
  const options = readOptions(schema, given);
  const seed = readSeed(options.seed);
  const choice = abChoice(experiment, options);
  await checkBeforeMeasuring(choice, options, seed);
  const result = await measuredRun(choice, options);
  // Before the comparison: one that is refused must not hide what was measured.
  complain(`report: ${await writeRunReport(result.run, result.folder)}`);
  const comparison = comparisonOf(result, options, seed);
  const format = options.json ? 'json' : options.format;
  await print(comparisonDocument(comparison, format, false));
  const error = result.error ?? gateError(comparison.gates) ?? runError(result);
  if (error !== null) throw error;
}

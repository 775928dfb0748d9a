import { comparisonWithin } from '../api/compare.ts';
import type { RunResult } from '../api/run.ts';
import { isRunSound } from '../derive/boot-figures.ts';
import { jsonReport } from '../report/json.ts';
import { complain, print } from './output.ts';
import { runText, writeRunReport } from './run-report.ts';

/** Writes the report of a run that has just ended, and prints it. @throws TapbenchError `STORE_FAILED` */
export async function reportEndedRun(
  { run, folder }: RunResult,
  { json }: { readonly json: boolean },
): Promise<{ isSound: boolean }> {
  const comparison = comparisonWithin(run);
  const reportFile = await writeRunReport(run, folder, comparison);
  await print(json ? jsonReport(run) : runText(run, { comparison }));
  if (!json) complain(`report: ${reportFile}`);
  return { isSound: isRunSound(run) };
}

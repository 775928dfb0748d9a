import { join } from 'node:path';
import { comparisonWithin } from '../api/compare.ts';
import { explainRun } from '../api/explain.ts';
import type { Comparison } from '../record/comparison.ts';
import type { Run } from '../record/run.ts';
import { changedFingerprints } from '../report/explain.ts';
import { markdownReport } from '../report/markdown/markdown.ts';
import { terminalReport } from '../report/terminal/terminal.ts';
import { writeDurably } from '../store/durable-file.ts';
import { stdoutLook } from './terminal.ts';

/** A run for who reads stdout, its configurations compared; with the fingerprints that are not as they were known. */
export function runText(
  run: Run,
  {
    comparison = comparisonWithin(run),
    isVerbose = false,
  }: { comparison?: Comparison | null; isVerbose?: boolean } = {},
): string {
  const look = stdoutLook();
  const changed = changedFingerprints(explainRun(run), look);
  const report = terminalReport(run, { ...look, comparison, isVerbose });
  return changed.length === 0 ? report : `${report}\n${changed.join('\n')}\n`;
}

/** A run as a Markdown document, its configurations compared. */
export function runMarkdown(run: Run, comparison = comparisonWithin(run)): string {
  return markdownReport(run, { comparison });
}

/**
 * Writes `report.md` beside the run; its path.
 * @throws TapbenchError `STORE_FAILED`
 */
export async function writeRunReport(run: Run, folder: string, comparison = comparisonWithin(run)): Promise<string> {
  const file = join(folder, 'report.md');
  await writeDurably(file, runMarkdown(run, comparison));
  return file;
}

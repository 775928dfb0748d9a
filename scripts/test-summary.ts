/** Prints `N passed, N failed, N skipped` of a report of vitest's JSON reporter, and exits 1 if anything failed. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

function read(file: string | undefined): z.infer<typeof report> | null {
  try {
    return report.parse(JSON.parse(readFileSync(file ?? '', 'utf8')));
  } catch (error) {
    console.error(`no report of the tests: ${String(error)}`);
    return null;
  }
}

const result = read(process.argv[2]);
// A file that could not be loaded has no test that could fail, yet it failed.
const brokenFiles =
  result?.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length ?? 1;
const failed = (result?.numFailedTests ?? 0) + brokenFiles;
const skipped = (result?.numPendingTests ?? 0) + (result?.numTodoTests ?? 0);
console.log(`${String(result?.numPassedTests ?? 0)} passed, ${String(failed)} failed, ${String(skipped)} skipped`);
process.exitCode = failed > 0 ? 1 : 0;

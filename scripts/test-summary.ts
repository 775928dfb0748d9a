/** Prints `N passed, N failed, N skipped` of reports of vitest's JSON reporter together, and exits 1 if anything failed. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A report that can't be read is of tests that never came to their end: it counts as a failure. */
function countsOf(file: string): Counts {
  try {
    const result = report.parse(JSON.parse(readFileSync(file, 'utf8')));
    // A file that could not be loaded has no test that could fail, yet it failed.
    const broken = result.testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0);
    return {
      passed: result.numPassedTests,
      failed: result.numFailedTests + broken.length,
      skipped: result.numPendingTests + result.numTodoTests,
    };
  } catch (error) {
    console.error(`no report of the tests: ${String(error)}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const all = process.argv.slice(2).map(countsOf);
const sum = (pick: (one: Counts) => number) => String(all.reduce((total, one) => total + pick(one), 0));
const failed = sum((one) => one.failed);
console.log(`${sum((one) => one.passed)} passed, ${failed} failed, ${sum((one) => one.skipped)} skipped`);
process.exitCode = failed === '0' && all.length > 0 ? 0 : 1;

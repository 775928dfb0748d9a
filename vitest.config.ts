import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const minutes = 60_000;
/** Of what measures nothing: every CPU. */
const maxWorkers = '100%';

/** As the wrapper has it: each start of tapbench takes a third of the time. */
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '.tapbench/compiled');

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/unit/**/*.test.ts'],
          // For what hangs: on a busy machine a test of large input takes a third of it.
          testTimeout: 30_000,
          // Half the time: modules are loaded once a worker, not once a file.
          isolate: false,
          maxWorkers,
        },
      },
      { test: { name: 'golden', include: ['test/golden/**/*.test.ts'], testTimeout: 30_000, maxWorkers } },
      {
        test: {
          name: 'processes',
          // Of whole programs, without a VM.
          include: ['test/processes/**/*.test.ts'],
          retry: 0,
          testTimeout: 5 * minutes,
          hookTimeout: 10 * minutes,
          maxWorkers,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          // One machine measures one thing at a time: after all others, and alone.
          fileParallelism: false,
          maxWorkers: 1,
          retry: 0,
          testTimeout: 5 * minutes,
          hookTimeout: 10 * minutes,
        },
      },
    ],
  },
});

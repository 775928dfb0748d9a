import { defineConfig } from 'vitest/config';

const minutes = 60_000;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/unit/**/*.test.ts'],
          testTimeout: 10_000,
          // Half the time: modules are loaded once a worker, not once a file.
          isolate: false,
        },
      },
      { test: { name: 'golden', include: ['test/golden/**/*.test.ts'], testTimeout: 30_000 } },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          // One machine measures one thing at a time.
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

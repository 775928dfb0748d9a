import { defineConfig } from 'vitest/config';

const minutes = 60_000;

/** Apart from the other projects: `npm test` must not boot a machine for minutes. `npm run test:kvm` runs it. */
export default defineConfig({
  test: {
    name: 'kvm',
    include: ['test/kvm/**/*.test.ts'],
    fileParallelism: false,
    maxWorkers: 1,
    retry: 0,
    hookTimeout: 60 * minutes,
    testTimeout: minutes,
  },
});

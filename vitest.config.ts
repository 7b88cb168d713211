import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

export default defineConfig({
  // Tests of the library use what is shipped, not the sources.
  resolve: { alias: { 'quickscrape-jobs': fileURLToPath(new URL('dist/index.js', import.meta.url)) } },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/build-once.ts'],
    // Most tests wait for real child processes, so more files than cores may be under way.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});

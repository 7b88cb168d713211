import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

/** What only computes: no process, no file, no mock. Such tests share a worker and what it has loaded. */
const COMPUTING = [
  'test/core/schedule/*.test.ts',
  'test/scrape/{config,extract,read,xpath,paginate,propose}/**/*.test.ts',
  'test/tui/{batch,detail,find,form,input,jobs,state,text,timeline,undo,views}/**/*.test.{ts,tsx}',
];
const ALL = ['test/**/*.test.{ts,tsx}'];

export default defineConfig({
  // Tests of the library use what is shipped, not the sources.
  resolve: { alias: { 'quickscrape-jobs': fileURLToPath(new URL('dist/index.js', import.meta.url)) } },
  test: {
    globalSetup: ['test/build-once.ts'],
    // Most tests wait for real child processes, so more files than cores may be under way.
    maxWorkers: 5,
    sequence: { sequencer: LongestFirst },
    // For what never ends. How long something takes says more about the machine.
    testTimeout: 90_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'computing', include: COMPUTING, isolate: false } },
      {
        extends: true,
        test: { name: 'all others', include: ALL, exclude: [...configDefaults.exclude, ...COMPUTING] },
      },
    ],
  },
});

import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import { INK, inkAsShipped } from './test/ink-as-shipped.ts';
import { LongestFirst, SLOWEST_FILES } from './test/longest-first.ts';

/** What takes long or measures is called so (docs/contributing/testing.md): `npm test` leaves it out, `npm run test:all` does not. */
const SLOW = 'test/**/*.slow.test.{ts,tsx}';

/**
 * Of the others, tests that need a process of their own: they mock a module or the time, load Ink with colours, look at what this
 * process holds (memory, descriptors, children), or change its mask. The rest share a worker and what it has loaded, as loading
 * the sources anew for each file takes as much time as a quarter of the tests.
 */
const ALONE = [
  ...SLOWEST_FILES,
  'test/build/ink.test.ts',
  'test/core/fs/unsafe-home.test.ts',
  'test/core/process/*.test.ts',
  'test/core/execution/memory-limit.test.ts',
  'test/core/fs/{file-watcher,watch-file}.test.ts',
  'test/rpc/stdio/*.test.ts',
  'test/scrape/output/part.test.ts',
  'test/scrape/attempt/{saved-cookies,stop-signal}.test.ts',
  'test/soak/*.test.ts',
  'test/tui/runtime/{subscription-manager,programs}.test.ts',
  'test/tui/app/{palette-line,store}.test.{ts,tsx}',
];
/** Those of the slow ones, and the longest of them: what stands alone is begun first. */
const SLOW_ALONE = [
  'test/readme.slow.test.ts',
  'test/core/configs/scraper-client.slow.test.ts',
  'test/bench/smoke.slow.test.ts',
  'test/real/every-minute.slow.test.ts',
  'test/reliability/fault-loop.slow.test.ts',
  'test/core/home-modes.slow.test.ts',
  'test/core/operations/{checked-runs,save-config,test-config}.slow.test.ts',
  'test/reliability/{kill-writer,older-database-model,power-loss}.slow.test.ts',
  'test/rpc/mcp/injection.slow.test.ts',
  'test/scrape/browser/guards.slow.test.ts',
  'test/scrape/attempt/save-snapshot.slow.test.ts',
  // It loads the scraper again, as a bundle: with the XPath engine of tests before it, an expression may find nothing.
  'test/scrape/suggest/made-pages.slow.test.ts',
];
const ALL = 'test/**/*.test.{ts,tsx}';
const NEVER = [...configDefaults.exclude, SLOW];

export default defineConfig({
  // Tests of the library use what is shipped, not the sources.
  resolve: { alias: { 'quickscrape-jobs': fileURLToPath(new URL('dist/index.js', import.meta.url)) } },
  plugins: inkAsShipped,
  // As the build has it: React's production build knows no other elements.
  oxc: { jsx: { development: false } },
  test: {
    setupFiles: ['test/react-in-production.ts'],
    server: { deps: { inline: [INK] } },
    globalSetup: ['test/build-once.ts'],
    // Most tests wait for real child processes, so more files than cores may be under way.
    maxWorkers: 5,
    experimental: { fsModuleCache: true },
    sequence: { sequencer: LongestFirst },
    // For what never ends, as HANG_MS of test/wait-for.ts. How long something takes says more about the machine.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    projects: [
      { extends: true, test: { name: 'alone', include: ALONE, exclude: NEVER } },
      {
        extends: true,
        test: { name: 'shared', isolate: false, include: [ALL], exclude: [...NEVER, ...ALONE] },
      },
      {
        extends: true,
        test: { name: 'slow-alone', include: SLOW_ALONE, testTimeout: 900_000, hookTimeout: 900_000 },
      },
      {
        extends: true,
        test: {
          ...{
            name: 'slow',
            isolate: false,
            include: [SLOW],
            exclude: [...configDefaults.exclude, ...SLOW_ALONE],
          },
          ...{ testTimeout: 900_000, hookTimeout: 900_000 },
        },
      },
    ],
  },
});

import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What of src is measured by itself: dist/ exports nothing so deep. */
const CORE = `
  export { QuickscrapeDatabase } from './src/core/database/database.ts';
  export { enqueueRun, listRunning } from './src/core/runs/run-queue.ts';
  export { RunStore } from './src/core/runs/run-store.ts';
  export { startableRuns } from './src/core/runs/startable-runs.ts';
  export { claimStart, markStarting } from './src/core/runs/run-starts.ts';
  export { JobFiles } from './src/core/jobs/job-files.ts';
  export { FileSnapshot } from './src/core/fs/file-stamp.ts';`;

/**
 * The library's own core as a module, bundled into `folder`. It takes libsql from where the product has it.
 * @param exported the text of a module that exports what is measured
 */
export async function bundledCore(folder, exported = CORE) {
  const entry = join(ROOT, 'bench-core.mjs');
  const bundle = await rolldown({
    platform: 'node',
    // The other form of jsonc-parser cannot be bundled.
    resolve: { mainFields: ['module', 'main'] },
    input: entry,
    transform: { define: { 'import.meta.url': JSON.stringify(pathToFileURL(entry).href) } },
    plugins: [
      {
        name: 'bench-core',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? exported : null),
      },
    ],
  });
  const file = join(folder, 'bench-core.mjs');
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  await bundle.close();
  return import(pathToFileURL(file).href);
}

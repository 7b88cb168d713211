import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { history } from './channels/history.mjs';
import { outcomes } from './channels/outcomes.mjs';
import { waiting } from './channels/waiting.mjs';
import { bundledCore } from './scheduler/bundled-core.mjs';

/** What of src is measured by itself. */
const CORE = `
  export { openWorkspace } from './src/core/workspace.ts';
  export { enqueueRun } from './src/core/runs/run-queue.ts';
  export { claimStart, markStarting } from './src/core/runs/run-starts.ts';
  export { recordResult } from './src/core/execution/record-result.ts';
  export { insertMessages } from './src/core/messages/message-store.ts';
  export { callOperation } from './src/core/operations/call-operation.ts';
  export { settleHistory } from './src/core/history/settle-history.ts';
  export { makeRunFolder, runFiles } from './src/core/runs/run-files.ts';
  export { messageFacts } from './src/core/messages/message-facts.ts';`;

/** Messages about jobs: what they add to the outcome of a run, and how soon many of them leave; and the history of rows. */
export async function channels(options) {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  try {
    const core = await bundledCore(folder, CORE);
    return [
      ...(await outcomes(core, options)),
      ...(await waiting(core, options)),
      ...(await history(core, options)),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { enqueueRun } from '../../../src/core/runs/run-queue.ts';
import type { PageNote } from '../../../src/core/runs/saved-pages.ts';
import type { Workspace } from '../../../src/core/workspace.ts';

/** A page to keep: its content, and what differs from the usual note. */
export interface KeptPage {
  body: string | Buffer;
  note?: Partial<PageNote>;
}

/** A run of the job `mine` that has kept these pages; it has ended by being skipped, so that nothing starts it. */
export function runWithPages(workspace: Workspace, pages: readonly KeptPage[], at = Date.now()): string {
  const run = enqueueRun(
    workspace.db,
    {
      jobId: 'mine',
      configName: 'books',
      trigger: 'schedule',
      scheduledFor: at,
      timezone: 'Europe/Berlin',
      status: 'skipped',
      reason: 'as the test wants it',
      maxAttempts: 1,
      priority: 0,
      overlap: 'skip',
      requestedBy: 'scheduler',
    },
    at,
  );
  if (run === undefined) throw new Error('no run was queued');
  const { pages: folder } = runFiles(workspace.paths, 'mine', run.runId);
  if (pages.length > 0) mkdirSync(folder, { recursive: true });
  for (const [index, { body, note }] of pages.entries()) {
    const whole: PageNote = {
      url: `https://shop.example/${index + 1}`,
      content_type: 'text/html; charset=utf-8',
      status: 200,
      fetched_at: '2026-11-25T08:00:00.000Z',
      variables: [],
      ...note,
    };
    writeFileSync(join(folder, `${index + 1}.html`), body);
    writeFileSync(join(folder, `${index + 1}.json`), JSON.stringify(whole));
  }
  return run.runId;
}

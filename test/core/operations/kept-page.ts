import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import type { PageNote } from '../../../src/core/runs/saved-pages.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { addScheduledRun } from './add-run.ts';

/** A page to keep: its content, and what differs from the usual note. */
export interface KeptPage {
  body: string | Buffer;
  note?: Partial<PageNote>;
}

/** A run of the job `mine` that has kept these pages; it has ended by being skipped, so that nothing starts it. */
export function runWithPages(workspace: Workspace, pages: readonly KeptPage[], at = Date.now()): string {
  const runId = addScheduledRun({ workspace }, 'skipped', at);
  const { pages: folder } = runFiles(workspace.paths, 'mine', runId);
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
  return runId;
}

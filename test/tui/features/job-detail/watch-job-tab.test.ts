import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished } from 'vitest';
import { runFiles } from '../../../../src/core/runs/run-files.ts';
import type { Workspace } from '../../../../src/core/workspace.ts';
import type { AskingTab, TabAnswer } from '../../../../src/tui/features/job-detail/model.ts';
import { watchJobTab } from '../../../../src/tui/features/job-detail/watch-job-tab.ts';
import type { Event } from '../../../../src/tui/kernel/model.ts';
import type { EffectContext } from '../../../../src/tui/runtime/effect-context.ts';
import { it } from '../../../clocked-home.ts';
import { waitFor } from '../../../wait-for.ts';

/** Shows a tab of the job `books`, as the dashboard does; returns the last answer. */
function shown(workspace: Workspace, tab: AskingTab, about?: string) {
  let last: TabAnswer | undefined;
  let count = 0;
  const send = (event: Event) => {
    if (event.kind !== 'job_tab') return;
    last = event.answer;
    count += 1;
  };
  const stop = watchJobTab({ kind: 'job_tab', jobId: 'books', tab, about, version: '' }, {
    workspace,
    readOnly: true,
    send,
  } as EffectContext);
  onTestFinished(() => void stop());
  const text = () => JSON.stringify(last);
  return {
    stop,
    count: () => count,
    until: (words: string) => waitFor(`"${words}"`, () => text()?.includes(words) === true),
    text,
  };
}

it('shows the runs and the first items of a run, also with --read-only', async ({ home }) => {
  await home.job('books', '0 * * * *');
  home.begin();
  home.clock.advance(3_600_000);
  const [run] = home.workspace.runs.list({ jobId: 'books', limit: 1 }).runs;
  if (run === undefined) throw new TypeError('no run');
  const files = runFiles(home.workspace.paths, 'books', run.runId);
  mkdirSync(files.folder, { recursive: true });
  writeFileSync(files.items, '{"title":"Lantern"}\n{"title":"Attic"}\n');
  for (const tab of ['runs', 'charts'] as const)
    await shown(home.workspace, tab).until(`"run_id":"${run.runId}"`);
  await shown(home.workspace, 'items', run.runId).until('"title":"Attic"');
});

it('follows a log', async ({ home }) => {
  const files = runFiles(home.workspace.paths, 'books', 'r1');
  mkdirSync(files.folder, { recursive: true });
  writeFileSync(files.log, '2026-11-25T09:00:00.000Z INFO  first\n');
  const log = shown(home.workspace, 'log', 'r1');
  await log.until('first');
  appendFileSync(files.log, '2026-11-25T09:00:01.000Z ERROR second\n');
  await log.until('second');
  expect(log.text()).toContain('first');
});

it('follows a configuration, and says why it cannot be read', async ({ home }) => {
  const config = shown(home.workspace, 'config', 'shop');
  await config.until('config_not_found');
  await home.workspace.configs.write('shop', 'name: shop\nurl: http://127.0.0.1:9/\n');
  await config.until('http://127.0.0.1:9/');
});

it('has a sentence where there is nothing to read', async ({ home }) => {
  await shown(home.workspace, 'log').until('The job has not run yet.');
  await shown(home.workspace, 'items').until('The job has not run yet.');
  await shown(home.workspace, 'config').until('names no configuration');
});

it('sends nothing once the selection has moved on', async ({ home }) => {
  const moved = shown(home.workspace, 'log');
  await moved.stop();
  await shown(home.workspace, 'log').until('The job has not run yet.');
  expect(moved.count()).toBe(0);
});

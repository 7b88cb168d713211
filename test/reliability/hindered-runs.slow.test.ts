import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { expect } from 'vitest';
import { cancelRun } from '../../src/core/execution/cancel-run.ts';
import { requestRun, waitForRun } from '../../src/core/execution/request-run.ts';
import { runFiles } from '../../src/core/runs/run-files.ts';
import { it } from '../extend.ts';
import { gatedConfig, gatedSite } from '../gated-site.ts';
import { lacks } from '../platform.ts';
import { preload } from '../preload.ts';
import { scheduledHome } from '../scheduled-home.ts';
import { waitFor } from '../wait-for.ts';

const DAILY = { type: 'daily', time: '09:00', timezone: 'UTC' };

async function setting(job: Record<string, unknown> = {}) {
  const site = await gatedSite();
  const home = await scheduledHome(gatedConfig(site.url), { schedule: DAILY, max_retries: 0, ...job });
  return { site, home };
}

/** Environment in which the worker ends before it does anything, as where it cannot open the database. */
function withoutWorker(): Record<string, string> {
  const program = `import { basename } from 'node:path';
    if (basename(process.argv[1] ?? '') === 'worker.js') { console.error('no way in'); process.exit(7); }`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(program)}` };
}

it.skipIf(lacks('shell'))(
  'a run whose process cannot even begin fails after three starts, and says why',
  async () => {
    const { home } = await setting({ on_failure: 'false' });
    await home.startScheduler(withoutWorker());
    const { runId } = await requestRun(home.workspace, home.jobId);
    const run = await home.runThat(['failed'], runId);
    expect(run).toMatchObject({ attempt: 1, error: { kind: 'start_failed' } });
    expect(run.error?.message).toContain('exit code 7');
    const log = readFileSync(runFiles(home.workspace.paths, home.jobId, runId).log, 'utf8');
    expect(log.match(/no way in/g)?.length).toBeGreaterThanOrEqual(3);
  },
);

it('a run that cannot start without the journal of starts fails with the journal’s error', async () => {
  const { home } = await setting();
  const journal = join(home.workspace.paths.home, 'starts.log');
  rmSync(journal, { force: true });
  mkdirSync(journal);
  await home.startScheduler();
  const { runId } = await requestRun(home.workspace, home.jobId);
  const run = await home.runThat(['failed', 'succeeded'], runId);
  expect(run.error).toMatchObject({ kind: 'start_failed' });
  expect(run.error?.message).toMatch(
    new RegExp(`^the worker could not be started: cannot write ${journal}, .* \\(EISDIR\\)$`),
  );
});

it('a run whose folder is deleted under it ends all the same, with an outcome that is true', async () => {
  const { site, home } = await setting();
  site.hold();
  await home.startScheduler();
  const { runId } = await requestRun(home.workspace, home.jobId);
  await home.runThat(['running'], runId);
  await waitFor('the page to be asked for', () => site.hits() > 0);
  rmSync(runFiles(home.workspace.paths, home.jobId, runId).folder, { recursive: true });
  site.open();
  const run = await home.runThat(['succeeded', 'failed'], runId);
  // What it had collected lay there: nothing can be put out, and the message does not blame the output's path.
  expect(run).toMatchObject({ status: 'failed', outputPath: null, error: { kind: 'output' } });
  expect(run.error?.message).toMatch(/the items that the run had collected are gone.*folder deleted/);
});

it('a run whose configuration is deleted before it starts fails with config_not_found', async ({
  folder,
}) => {
  const { home } = await setting();
  await home.startScheduler(preload('hold', folder, 'before start'));
  const { runId } = await requestRun(home.workspace, home.jobId);
  await waitFor('its process', () => existsSync(join(folder, 'held')));
  rmSync(join(home.workspace.paths.configs, 'source.yaml'));
  writeFileSync(join(folder, 'go'), '');
  expect((await home.runThat(['failed', 'succeeded'], runId)).error?.kind).toBe('config_not_found');
});

it('a run whose job file is deleted under it keeps its outcome and has no retry', async () => {
  const { site, home } = await setting({ max_retries: 3, retry_delay: 1 });
  site.hold();
  site.answer(404);
  await home.startScheduler();
  const { runId } = await requestRun(home.workspace, home.jobId, { maxAttempts: 4 });
  await home.runThat(['running'], runId);
  await waitFor('the page to be asked for', () => site.hits() > 0);
  rmSync(join(home.workspace.paths.jobs, `${home.jobId}.json`));
  site.open();
  const run = await home.runThat(['failed'], runId);
  expect(run).toMatchObject({ attempt: 1, error: { kind: 'http' } });
});

it('a run keeps its outcome, also a cancelled one, when its job file cannot be updated', async () => {
  const { site, home } = await setting();
  const { workspace, jobId } = home;
  const lock = join(workspace.paths.locks, 'store.db');
  rmSync(lock);
  mkdirSync(lock);
  await expect(workspace.jobs.copyRuntime(jobId)).rejects.toMatchObject({ code: 'store_unavailable' });
  const first = await requestRun(workspace, jobId);
  expect(await waitForRun(workspace, first.runId)).toMatchObject({ status: 'succeeded' });
  site.hold();
  const second = await requestRun(workspace, jobId);
  await waitFor('the page to be asked for', () => site.hits() === 2);
  expect(await cancelRun(workspace, second.runId, 'library')).toMatchObject({ status: 'cancelled' });
});

it('a run that ends while the database is locked has its outcome and counts afterwards', async () => {
  const { site, home } = await setting();
  site.hold();
  const { runId } = await requestRun(home.workspace, home.jobId);
  await waitFor('the page to be asked for', () => site.hits() > 0);
  const other = new Libsql(home.workspace.paths.database);
  other.exec('PRAGMA busy_timeout = 5000');
  other.exec('BEGIN IMMEDIATE');
  site.open();
  const { log } = runFiles(home.workspace.paths, home.jobId, runId);
  // For longer than what is merely useful is tried.
  const gaveUp = () => readFileSync(log, 'utf8').match(/could not be written/g)?.length;
  await waitFor('it to have tried three times', () => (gaveUp() ?? 0) >= 3);
  other.exec('ROLLBACK');
  other.close();
  expect(await home.runThat(['succeeded'], runId)).toMatchObject({ items: 1, pages: 1 });
  expect(home.workspace.runs.attempts(runId)).toMatchObject([{ items: 1, pages: 1 }]);
});

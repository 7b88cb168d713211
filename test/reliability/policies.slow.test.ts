import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { reconcileRuns } from '../../src/core/execution/reconcile-runs.ts';
import { requestRun } from '../../src/core/execution/request-run.ts';
import { findWaitReason } from '../../src/core/runs/wait-reason.ts';
import { gatedConfig, gatedSite } from '../gated-site.ts';
import { lacks } from '../platform.ts';
import { quickscrape } from '../program.ts';
import { scheduledHome } from '../scheduled-home.ts';
import { sendSignal } from '../send-signal.ts';
import { waitFor } from '../wait-for.ts';

const DAILY = { type: 'daily', time: '09:00', timezone: 'UTC' };
const EVERY_SECOND = { type: 'custom', cron_expression: '* * * * * *', timezone: 'UTC' };

async function setting(job: Record<string, unknown>) {
  const site = await gatedSite();
  const home = await scheduledHome(gatedConfig(site.url), { max_retries: 0, ...job });
  const state = () => {
    const entry = home.workspace.jobs.get(home.jobId);
    if (entry?.kind !== 'valid') throw new Error('no job');
    return entry.state;
  };
  return { site, home, state };
}

it('no more than max_runs_per_host run on one host, and the one that waits says for whom', async () => {
  const { site, home } = await setting({ schedule: DAILY });
  const { workspace } = home;
  for (const id of ['second', 'third'])
    await workspace.jobs.create({ id, fields: { config_name: 'source', schedule: DAILY } }, 'library');
  await home.startScheduler();
  site.hold();
  const asked = await Promise.all([home.jobId, 'second', 'third'].map((id) => requestRun(workspace, id)));
  const now = () => asked.map(({ runId }) => workspace.runs.get(runId));
  await waitFor('two pages to be asked for', () => site.hits() === 2);
  const waiting = now().filter((run) => run?.status === 'queued');
  expect(waiting).toHaveLength(1);
  expect(new Set(now().map((run) => run?.host))).toEqual(new Set([new URL(site.url).host]));
  const [queued] = waiting;
  const limits = {
    now: workspace.clock.now(),
    slots: 4,
    perHost: workspace.settings.get('max_runs_per_host'),
  };
  const why = queued && findWaitReason(workspace.db, queued, limits);
  expect(why?.kind).toBe('host_busy');
  for (const run of now().filter((each) => each?.status === 'running'))
    expect(why?.text).toContain(run?.runId);
  site.open();
  await waitFor('all three', () => now().every((run) => run?.status === 'succeeded'));
});

it('a person’s run starts at once without a scheduler, however busy the host', async () => {
  const { site, home } = await setting({ schedule: DAILY, overlap: 'allow' });
  await home.workspace.settings.set('max_runs_per_host', 1);
  site.hold();
  await requestRun(home.workspace, home.jobId);
  await requestRun(home.workspace, home.jobId);
  await waitFor('both pages to be asked for', () => site.hits() === 2);
  site.open();
  await waitFor('both', () => home.runs().filter(({ status }) => status === 'succeeded').length === 2);
});

it('a job that fails pauses, its occurrences say so, and it goes on with job update --enable', async () => {
  const { site, home, state } = await setting({ schedule: EVERY_SECOND, pause_after_failures: 2 });
  site.answer(404);
  await home.startScheduler();
  const skipped = await waitFor('an occurrence that is skipped for the pause', () =>
    home.runs().find(({ status, reason }) => status === 'skipped' && reason?.startsWith('paused')),
  );
  expect(skipped.reason).toMatch(
    /^paused since \S+\+00:00 after 2 failures in a row; resume it with: quickscrape job update watched --enable$/,
  );
  expect(home.runs().filter(({ status }) => status === 'failed')).toHaveLength(2);
  const folder = home.workspace.paths.home;
  const list = await quickscrape(['job', 'list'], { home: folder });
  expect(list.stdout).toMatch(/watched .* paused /);
  const shown = await quickscrape(['job', 'show', 'watched'], { home: folder });
  expect(shown.stdout).toContain('quickscrape job update watched --enable');

  const next = await quickscrape(['job', 'next', 'watched'], { home: folder });
  expect(next.stderr).toContain('is paused after failures: it will not run by itself');

  // A run that is asked for works while it is paused; it fails as well, so the pause stays.
  const asked = await requestRun(home.workspace, home.jobId);
  await home.runThat(['failed'], asked.runId);
  expect(state()).toMatchObject({ failures: 3 });
  expect(state().pausedAt).not.toBeNull();

  site.answer(200);
  const enabled = await quickscrape(['job', 'update', 'watched', '--enable'], { home: folder });
  expect(enabled.stdout).toContain('is resumed');
  await home.runThat(['succeeded']);
  expect(state()).toMatchObject({ failures: 0, pausedAt: null });
});

it('a paused job resumes when a manual run succeeds', async () => {
  const { site, home, state } = await setting({ schedule: DAILY, pause_after_failures: 1 });
  site.answer(404);
  await home.runThat(['failed'], (await requestRun(home.workspace, home.jobId)).runId);
  expect(state().pausedAt).not.toBeNull();
  site.answer(200);
  await home.runThat(['succeeded'], (await requestRun(home.workspace, home.jobId)).runId);
  expect(state().pausedAt).toBeNull();
  expect(state().nextRun).not.toBeNull();
});

it.skipIf(lacks('shell'))(
  'on_recovery is called although the process that recovered was killed before it could',
  async () => {
    const { site, home } = await setting({
      schedule: DAILY,
      on_failure_mode: 'streak',
      on_failure: ['sh', '-c', 'echo failure >> calls.txt'],
      on_recovery: ['sh', '-c', 'echo recovery >> calls.txt'],
    });
    const { workspace } = home;
    const calls = () =>
      readFileSync(join(workspace.paths.home, 'calls.txt'), 'utf8').split('\n').slice(0, -1);
    const run = async (status: 'failed' | 'succeeded') => {
      const { runId } = await requestRun(workspace, home.jobId);
      await home.runThat([status], runId);
      await waitFor('its callback', () =>
        ['done', null].includes(workspace.runs.get(runId)?.callback ?? null),
      );
      return runId;
    };
    site.answer(404);
    await run('failed');
    await run('failed');
    site.answer(200);
    const recovered = await run('succeeded');
    expect(calls()).toEqual(['failure', 'recovery']);

    // As its process leaves it when it is killed between the outcome and the callback.
    workspace.db.run(
      `UPDATE runs SET callback = 'due', finished_at = 1, pid_start = 'gone' WHERE run_id = ?`,
      [recovered],
    );
    reconcileRuns(workspace);
    await waitFor(
      'the callback by another process',
      () => workspace.runs.get(recovered)?.callback === 'done',
    );
    expect(calls()).toEqual(['failure', 'recovery', 'recovery']);
    await run('succeeded');
    expect(calls()).toHaveLength(3);
  },
);

it.skipIf(lacks('shell'))(
  'on_failure is called for a run that was killed while a command waited for it without a scheduler',
  async () => {
    const { site, home } = await setting({
      schedule: DAILY,
      on_failure: ['sh', '-c', 'echo failure >> calls.txt'],
    });
    const { workspace, jobId } = home;
    site.hold();
    const waiting = quickscrape(['job', 'run', jobId], { home: workspace.paths.home });
    const run = await home.runThat(['running']);
    await waitFor('the page to be asked for', () => site.hits() > 0);
    sendSignal(run.process, 'SIGKILL');
    expect(await waiting).toMatchObject({ code: 1, stdout: expect.stringContaining('abandoned') });
    await waitFor('its callback', () => workspace.runs.get(run.runId)?.callback === 'done');
    expect(readFileSync(join(workspace.paths.home, 'calls.txt'), 'utf8')).toBe('failure\n');
  },
);

it('occurrences that a killed scheduler missed say since when it was off', async () => {
  const { home } = await setting({ schedule: EVERY_SECOND, catch_up: 'none' });
  const { workspace, jobId } = home;
  const first = await home.startScheduler();
  await home.runThat(['succeeded']);
  await first.kill();
  const killed = workspace.clock.now();
  // As if that had been a minute ago.
  workspace.db.run(`UPDATE facts SET value = ? WHERE name = 'scheduler_seen_at'`, [String(killed - 60_000)]);
  workspace.db.run('DELETE FROM runs');
  // The folders of its runs must not be newer than all that the database holds: it would count as an old copy.
  workspace.db.run('UPDATE job_state SET watermark = ?, last_run = ? WHERE job_id = ?', [
    killed - 45_000,
    workspace.clock.now(),
    jobId,
  ]);
  await home.startScheduler();
  const missed = await home.runThat(['missed']);
  const from = new Date(killed - 60_000).toISOString().replace('Z', '+00:00');
  expect(missed.reason).toContain(`the scheduler was off from ${from} to `);
  expect(missed.reason).toMatch(/; missed occurrences are not run \(catch_up: none\)$/);
});

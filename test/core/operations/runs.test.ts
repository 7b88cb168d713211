import { mkdirSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { addScheduledRun } from './add-run.ts';
import { DAILY, it, openHome, refusal } from './open-home.ts';

async function withRuns() {
  const home = await openHome();
  await home.call('create_job', { job_id: 'mine', config_name: 'books', schedule: DAILY });
  return home;
}

const DAY = 86_400_000;
const START = Date.UTC(2026, 5, 1, 7);

it('lists runs newest first, by status, since an instant, page by page', async () => {
  const home = await withRuns();
  const ids = Array.from({ length: 5 }, (_, day) =>
    addScheduledRun(home, day === 2 ? 'missed' : 'skipped', START + day * DAY),
  );
  const all = await home.call('list_runs', {});
  expect(all.runs.map((run) => run.run_id)).toEqual(ids.toReversed());
  expect(all.runs[0]?.scheduled_for).toBe('2026-06-05T09:00:00.000+02:00');
  const missed = await home.call('list_runs', { status: 'missed' });
  expect(missed.runs.map((run) => run.run_id)).toEqual([ids[2]]);
  const since = await home.call('list_runs', { since: '2026-06-04T09:00:00+02:00' });
  expect(since.runs.map((run) => run.run_id)).toEqual([ids[4], ids[3]]);
  const first = await home.call('list_runs', { limit: 3 });
  const second = await home.call('list_runs', { limit: 3, cursor: first.next_cursor });
  expect([...first.runs, ...second.runs].map((run) => run.run_id)).toEqual(ids.toReversed());
  expect(second.next_cursor).toBeUndefined();
  await home.call('create_job', { job_id: 'new', config_name: 'books', schedule: DAILY });
  expect(await home.call('list_runs', { job_id: 'new' })).toMatchObject({ runs: [], total: 0 });
});

it.for(['yesterday', '2026-02-30', '2026-06-04T09:00:00', '12'])(
  'refuses since: %j',
  async (since, { call }) => {
    expect(await refusal(call('list_runs', { since }))).toMatchObject({
      code: 'invalid_params',
      field: 'since',
    });
  },
);

it('shows a run with the end of its log and its first items', async () => {
  const home = await withRuns();
  const runId = addScheduledRun(home, 'skipped', START);
  const files = runFiles(home.workspace.paths, 'mine', runId);
  mkdirSync(files.folder, { recursive: true });
  writeFileSync(files.log, Array.from({ length: 40 }, (_, n) => `line ${n}\n`).join(''));
  writeFileSync(files.items, '{"title":"a"}\n{"title":"b"}\n{"title":"c"}\n{"title":"d"}\n');
  const shown = await home.call('get_run', { run_id: runId, log_lines: 2 });
  expect(shown).toMatchObject({
    run: { run_id: runId, status: 'skipped', reason: 'as the test wants it', duration_ms: null },
    attempts: [],
    log_tail: ['line 38', 'line 39'],
    sample: [{ title: 'a' }, { title: 'b' }, { title: 'c' }],
  });
  const bare = await home.call('get_run', { run_id: runId, log_lines: 0, sample_items: 0 });
  expect(bare).toMatchObject({ log_tail: [], sample: [] });
});

it('cancels a queued run at once, and answers it as it is afterwards', async () => {
  const home = await withRuns();
  const runId = addScheduledRun(home, 'queued', START);
  expect((await home.call('cancel_run', { run_id: runId })).run).toMatchObject({ status: 'cancelled' });
  expect((await home.call('cancel_run', { run_id: runId })).run).toMatchObject({ status: 'cancelled' });
});

it('refuses to run a job, or to retry a run, while a run is not over', async () => {
  const home = await withRuns();
  const runId = addScheduledRun(home, 'queued', START);
  home.workspace.db.run(`UPDATE runs SET status = 'waiting_retry' WHERE run_id = ?`, [runId]);
  const running = await refusal(home.call('run_job', { job_id: 'mine' }));
  expect(running.code).toBe('conflict');
  expect(running.message).toContain(runId);
  expect(await refusal(home.call('retry_run', { run_id: runId }))).toMatchObject({ code: 'conflict' });
});

it('says run_not_found for a run that does not exist, in every operation on runs', async ({ call }) => {
  for (const refused of [
    call('get_run', { run_id: 'nope' }),
    call('cancel_run', { run_id: 'nope' }),
    call('retry_run', { run_id: 'nope' }),
  ]) {
    expect(await refusal(refused)).toMatchObject({ code: 'run_not_found', field: 'run_id' });
  }
});

it.for([
  ['get_run', { run_id: 'x', log_lines: 201 }, 'log_lines', 'at most 200'],
  ['run_job', { job_id: 'x', wait_seconds: 51 }, 'wait_seconds', 'at most 50'],
  ['list_runs', { limit: 0 }, 'limit', 'at least 1'],
  ['list_runs', { status: 'gone' }, 'status', 'queued, running'],
  ['get_run', {}, 'run_id', 'missing'],
] as const)('%s refuses %j', async ([name, params, field, said], { call }) => {
  const error = await refusal(call(name, params as never));
  expect(error).toMatchObject({ code: 'invalid_params', field, issues: [{ path: field }] });
  expect(error.message).toContain(said);
});

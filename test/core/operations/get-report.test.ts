import { mkdirSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { type PutRun, putRun } from '../../tui/runtime/home/put-run.ts';
import { DAILY, it, refusal } from './open-home.ts';

const HOUR = 3_600_000;

async function addJob({ jobs }: Workspace, id: string, fields: Record<string, unknown> = {}): Promise<void> {
  await jobs.create({ id, fields: { config_name: 'books', schedule: DAILY, ...fields } }, 'library');
}

/** A run with its items in a file. */
function putItems(workspace: Workspace, job: string, run: PutRun, items: object[]): string {
  const runId = putRun(workspace, job, { ...run, items: items.length });
  const files = runFiles(workspace.paths, job, runId);
  mkdirSync(files.folder, { recursive: true });
  writeFileSync(files.items, items.map((item) => `${JSON.stringify(item)}\n`).join(''));
  return runId;
}

function putChanges({ db }: Workspace, runId: string, changes: object): void {
  db.run('UPDATE runs SET changes = ? WHERE run_id = ?', [JSON.stringify(changes), runId]);
}

function fail({ db }: Workspace, runId: string, message: string, failures: number): void {
  db.run(`UPDATE runs SET config_name = 'books', error_kind = 'http', error_message = ? WHERE run_id = ?`, [
    message,
    runId,
  ]);
  db.run(`UPDATE job_state SET failures = ? WHERE job_id = (SELECT job_id FROM runs WHERE run_id = ?)`, [
    failures,
    runId,
  ]);
}

it('says how the home is: the worst job first, with its cause, its figures and what is next', async ({
  workspace,
  call,
}) => {
  for (const id of ['good', 'bad', 'new']) await addJob(workspace, id, { description: `About ${id}` });
  putRun(workspace, 'good', { ago: 30 * HOUR, items: 20, tookMs: 1_000 });
  putRun(workspace, 'good', { ago: 5 * HOUR, items: 24, tookMs: 3_000 });
  putRun(workspace, 'bad', { ago: 50 * HOUR, items: 9 });
  putRun(workspace, 'bad', { ago: 26 * HOUR, status: 'failed' });
  const last = putRun(workspace, 'bad', { ago: 2 * HOUR, status: 'failed' });
  fail(workspace, last, 'HTTP 403 from http://127.0.0.1:9/', 2);
  const missed = putRun(workspace, 'good', { ago: 3 * HOUR, status: 'missed' });
  workspace.db.run(
    `UPDATE runs SET started_at = NULL, reason = 'no scheduler was running' WHERE run_id = ?`,
    [missed],
  );

  const report = await call('get_report', { days: 7 });
  expect(report).toMatchObject({
    ...{ level: 'bad', headline: '1 of 3 jobs fails', days: 7, steps: 28, step_s: 21_600 },
    notes: [
      'No scheduler is running, so no job starts by itself.',
      '1 scheduled run was missed.',
      '1 job has not run yet.',
    ],
    totals: { jobs: 3, succeeded: 3, failed: 2, missed: 1, items: 53, success_rate: 0.6, changed_jobs: 0 },
    failures: [
      {
        ...{ job_id: 'bad', run_id: last, status: 'failed', failures_in_a_row: 2, paused: false },
        ...{ cause: 'http', error: { kind: 'http', message: 'HTTP 403 from http://127.0.0.1:9/' } },
        explanation: expect.arrayContaining([expect.stringMatching(/^The site refuses access .*HTTP 403/)]),
      },
    ],
    failures_total: 1,
    unstarted: [{ job_id: 'good', status: 'missed', count: 1, reason: 'no scheduler was running' }],
    unstarted_total: 1,
    changes: [],
  });
  expect(report.jobs.map(({ job_id, condition, success_rate }) => [job_id, condition, success_rate])).toEqual(
    [
      ['bad', 'failing', 1 / 3],
      ['good', 'well', 1],
      ['new', 'new', null],
    ],
  );
  const at = (instant: string | null) => Date.parse(instant ?? '');
  expect(at(report.since)).toBeCloseTo(workspace.clock.now() - 26 * HOUR, -5);
  expect(report.jobs[0]?.failing_since).not.toBeNull();
  expect(at(report.failures[0]?.last_success ?? null)).toBeCloseTo(workspace.clock.now() - 50 * HOUR, -5);
  expect(report.jobs[1]).toMatchObject({
    ...{ description: 'About good', last: { items: 24, duration_ms: 3_000, status: 'succeeded' } },
    steps: [
      { step: 22, items: 20 },
      { step: 27, items: 24 },
    ].map((one) => expect.objectContaining(one)),
  });
  expect(report.upcoming.map(({ job_id }) => job_id).sort()).toEqual(['bad', 'good', 'new']);
});

it('shows the first differences of the newest changes, with old and new values', async ({
  workspace,
  call,
}) => {
  await addJob(workspace, 'shop');
  const [first, second] = [
    [
      { id: 'a', price: '£2', url: 'https://shop.example/a' },
      { id: 'b', price: '£3', url: 'https://shop.example/b' },
    ],
    [
      { id: 'a', price: '£1', url: 'https://shop.example/a' },
      { id: 'c', price: '£9', url: 'https://shop.example/c' },
    ],
  ] as const;
  const before = putItems(workspace, 'shop', { ago: 2 * HOUR }, [...first]);
  const after = putItems(workspace, 'shop', { ago: HOUR }, [...second]);
  const counts = { added: 1, removed: 1, changed: 1 };
  putChanges(workspace, after, { with_run_id: before, key: 'id', ...counts, unchanged: 0 });
  const { changes, totals } = await call('get_report', {});
  expect(totals.changed_jobs).toBe(1);
  expect(changes).toEqual([
    expect.objectContaining({
      ...{ job_id: 'shop', run_id: after, with_run_id: before, runs: 1, ...counts },
      rows: [
        {
          ...{ kind: 'changed', name: 'a', link: 'https://shop.example/a' },
          values: [{ field: 'price', before: '£2', after: '£1' }],
        },
        expect.objectContaining({ kind: 'added', name: 'c' }),
        expect.objectContaining({ kind: 'removed', name: 'b' }),
      ],
    }),
  ]);
});

it('says which fields a job no longer finds, though its runs succeed', async ({ workspace, call }) => {
  await addJob(workspace, 'shop');
  const runId = putItems(workspace, 'shop', { ago: HOUR }, [{ title: 'a' }]);
  const finding = (stopped: boolean) => ({ selector: 'b', matched: 0, filled: 0, usual: 9, stopped });
  writeFileSync(
    runFiles(workspace.paths, 'shop', runId).selectors,
    JSON.stringify({ pages: 1, items: 1, selectors: { title: finding(false), price: finding(true) } }),
  );
  const { jobs, level, headline } = await call('get_report', {});
  expect(jobs).toMatchObject([{ condition: 'incomplete', lost: ['price'] }]);
  expect([level, headline]).toEqual(['warning', 'The job lacks values']);
});

it('keeps the counts of changes whose items are no longer there', async ({ workspace, call }) => {
  await addJob(workspace, 'shop');
  const runId = putRun(workspace, 'shop', { ago: HOUR });
  putChanges(workspace, runId, {
    with_run_id: 'gone',
    key: null,
    added: 4,
    removed: 0,
    changed: 0,
    unchanged: 1,
  });
  expect((await call('get_report', {})).changes).toMatchObject([{ added: 4, rows: [] }]);
});

it('holds no value of a secret, whoever asks, and no control character', async ({ workspace, call }) => {
  const secret = 'S3cr3t-4711-value';
  writeFileSync(workspace.paths.secrets, `KEY=${secret}\n`, { mode: 0o600 });
  await addJob(workspace, 'shop', { description: `with ${secret}` });
  const items = (price: string) => [{ id: `\u202e${secret}`, [`${secret}\u001b[31m`]: `${price} ${secret}` }];
  const before = putItems(workspace, 'shop', { ago: 3 * HOUR }, items('1'));
  const after = putItems(workspace, 'shop', { ago: 2 * HOUR }, items('2'));
  putChanges(workspace, after, {
    with_run_id: before,
    key: 'id',
    added: 0,
    removed: 0,
    changed: 1,
    unchanged: 0,
  });
  const failed = putRun(workspace, 'shop', { ago: HOUR, status: 'failed' });
  fail(workspace, failed, `HTTP 403 for ${secret}\u0007`, 1);
  const missed = putRun(workspace, 'shop', { ago: HOUR / 2, status: 'missed' });
  workspace.db.run('UPDATE runs SET reason = ? WHERE run_id = ?', [`because of ${secret}`, missed]);
  const report = await call('get_report', {});
  expect(report.changes[0]?.rows).not.toEqual([]);
  expect(report.failures).toHaveLength(1);
  const said = JSON.stringify(report);
  expect(said).toContain('${KEY}');
  expect(said).not.toContain(secret);
  expect(said).not.toMatch(/\\u001b|\\u0007|\u202e/);
});

it('reports chosen jobs only, and refuses one that does not exist with the closest ids', async ({
  workspace,
  call,
}) => {
  for (const id of ['prices', 'news']) await addJob(workspace, id);
  putRun(workspace, 'news', { items: 5, ago: HOUR });
  putRun(workspace, 'prices', { items: 7, ago: HOUR });
  const report = await call('get_report', { job_ids: ['news', 'news'] });
  expect(report.jobs.map(({ job_id }) => job_id)).toEqual(['news']);
  expect(report.totals).toMatchObject({ jobs: 1, items: 5 });
  expect(await refusal(call('get_report', { job_ids: ['news', 'pricse'] }))).toMatchObject({
    code: 'job_not_found',
    hint: expect.stringContaining('prices'),
  });
});

it('says of a home without jobs, and of files that cannot be used, what they are', async ({
  workspace,
  call,
}) => {
  expect(await call('get_report', {})).toMatchObject({
    ...{
      level: 'warning',
      headline: 'There are no jobs yet',
      jobs: [],
      by_step: [],
      upcoming: [],
      failures: [],
    },
    totals: { jobs: 0, success_rate: null },
  });
  writeFileSync(`${workspace.paths.jobs}/odd.json`, '{');
  const { headline, jobs } = await call('get_report', {});
  expect(headline).toBe('1 job file cannot be used');
  expect(jobs).toMatchObject([{ job_id: 'odd', condition: 'invalid', config_name: null, last: null }]);
  expect(jobs[0]?.error).toMatch(/^jobs\/odd\.json/);
});

it.for([0, 367, 1.5])('refuses %d days', async (days, { call }) => {
  expect(await refusal(call('get_report', { days }))).toMatchObject({
    code: 'invalid_params',
    field: 'days',
  });
});

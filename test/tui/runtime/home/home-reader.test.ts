import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { findJobRow, type HomeData } from '../../../../src/tui/home/home-data.ts';
import { HomeReader, type TouchedEntities } from '../../../../src/tui/runtime/home/home-reader.ts';
import { clockedHome } from '../../../clocked-home.ts';
import { putRun } from './put-run.ts';

const HOUR = 3_600_000;

const touched = (change: Partial<Record<keyof TouchedEntities, string[]>>): TouchedEntities => ({
  jobs: new Set(change.jobs),
  runsOf: new Set(change.runsOf),
  configs: new Set(change.configs),
});

const states = ({ jobs }: HomeData) => Object.fromEntries(jobs.map(({ id, state }) => [id, state]));

async function home() {
  const opened = clockedHome('2026-11-25T12:00:00Z');
  const { workspace } = opened;
  await workspace.configs.write('shop', 'urls:\n  - https://a.example/\n  - https://b.example/\n');
  return { ...opened, reader: new HomeReader(workspace) };
}

it('knows every job’s row, also of an unusable file', async () => {
  const { job, workspace, reader } = await home();
  await job('books', '30 12 * * *', { config_name: 'shop', tags: ['Price'], description: 'All books' });
  for (const [items, ago] of [
    [10, 3],
    [0, 2],
    [12, 1],
  ] as const)
    putRun(workspace, 'books', { items, ago: ago * HOUR, tookMs: 5_000 });
  putRun(workspace, 'books', { status: 'skipped' });
  writeFileSync(join(workspace.paths.jobs, 'broken.json'), '{\n  "id": ');
  const { data } = reader.readAll();
  expect(data.jobs.map(({ id }) => id)).toEqual(['books', 'broken']);
  expect(findJobRow(data.jobs, 'books')).toMatchObject({
    ...{ configName: 'shop', description: 'All books', tags: ['Price'], hosts: ['a.example', 'b.example'] },
    ...{ state: 'ok', enabled: true, nextRun: Date.parse('2026-11-25T12:30:00Z'), updatedBy: 'library' },
    last: {
      status: 'succeeded',
      items: 12,
      durationMs: 5_000,
      finishedAt: workspace.clock.now() - HOUR + 5_000,
    },
    ...{ itemsBefore: 10, itemChange: 2, haystack: 'books\nshop\nall books\nprice', error: null },
  });
  expect(findJobRow(data.jobs, 'books')?.history.map(({ status, items }) => [status, items])).toEqual([
    ['succeeded', 10],
    ['succeeded', 0],
    ['succeeded', 12],
    ['skipped', 0],
  ]);
  expect(findJobRow(data.jobs, 'broken')).toMatchObject({
    state: 'invalid',
    configName: null,
    nextRun: null,
  });
  expect(findJobRow(data.jobs, 'broken')?.error).toContain('broken.json:2');
  expect(data.scheduler).toMatchObject({ state: 'off', pid: null, slotsUsed: 0, queued: 0 });
});

it('calls each state by its word', async () => {
  const { job, workspace, reader } = await home();
  const runsBy = {
    ...{ ok: 'succeeded', slow: 'timed_out', off: 'succeeded', called: 'cancelled', fresh: undefined },
    ...{ waits: 'queued', again: 'waiting_retry', now: 'running' },
  };
  for (const [id, status] of Object.entries(runsBy)) {
    await job(id, '0 9 * * *', { enabled: id !== 'off', pause_after_failures: 2 });
    if (status !== undefined) putRun(workspace, id, { status });
  }
  await job('tired', '0 9 * * *', { pause_after_failures: 2 });
  workspace.db.run(`UPDATE job_state SET paused_at = 1, paused_after = 2 WHERE job_id = 'tired'`);
  expect(states(reader.readAll().data)).toEqual({
    ...{ ok: 'ok', slow: 'failed', off: 'disabled', called: 'cancelled', fresh: 'new' },
    ...{ waits: 'queued', again: 'retrying', now: 'running', tired: 'paused' },
  });
});

it('finds the last result of a job whose last twenty occurrences were all skipped', async () => {
  const { job, workspace, reader } = await home();
  await job('long', '* * * * *');
  const runId = putRun(workspace, 'long', { status: 'failed', ago: HOUR });
  workspace.db.run('UPDATE job_state SET last_run_id = ?', [runId]);
  for (let ago = 25; ago > 0; ago -= 1) putRun(workspace, 'long', { status: 'skipped', ago });
  const row = findJobRow(reader.readAll().data.jobs, 'long');
  expect(row).toMatchObject({ state: 'failed', last: { runId, status: 'failed' } });
  expect(row?.history).toHaveLength(20);
});

it('reads only changed rows again; every other row stays the same object', async () => {
  const { job, workspace, reader } = await home();
  for (const id of ['a', 'b', 'c']) await job(id, '0 9 * * *', { config_name: 'shop' });
  const first = reader.readAll().data;
  expect(reader.readTouched(touched({})).data).toBe(first);
  expect(reader.readAll().data).toBe(first);
  await workspace.jobs.update('b', { tags: ['new'] }, { by: 'mcp' });
  const { data, changed, activity } = reader.readTouched(touched({ jobs: ['b'] }));
  expect(changed).toEqual(['b']);
  expect(data.jobs.map((row, index) => row === first.jobs[index])).toEqual([true, false, true]);
  expect(activity).toMatchObject([{ jobId: 'b', by: 'mcp', text: 'edited: tags' }]);
});

it('a file whose name is no job id is a row, also when it comes or is edited later', async () => {
  const { workspace, reader } = await home();
  reader.readAll();
  const file = join(workspace.paths.jobs, 'Prices 日本.json');
  for (const text of ['{', '{}']) {
    writeFileSync(file, text);
    const { data } = reader.readTouched(touched({ jobs: ['Prices 日本'] }));
    expect(states(data)).toEqual({ 'Prices 日本': 'invalid' });
    expect(data.jobs[0]?.error).toContain('not a valid job id');
  }
  rmSync(file);
  expect(reader.readTouched(touched({ jobs: ['Prices 日本'] })).data.jobs).toEqual([]);
});

it('reports who created, disabled, edited by hand and deleted a job', async () => {
  const { job, workspace, reader } = await home();
  await job('old', '0 9 * * *');
  reader.readAll();
  await workspace.jobs.create(
    { id: 'made', fields: { config_name: 'shop', schedule: { type: 'hourly', minute: 5 } } },
    'rpc',
  );
  await workspace.jobs.update('old', { enabled: false }, { by: 'tui' });
  const told = (ids: string[]) =>
    reader.readTouched(touched({ jobs: ids })).activity.map(({ jobId, by, text }) => [jobId, by, text]);
  expect(told(['made', 'old'])).toEqual([
    ['made', 'rpc', 'created'],
    ['old', 'tui', 'disabled'],
  ]);
  const file = join(workspace.paths.jobs, 'old.json');
  writeFileSync(file, JSON.stringify({ config_name: 'shop', schedule: { type: 'hourly', minute: 7 } }));
  expect(told(['old'])).toEqual([['old', 'hand', expect.stringContaining('schedule')]]);
  writeFileSync(file, '{');
  expect(told(['old'])).toEqual([['old', 'hand', expect.stringContaining('can no longer be used')]]);
  rmSync(file);
  expect(told(['old'])).toEqual([['old', 'hand', 'deleted']]);
  await workspace.jobs.delete('made', { by: 'mcp' });
  expect(told(['made'])).toEqual([['made', 'mcp', 'deleted']]);
});

it('reports runs once, with who requested them', async () => {
  const { job, workspace, reader } = await home();
  await job('a', '0 9 * * *');
  putRun(workspace, 'a', { ago: HOUR });
  reader.readAll();
  const runId = putRun(workspace, 'a', { status: 'running', by: 'mcp' });
  const look = () => reader.readTouched(touched({ runsOf: ['a'] }));
  const begun = look();
  expect(begun.activity).toMatchObject([{ runId, by: 'mcp', text: 'started', tone: 'plain' }]);
  expect(begun.data.runs).toMatchObject([{ runId, status: 'running', jobId: 'a' }]);
  expect(begun.data.scheduler.slotsUsed).toBe(1);
  expect(look().activity).toEqual([]);
  workspace.db.run(
    `UPDATE runs SET status = 'failed', error_kind = 'http', finished_at = 1 WHERE run_id = ?`,
    [runId],
  );
  expect(look().activity).toMatchObject([
    { runId, text: 'failed: the site answers with an error', tone: 'bad' },
  ]);
});

it('follows the counts of an active run without reading its job again', async () => {
  const { job, workspace, reader } = await home();
  await job('a', '0 9 * * *');
  const runId = putRun(workspace, 'a', { status: 'running' });
  reader.readAll();
  workspace.db.run('UPDATE runs SET items = 7, pages = 2, total_pages = 8 WHERE run_id = ?', [runId]);
  const { data, changed, activity } = reader.readTouched(touched({}));
  expect(data.runs).toMatchObject([{ items: 7, pages: 2, totalPages: 8, progress: 0.25 }]);
  expect(findJobRow(data.jobs, 'a')?.active).toMatchObject([{ items: 7, progress: 0.25 }]);
  expect([changed, activity]).toEqual([['a'], []]);
});

it('gives the jobs of a configuration its new hosts', async () => {
  const { job, workspace, reader } = await home();
  await job('a', '0 9 * * *', { config_name: 'shop' });
  await job('b', '0 9 * * *');
  reader.readAll();
  await workspace.configs.write('shop', 'url: https://c.example/\n');
  const { data, changed } = reader.readTouched(touched({ configs: ['shop'] }));
  expect(changed).toEqual(['a']);
  expect(findJobRow(data.jobs, 'a')?.hosts).toEqual(['c.example']);
});

it('knows the jobs whose occurrence has passed, and their next one when they are read again', async () => {
  const { job, clock, reader } = await home();
  await job('soon', '30 12 * * *');
  await job('later', '0 18 * * *');
  reader.readAll();
  clock.advance(HOUR);
  expect(reader.outdatedBy(clock.now())).toEqual(['soon']);
  const { data } = reader.readTouched(touched({ jobs: ['soon'] }));
  expect(findJobRow(data.jobs, 'soon')?.nextRun).toBe(Date.parse('2026-11-26T12:30:00Z'));
});

it('looks at no job in a second in which none is due', async () => {
  const { job, clock, reader } = await home();
  await job('later', '0 18 * * *');
  const { jobs } = reader.readAll().data;
  reader.outdatedBy(clock.now());
  let looks = 0;
  const nextRun = jobs[0]?.nextRun;
  Object.defineProperty(jobs[0], 'nextRun', {
    get: () => {
      looks += 1;
      return nextRun;
    },
  });
  expect([reader.outdatedBy(clock.now()), looks]).toEqual([[], 0]);
  clock.advance(7 * HOUR);
  expect(reader.outdatedBy(clock.now())).toEqual(['later']);
});

it('knows that the next occurrences are others after the clock has gone back', async () => {
  const { job, clock, reader } = await home();
  await job('daily', '30 12 * * *');
  clock.step(1000 * 24 * HOUR);
  reader.outdatedBy(clock.now());
  reader.readAll();
  clock.step(-1000 * 24 * HOUR);
  const jobs = reader.outdatedBy(clock.now());
  expect(jobs).toEqual(['daily']);
  const { data } = reader.readTouched(touched({ jobs }));
  expect(findJobRow(data.jobs, 'daily')?.nextRun).toBe(Date.parse('2026-11-25T12:30:00Z'));
  clock.step(-500);
  expect(reader.outdatedBy(clock.now())).toEqual([]);
});

it('shows thousands of jobs before their histories are read, and reports no old run as new', async () => {
  const { jobFiles, workspace, reader } = await home();
  const ids = Array.from({ length: 1_200 }, (_, index) => `job-${String(index).padStart(4, '0')}`);
  jobFiles(ids, '0 9 * * *');
  workspace.jobs.list();
  putRun(workspace, 'job-0003', { status: 'failed', items: 1 });
  workspace.db.run(`UPDATE job_state SET status = 'failed' WHERE job_id = 'job-0003'`);
  const first = reader.readAll().data;
  expect(first.jobs).toHaveLength(1_200);
  expect(findJobRow(first.jobs, 'job-0003')).toMatchObject({
    state: 'failed',
    last: null,
    isHistoryKnown: false,
  });
  expect(reader.readTouched(touched({ runsOf: ['job-0003'] })).activity).toEqual([]);
  for (let round = 0; reader.isBehind; round += 1) {
    expect(reader.readMore().activity).toEqual([]);
    expect(round).toBeLessThan(5);
  }
  const { data } = reader.readTouched(touched({}));
  expect(data.jobs.every(({ isHistoryKnown }) => isHistoryKnown)).toBe(true);
  expect(findJobRow(data.jobs, 'job-0003')).toMatchObject({ last: { status: 'failed', items: 1 } });
});

it('shows runs as they are without reading again all that wait', async () => {
  const { job, workspace, reader } = await home();
  for (const id of ['a', 'b', 'c']) await job(id, '0 9 * * *', { config_name: 'shop' });
  const ids = ['a', 'b', 'b', 'c'].map((id) => putRun(workspace, id, { status: 'queued' }));
  reader.readAll();
  const readsAll = vi.spyOn(workspace.runs, 'active');
  const steps: [string, string, string?][] = [
    ['running', 'a', 'a'],
    ['waiting_retry', 'a'],
    ['running', 'b', 'b'],
    ['succeeded', 'b'],
    ['cancelled', 'c', 'c'],
  ];
  for (const [status, jobId, touches] of steps) {
    const over = status === 'succeeded' || status === 'cancelled' ? workspace.clock.now() : null;
    workspace.db.run('UPDATE runs SET status = ?, finished_at = ? WHERE run_id = ?', [
      status,
      over,
      ids[['a', 'b', '', 'c'].indexOf(jobId)] ?? '',
    ]);
    const { data } = reader.readTouched(touched({ runsOf: touches === undefined ? [] : [touches] }));
    expect(readsAll).not.toHaveBeenCalled();
    const { data: fresh } = new HomeReader(workspace).readAll();
    readsAll.mockClear();
    const shown = ({ jobs, runs, scheduler }: HomeData) => ({
      jobs: jobs.map(({ id, state, active }) => ({ id, state, active })),
      runs,
      scheduler,
    });
    expect(shown(data)).toEqual(shown(fresh));
  }
});

import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWorkspace } from '../../src/core/workspace.ts';
import { gatedConfig, gatedSite } from '../gated-site.ts';
import { lacks } from '../platform.ts';
import { startProgram } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';
import { waitFor } from '../wait-for.ts';
import { type Home, shopHome } from './shop-home.ts';

async function gatedHome() {
  const site = await gatedSite();
  const home = shopHome({ page: gatedConfig(site.url) });
  await home.json('job', 'create', '--config', 'page', '--cron', '@yearly', '--id', 'mine');
  return { site, ...home };
}

async function lastRun({ json }: Home): Promise<{ run_id: string; status: string; output_path: string }> {
  const { runs } = await json('job', 'history', 'mine', '--limit', '1');
  const [last] = runs as { run_id: string; status: string; output_path: string }[];
  if (last === undefined) throw new Error('there is no run');
  return last;
}

it('runs a job and waits, then shows its result, its output, its log and its items', async () => {
  const home = await gatedHome();
  const ran = await home.program('job', 'run', 'mine');
  expect(ran.code).toBe(0);
  expect(ran.stdout).toMatch(
    /status +succeeded\nfound +1 item on 1 page \(\d+ B\) in .*\noutput +\/.*page_\w+\.csv\n/,
  );
  const { run_id: runId, output_path: file } = await lastRun(home);
  expect(readFileSync(file, 'utf8')).toBe('name\nonly row\n');
  const items = await home.json('job', 'items', runId.slice(0, 5));
  expect(items).toEqual({ run_id: runId, items: [{ name: 'only row' }], total: 1, all: 1, fields: ['name'] });
  expect((await home.program('job', 'items', runId)).stdout).toBe('name\nonly row\n');
  expect((await home.program('job', 'logs', 'mine')).stdout).toContain(`run ${runId} of job mine`);
  expect(await home.json('job', 'logs', 'mine', '--run', runId, '--lines', '1')).toEqual({
    run_id: runId,
    lines: [expect.stringContaining('succeeded')],
  });
  expect((await home.program('job', 'history', 'mine')).stdout).toMatch(
    new RegExp(`${runId} +succeeded +manual`),
  );
});

it('exits 1 when the run failed, with the end of its log and where to read on', async () => {
  const home = await gatedHome();
  home.site.answer(404);
  const ran = await home.program('job', 'run', 'mine');
  expect(ran.code).toBe(1);
  expect(ran.stdout).toMatch(/error +the site answers with an error: .*404/);
  expect(ran.stderr).toMatch(/error: run \w+ failed\n(.*\n)+hint: quickscrape job logs mine --run/);
  const [, why = ''] = /^error +the site answers with an error: (.+)$/m.exec(ran.stdout) ?? [];
  expect(why.length).toBeGreaterThan(10);
  // Once is enough: the log says it of the attempt and of the run.
  expect(`${ran.stdout}${ran.stderr}`.split(why)).toHaveLength(2);
  expect(JSON.parse((await home.qs('job', 'run', 'mine', '--json')).stdout)).toMatchObject({
    run: { status: 'failed' },
  });
});

it('retries an earlier run as a new one', async () => {
  const home = await gatedHome();
  home.site.answer(404);
  await home.qs('job', 'run', 'mine');
  const { run_id: failed } = await lastRun(home);
  home.site.answer(200);
  const again = await home.json('job', 'retry', failed);
  expect(again['run']).toMatchObject({ status: 'succeeded', trigger: 'retry', retry_of: failed });
});

it('returns at once with --background, refuses a second run meanwhile, and cancels by prefix', async () => {
  const home = await gatedHome();
  home.site.hold();
  const started = await home.json('job', 'run', 'mine', '--background');
  const { run_id: runId } = started['run'] as { run_id: string };
  const refused = await home.program('job', 'run', 'mine');
  expect([refused.code, refused.stderr]).toEqual([4, expect.stringContaining(runId)]);
  await waitFor('the page to be asked for', () => home.site.hits() > 0);
  const cancelled = await home.program('job', 'cancel', runId.slice(0, 6));
  expect(cancelled).toMatchObject({ code: 0, stdout: `Cancelled run ${runId}\n` });
  expect((await home.program('job', 'cancel', runId)).stdout).toBe(
    `Run ${runId} had already finished: cancelled\n`,
  );
});

/** Follows the log of a run that has asked for its page and waits for it. */
async function followLog({ site, home, json }: Awaited<ReturnType<typeof gatedHome>>) {
  site.hold();
  await json('job', 'run', 'mine', '--background');
  await waitFor('the page to be asked for', () => site.hits() > 0);
  const follower = startProgram(['job', 'logs', 'mine', '--follow'], { home });
  let text = '';
  follower.stdout?.on('data', (data: Buffer) => {
    text += data.toString();
  });
  await waitFor('the first lines', () => text.includes('attempt 1 of 1'));
  return { follower, text: () => text };
}

it('follows a log until the run ends', async () => {
  const home = await gatedHome();
  const { follower, text } = await followLog(home);
  expect(text()).not.toContain('succeeded');
  home.site.open();
  const [code] = await once(follower, 'close');
  expect(code).toBe(0);
  expect(text()).toContain('run succeeded');
});

it('follows a log to what the callback of the run prints', async () => {
  const home = await gatedHome();
  const go = join(tempFolder(), 'go');
  const callback = `const wait = setInterval(() => { if (require('node:fs').existsSync(${JSON.stringify(go)})) {
    clearInterval(wait); console.log('told everybody'); } }, 20)`;
  const workspace = openWorkspace({ home: home.home, actor: 'library' });
  await workspace.jobs.update('mine', { on_success: [process.execPath, '-e', callback] }, { by: 'library' });
  workspace.close();
  const { follower, text } = await followLog(home);
  home.site.open();
  await waitFor('the end of the run', () => text().includes('run succeeded'));
  writeFileSync(go, '');
  const [code] = await once(follower, 'close');
  expect(code).toBe(0);
  expect(text()).toContain('told everybody');
});

it('shows the log of the last run although later occurrences were skipped, and says which run has no log', async () => {
  const home = await gatedHome();
  await home.qs('job', 'run', 'mine');
  const { run_id: runId } = await lastRun(home);
  const workspace = openWorkspace({ home: home.home, actor: 'library' });
  workspace.db.run(
    `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, reason, scheduled_for,
       max_attempts, queued_at, not_before, finished_at)
     VALUES ('passed', 'mine', 'page', 'schedule', 'scheduler', 'UTC', 'skipped', 'still running: run r0', ?, 1, ?, ?, ?)`,
    [0, Date.now(), Date.now(), Date.now()],
  );
  workspace.close();
  expect((await home.qs('job', 'logs', 'mine')).stdout).toContain(`run ${runId} of job mine`);
  const none = await home.program('job', 'logs', 'mine', '--run', 'passed');
  expect(none.stderr).toBe('Run passed was skipped and has no log: still running: run r0\n');
});

it.skipIf(lacks('signals'))('cancels the run it waits for at Ctrl-C, and exits 130', async () => {
  const home = await gatedHome();
  home.site.hold();
  const waiting = startProgram(['job', 'run', 'mine'], { home: home.home });
  await waitFor('the page to be asked for', () => home.site.hits() > 0);
  waiting.kill('SIGINT');
  const [code] = await once(waiting, 'close');
  expect(code).toBe(130);
  expect(await lastRun(home)).toMatchObject({ status: 'cancelled' });
});

it.skipIf(lacks('signals'))('leaves no half output when a scrape is interrupted, and exits 130', async () => {
  const home = await gatedHome();
  home.site.hold();
  const { readdirSync } = await import('node:fs');
  const scraping = startProgram(['scrape', 'page'], { home: home.home });
  await waitFor('the page to be asked for', () => home.site.hits() > 0);
  scraping.kill('SIGINT');
  const [code] = await once(scraping, 'close');
  expect(code).toBe(130);
  expect(readdirSync(`${home.home}/output`)).toEqual([]);
});

it('ends quietly when the reader of its output has gone', async () => {
  const home = await gatedHome();
  const workspace = openWorkspace({ home: home.home, actor: 'library' });
  const schedule = { type: 'hourly', minute: 0, timezone: 'UTC' };
  const description = 'x'.repeat(10_000);
  for (let n = 0; n < 40; n += 1) {
    await workspace.jobs.create(
      { id: `job-${n}`, fields: { config_name: 'page', schedule, description } },
      'library',
    );
  }
  workspace.close();
  const listing = startProgram(['job', 'list', '--json'], { home: home.home });
  let complaint = '';
  listing.stderr?.on('data', (data: Buffer) => {
    complaint += data.toString();
  });
  listing.stdout?.destroy();
  const [code] = await once(listing, 'close');
  expect([code, complaint]).toEqual([0, '']);
});

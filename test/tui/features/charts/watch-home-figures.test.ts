import { expect } from 'vitest';
import { lastDay, readHomeFigures } from '../../../../src/tui/features/charts/watch-home-figures.ts';
import { it } from '../../../clocked-home.ts';
import { jobRow } from '../../job-rows.ts';

const MINUTE = 60_000;
const HALF_HOUR = 30 * MINUTE;

it('reads what ran in the last day: runs at once, outcomes and the load of hosts', async ({ home }) => {
  await home.job('books', '0 * * * *');
  await home.job('news', '0 * * * *');
  home.begin();
  home.clock.advance(2 * HALF_HOUR + MINUTE);
  home.workspace.db.run('UPDATE runs SET finished_at = started_at + ? WHERE started_at IS NOT NULL', [
    MINUTE,
  ]);
  home.workspace.db.run(
    "UPDATE runs SET status = 'failed', error_kind = 'http', error_message = 'HTTP 503' WHERE job_id = 'news'",
  );
  const jobs = [jobRow('books', { hosts: ['shop.example'] }), jobRow('news', { hosts: [] })];
  const figures = await readHomeFigures(home.workspace, jobs, () => true);
  if (figures === undefined) throw new TypeError('not read');
  const { period, concurrent, succeeded, failed, hosts, failing } = figures;
  expect(period).toMatchObject({ step: HALF_HOUR, steps: 48, now: home.clock.now() });
  expect([concurrent, succeeded, failed].map(({ length }) => length)).toEqual([48, 48, 48]);
  // It is 13:01: both jobs began at 13:00, in the step that is not over.
  expect(concurrent.at(-1)).toBe(2);
  expect(concurrent[0]).toBe(0);
  expect(hosts.map(({ host }) => host)).toEqual(['shop.example']);
  expect(hosts[0]?.busyMs.at(-1)).toBe(MINUTE);
  expect(failing).toMatchObject([{ jobId: 'news', error: 'HTTP 503' }]);
  home.workspace.db.run("UPDATE runs SET error_message = '' WHERE job_id = 'news'");
  const unsaid = await readHomeFigures(home.workspace, jobs, () => true);
  expect(unsaid?.failing).toMatchObject([{ error: 'the site answers with an error' }]);
});

it('stops reading when nobody waits for it', async ({ home }) => {
  await home.job('books', '0 * * * *');
  expect(await readHomeFigures(home.workspace, [jobRow('books')], () => false)).toBeUndefined();
});

it('divides the last day into half hours of the clock, of which the last is not over', () => {
  const now = Date.parse('2026-11-25T12:10:00Z');
  expect(lastDay(now)).toEqual({
    from: Date.parse('2026-11-24T12:30:00Z'),
    step: HALF_HOUR,
    steps: 48,
    now,
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findLeaseHolder } from '../../src/core/lease/lease.ts';
import { isActive } from '../../src/core/model/run-record.ts';
import { gatedConfig, gatedSite } from '../gated-site.ts';
import { lacks } from '../platform.ts';
import { scheduledHome } from '../scheduled-home.ts';
import { sendSignal } from '../send-signal.ts';
import { waitFor } from '../wait-for.ts';

const EVERY_SECOND = { type: 'custom', cron_expression: '* * * * * *', timezone: 'UTC' };

async function setting(job: Record<string, unknown>) {
  const site = await gatedSite();
  const home = await scheduledHome(gatedConfig(site.url), { schedule: EVERY_SECOND, ...job });
  return { site, home };
}

describe('a scheduler that is killed', () => {
  it('during a run leaves the run to end, with its outcome and output recorded, and nothing runs twice', async () => {
    const { site, home } = await setting({ max_retries: 0, catch_up: 'none' });
    site.hold();
    const first = await home.startScheduler();
    const run = await home.runThat(['running']);
    await waitFor('the page to be asked for', () => site.hits() === 1);
    await first.kill();

    site.open();
    const over = await home.runThat(['succeeded'], run.runId);
    expect(over).toMatchObject({ items: 1, pages: 1, attempt: 1 });
    expect(readFileSync(over.outputPath ?? '', 'utf8')).toBe('name\nonly row\n');
    expect(findLeaseHolder(home.workspace.db)).toBeUndefined();

    const second = await home.startScheduler();
    await waitFor(
      'two more runs',
      () => home.runs().filter(({ status }) => status === 'succeeded').length >= 3,
    );
    await home.disableJob();
    await waitFor('all runs to end', () => home.runs().every(({ status }) => !isActive(status)));
    await second.kill();
    const all = home.runs();
    const ran = all.filter(({ attempt }) => attempt > 0);
    expect(new Set(all.map(({ scheduledFor }) => scheduledFor)).size).toBe(all.length);
    expect(ran.every(({ attempt }) => attempt === 1)).toBe(true);
    expect(site.hits()).toBe(ran.length);
  });

  it('while a retry waits does not lose it: the next scheduler makes it when it is due', async () => {
    const { site, home } = await setting({ max_retries: 1, retry_delay: 2 });
    site.answer(404);
    const first = await home.startScheduler();
    const run = await home.runThat(['waiting_retry']);
    await first.kill();
    await home.disableJob();
    site.answer(200);

    await home.startScheduler();
    const over = await home.runThat(['succeeded'], run.runId);
    expect(over.attempt).toBe(2);
    expect(home.workspace.runs.attempts(run.runId).map(({ status }) => status)).toEqual([
      'failed',
      'succeeded',
    ]);
    expect(existsSync(over.outputPath ?? '')).toBe(true);
  });
});

describe('a worker that is killed', () => {
  it('is recorded as abandoned, and retried if its job allows retries', async () => {
    const { site, home } = await setting({ max_retries: 1, retry_delay: 1 });
    site.hold();
    await home.startScheduler();
    const run = await home.runThat(['running']);
    await waitFor('the page to be asked for', () => site.hits() === 1);
    await home.disableJob();
    sendSignal(run.process, 'SIGKILL');
    await waitFor(
      'the attempt to be abandoned',
      () => home.workspace.runs.attempts(run.runId)[0]?.status === 'abandoned',
    );
    site.open();
    const over = await home.runThat(['succeeded'], run.runId);
    expect(over).toMatchObject({ attempt: 2, error: null });
  });

  it.skipIf(lacks('shell'))(
    'ends as abandoned when no attempt is left, and its on_failure is called once',
    async () => {
      const { site, home } = await setting({
        max_retries: 0,
        on_failure: ['sh', '-c', 'echo "$QUICKSCRAPE_STATUS" >> failures.txt'],
      });
      site.hold();
      await home.startScheduler();
      const run = await home.runThat(['running']);
      await home.disableJob();
      sendSignal(run.process, 'SIGKILL');
      const over = await waitFor('the outcome and its callback', () => {
        const now = home.workspace.runs.get(run.runId);
        return now?.callback === 'done' ? now : undefined;
      });
      expect(over).toMatchObject({ status: 'abandoned', error: { kind: 'abandoned' } });
      expect(readFileSync(`${home.workspace.paths.home}/failures.txt`, 'utf8')).toBe('abandoned\n');
    },
  );
});

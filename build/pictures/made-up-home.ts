import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordPastRun } from '../../src/cli/demo/demo-past.ts';
import { type Clock, systemClock } from '../../src/core/lib/clock.ts';
import { JobSchedule } from '../../src/core/schedule/job-schedule.ts';
import { openWorkspace, type Workspace } from '../../src/core/workspace.ts';
import { bookshopConfig } from '../../src/sandbox/config.ts';
import { type End, MADE_UP_JOBS, type MadeUpJob } from './made-up-jobs.ts';

const DAY = 86_400_000;
/** So many runs are made up of each job, and none that is older. */
const MAX_RUNS = 400;
const OLDEST = 62 * DAY;
/** Since when a job of the pictures is paused, in ms. */
const PAUSED_FOR = 2 * 3_600_000;

/** Makes the jobs of the pictures with a past of their own. @param shop address of the bookshop */
export async function makeHome(home: string, shop: string): Promise<void> {
  const now = Date.now();
  // The jobs are older than their pictures.
  const clock: Clock = { ...systemClock, now: () => now - 20 * DAY };
  const workspace = openWorkspace({ home, actor: 'cli', clock });
  try {
    for (const job of MADE_UP_JOBS) {
      const text = job.host === '' ? slowShop(shop) : configOf(job);
      if (!workspace.configs.has(job.config)) await workspace.configs.write(job.config, text);
      const fields = { config_name: job.config, schedule: job.schedule, ...job.fields };
      await workspace.jobs.create({ id: job.id, fields }, job.by ?? 'cli');
      if (job.ends !== undefined) putRuns(workspace, job, job.ends, now);
      putState(workspace, job, now);
    }
    writeFileSync(
      join(home, 'jobs', 'sitemap-check.json'),
      '{\n  "config_name": "sitemap",\n  "schedule": { "type": "daily", "time": "25:00" }\n}\n',
      { mode: 0o600 },
    );
  } finally {
    workspace.close();
  }
}

/** Slow enough to be seen. */
function slowShop(url: string): string {
  return bookshopConfig(url).replace('value: 0', 'value: 0.45').replace('max_pages: 100', 'max_pages: 50');
}

function configOf({ host }: MadeUpJob): string {
  return `url: "https://${host}/"\nitem: article\nselectors:\n  title: h2\n`;
}

function putRuns({ db }: Workspace, job: MadeUpJob, ends: readonly End[], now: number): void {
  const schedule = JobSchedule.fromDict(job.schedule);
  const next = random(job.id);
  const times = schedule.getNextRunTimes(1000, new Date(now - reach(job))).map(Number);
  const until = job.paused ? now - PAUSED_FOR : now;
  const past = times.filter((at) => at < until).slice(-MAX_RUNS);
  for (const [index, at] of past.entries()) {
    const { status, items, error }: End = ends[past.length - 1 - index] ?? { status: 'succeeded' };
    const ran = status !== 'skipped';
    const found = items ?? (status === 'succeeded' ? Math.round(job.items * (0.97 + next() * 0.05)) : 0);
    const tookMs = Math.round(job.seconds * 1000 * (0.85 + next() * 0.4));
    recordPastRun(
      db,
      { id: job.id, configName: job.config, timezone: job.schedule.timezone ?? 'UTC' },
      {
        ...{ at, status, error, durationMs: ran ? tookMs : 0, items: found, pages: Math.ceil(found / 20) },
        runId: next().toString(36).slice(2, 12),
      },
    );
  }
}

/** How far back the last {@link MAX_RUNS} runs reach at most. */
function reach({ schedule }: MadeUpJob): number {
  const [first = 0, second = 0] = JobSchedule.fromDict(schedule).getNextRunTimes(2).map(Number);
  return Math.min(OLDEST, Math.max(DAY, (second - first) * 2 * MAX_RUNS));
}

/** All that has passed is decided, so that a scheduler has nothing to make up for. */
function putState({ db }: Workspace, { id, ends, paused, fields }: MadeUpJob, now: number): void {
  const good = ends?.findIndex(({ status }) => status === 'succeeded') ?? 0;
  const failures = ends
    ?.slice(0, good < 0 ? ends.length : good)
    .filter(({ status }) => status !== 'cancelled');
  const inARow = failures?.length ?? 0;
  const status = ends === undefined ? 'pending' : inARow > 0 ? 'failed' : 'completed';
  db.run(
    `UPDATE job_state SET watermark = ?, failures = ?, strikes = ?, status = ?, paused_at = ?, paused_after = ?
       WHERE job_id = ?`,
    [
      ...[now, inARow, inARow, status, paused ? now - PAUSED_FOR : null],
      ...[paused ? (fields?.['pause_after_failures'] as number) : null, id],
    ],
  );
}

/** Numbers from 0 to 1 that are the same each time. */
function random(name: string): () => number {
  let seed = [...name].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 2147483647, 7);
  return () => {
    seed = (seed * 48271) % 2147483647;
    return seed / 2147483647;
  };
}

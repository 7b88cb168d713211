import { expect, it } from 'vitest';
import { setJobStatus } from '../../../src/core/runs/run-queue.ts';
import { requestCancel } from '../../../src/core/runs/run-transitions.ts';
import { type ClockedHome, clockedHome } from '../../clocked-home.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

function reasonOf(home: ClockedHome, status: 'skipped' | 'missed'): string | null | undefined {
  return home.workspace.runs.list({ jobId: 'a', status }).runs[0]?.reason;
}

/** Each run of the home takes a second and ends so. */
function runsEnd(home: ClockedHome, outcome: 'succeeded' | 'failed'): void {
  home.executor.runDurationMs = undefined;
  home.executor.onStart = (run) => home.clock.setTimer(() => home.executor.end(run.runId, outcome), SECOND);
}

function statusOf(home: ClockedHome): string | undefined {
  const entry = home.workspace.jobs.get('a');
  return entry?.kind === 'valid' ? entry.state.status : undefined;
}

it('a job that pauses starts no occurrence that waits in the queue already', async () => {
  const home = clockedHome('2026-11-25T12:00:30Z');
  await home.job('a', '* * * * *', { catch_up: 'all', pause_after_failures: 2, max_retries: 0 });
  home.begin();
  home.crash();
  runsEnd(home, 'failed');
  home.clock.advance(5 * MINUTE);
  home.begin();
  home.clock.advance(10 * SECOND);
  expect(home.outcomes('a')).toEqual([
    '12:01:00 failed catch_up',
    '12:02:00 failed catch_up',
    '12:03:00 skipped catch_up',
    '12:04:00 skipped catch_up',
    '12:05:00 skipped catch_up',
  ]);
  expect(reasonOf(home, 'skipped')).toMatch(/^paused since .* after 2 failures in a row; resume it with: /);
  expect(statusOf(home)).toBe('failed');
});

it('a paused job that resumes by a success catches up nothing that came due meanwhile, with or without a scheduler', async () => {
  const home = clockedHome('2026-11-25T12:00:30Z');
  await home.job('a', '0 * * * *', { pause_after_failures: 1, max_retries: 0 });
  runsEnd(home, 'failed');
  home.begin();
  home.clock.advance(HOUR);
  expect(home.outcomes('a')).toEqual(['13:00:00 failed schedule']);
  home.crash();
  home.clock.stall(3 * HOUR);
  const { db } = home.workspace;
  db.run(
    `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, max_attempts, queued_at,
       not_before) VALUES ('mine', 'a', 'none', 'manual', 'cli', 'UTC', 'queued', 1, 1, 1)`,
  );
  const mine = home.workspace.runs.get('mine');
  if (mine) home.executor.start(mine, () => {});
  home.executor.end('mine');
  home.begin();
  home.clock.advance(SECOND);
  expect(home.outcomes('a')).toEqual(['now succeeded manual', '13:00:00 failed schedule']);
});

it('a job that is disabled starts none either, and its status is what it was before', async () => {
  const home = clockedHome('2026-11-25T11:59:30Z');
  await home.job('a', '0 * * * *', { jitter: 1_800 });
  home.begin();
  home.clock.advance(31 * SECOND);
  expect(home.outcomes('a')).toEqual(['12:00:00 queued schedule']);
  await home.workspace.jobs.update('a', { enabled: false }, { by: 'cli' });
  home.clock.advance(30 * MINUTE);
  expect(home.outcomes('a')).toEqual(['12:00:00 skipped schedule']);
  expect(reasonOf(home, 'skipped')).toBe(
    'the job was disabled before it could start; enable it with: quickscrape job update a --enable',
  );
  expect(statusOf(home)).toBe('pending');
});

it('a manual run starts although its job is disabled', async () => {
  const home = clockedHome('2026-11-25T11:59:30Z');
  await home.job('a', '0 * * * *', { enabled: false });
  home.workspace.db.run(
    `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, max_attempts, queued_at,
       not_before) VALUES ('mine', 'a', 'none', 'manual', 'cli', 'UTC', 'queued', 1, 1, 1)`,
  );
  home.begin();
  home.clock.advance(SECOND);
  expect(home.outcomes('a')).toEqual(['now succeeded manual']);
});

it.each([
  ['catch_up none', { catch_up: 'none' }, 'missed occurrences are not run (catch_up: none)'],
  ['a grace time that is over', { misfire_grace_time: 600 }, 'older than misfire_grace_time allows (600 s)'],
] as const)(
  'a run in the queue that nothing could start for an hour is missed with %s',
  async (_what, policy, why) => {
    const home = clockedHome('2026-11-25T11:59:30Z');
    await home.job('a', '0 12 * * *', { jitter: 60, ...policy });
    const loop = home.begin();
    home.clock.advance(30 * SECOND);
    expect(home.outcomes('a')).toEqual(['12:00:00 queued schedule']);
    await loop.stop(() => false);
    home.clock.stall(HOUR);
    home.begin();
    home.clock.advance(SECOND);
    expect(home.outcomes('a')).toEqual(['12:00:00 missed schedule']);
    expect(reasonOf(home, 'missed')).toBe(
      `it was queued, and the scheduler was off from 2026-11-25T12:00:00.000+00:00 to 2026-11-25T13:00:00.000+00:00; ${why}`,
    );
  },
);

it.each([
  ['catch_up none', { catch_up: 'none' }, '12:00:00 missed schedule'],
  ['a grace time that is over', { misfire_grace_time: 60 }, '12:00:00 missed schedule'],
  ['a grace time that is not', { misfire_grace_time: 600 }, '12:00:00 succeeded schedule'],
  ['no limit', {}, '12:00:00 succeeded schedule'],
])(
  'a run that a full disk has held back for two minutes follows its policy: %s',
  async (_what, policy, outcome) => {
    const home = clockedHome('2026-11-25T11:59:30Z');
    const { settings } = home.workspace;
    await home.job('a', '0 12 * * *', policy);
    await settings.set('min_free_space', 1_000_000);
    home.begin();
    home.clock.advance(2 * MINUTE + 30 * SECOND);
    expect(home.outcomes('a')).toEqual(['12:00:00 queued schedule']);
    await settings.set('min_free_space', 0);
    home.clock.advance(10 * SECOND);
    expect(home.outcomes('a')).toEqual([outcome]);
    if (outcome.includes('missed'))
      expect(reasonOf(home, 'missed')).toMatch(
        /^it was queued, and the disk had no room for runs from 2026-11-25T11:59:30.000\+00:00 to 2026-11-25T12:02:\d\d.000\+00:00; /,
      );
  },
);

it('a restart of some seconds makes no queued run missed, nor does a wait for a slot', async () => {
  const home = clockedHome('2026-11-25T11:59:30Z');
  await home.job('a', '0 12 * * *', { catch_up: 'none' });
  await home.job('b', '0 12 * * *', { catch_up: 'none', priority: 1 });
  home.executor.runDurationMs = undefined;
  home.begin(1);
  home.clock.advance(5 * MINUTE);
  expect(home.outcomes('a')).toEqual(['12:00:00 queued schedule']);
  home.crash();
  home.clock.stall(5 * SECOND);
  home.begin(1);
  const [other] = home.workspace.runs.list({ jobId: 'b' }).runs;
  home.executor.end(other?.runId ?? '');
  home.executor.runDurationMs = 0;
  home.clock.advance(10 * SECOND);
  expect(home.outcomes('a')).toEqual(['12:00:00 succeeded schedule']);
});

it('a catch-up that is one of many is carried out in the order of the occurrences', async () => {
  const home = clockedHome('2026-11-25T12:00:30Z');
  await home.job('a', '* * * * *', { catch_up: 'all' });
  home.begin();
  home.crash();
  home.clock.stall(30 * MINUTE);
  const order: number[] = [];
  home.executor.onStart = (run) => order.push(run.scheduledFor ?? 0);
  home.begin();
  home.clock.advance(MINUTE);
  expect(order.length).toBeGreaterThanOrEqual(30);
  expect(order).toEqual([...order].sort((a, b) => a - b));
});

it('a job is running as long as one of its runs is, whatever another’s outcome', async () => {
  const home = clockedHome('2026-11-25T11:59:30Z');
  await home.job('a', '* * * * *', { overlap: 'queue' });
  home.executor.runDurationMs = undefined;
  home.begin();
  home.clock.advance(2 * MINUTE);
  expect(home.outcomes('a')).toEqual(['12:00:00 running schedule', '12:01:00 queued schedule']);
  const queued = home.workspace.runs.list({ jobId: 'a', status: 'queued' }).runs[0];
  requestCancel(home.workspace.db, queued?.runId ?? '', 'cli', home.clock.now());
  expect(statusOf(home)).toBe('running');
  setJobStatus(home.workspace.db, 'a', 'queued');
  expect(statusOf(home)).toBe('running');
});

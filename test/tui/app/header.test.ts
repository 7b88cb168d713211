import { expect, it } from 'vitest';
import { JOB_STATES } from '../../../src/core/jobs/job-display-state.ts';
import { displayWidth } from '../../../src/core/lib/display-width.ts';
import { HEADER_GAP, headerParts } from '../../../src/tui/app/header.ts';
import { withLastVisit } from '../../../src/tui/features/activity/reducer.ts';
import type { HomeData } from '../../../src/tui/home/home-data.ts';
import type { State } from '../../../src/tui/kernel/model.ts';

import { homeOf, jobRow, listedWorker, NOW } from '../job-rows.ts';
import { someState } from '../some-state.ts';

const JOBS = [
  jobRow('a', { state: 'failed' }),
  jobRow('b', { nextRun: NOW + 60_000 }),
  jobRow('c', { nextRun: NOW + 9e6 }),
  jobRow('d', { state: 'running' }),
];
const RUNNING = { state: 'running', pid: 4711, slots: 4, slotsUsed: 1, queued: 2 } as const;
const HOME = homeOf(JOBS, { scheduler: { ...homeOf([]).scheduler, ...RUNNING } });

const shown = (
  columns: number,
  home: HomeData | undefined = HOME,
  title = 'Jobs 1/4',
  fields: Partial<State> = {},
) =>
  headerParts(someState({ columns, now: NOW, home, timezone: 'Europe/Berlin', ...fields }), title).map(
    ({ text }) => (typeof text === 'string' ? text : text(NOW)),
  );

it('shows the view, the states of the jobs, the next run, the scheduler and the time', () => {
  expect(shown(160)).toEqual([
    ...['Jobs 1/4', '✗ 1 failed', '● 1 running', '✓ 2 ok', 'QuickScrape /home'],
    ...['1 due within 1h', '1/4 slots, 2 queued', 'scheduler on', '13:00', 'Europe/Berlin'],
  ]);
});

it('says which home it is, its end where there is little room, and that nothing can be changed', () => {
  const place = { homeName: '~/projects/prices/.quickscrape', readOnly: true };
  const at = (columns: number) => shown(columns, HOME, 'Jobs', { ...place, home: undefined });
  expect(at(100)).toEqual([
    ...['Jobs', 'QuickScrape ~/projects/prices/.quickscrape', '[read-only]', '13:00', 'Europe/Berlin'],
  ]);
  expect(at(60)[1]).toMatch(/^….*es\/\.quickscrape$/);
  expect(at(40)).toEqual(['Jobs', '…/.quickscrape', '[read-only]', '13:00']);
  // What needs somebody goes before the name of the home, never before that.
  expect(shown(56, HOME, 'Jobs 1/4', place)).toEqual([
    ...['Jobs 1/4', '✗ 1 failed', '● 1 running', '[read-only]', '13:00'],
  ]);
  const jobs = JOB_STATES.map((state) => jobRow(state, { state, nextRun: NOW + 60_000 }));
  expect(shown(100, { ...HOME, jobs }, 'Jobs 1/24', place).join(' ')).toContain('.quickscrape');
  expect(shown(160, HOME, 'Jobs 1/4', { readOnly: false }).join(' ')).not.toContain('read-only');
});

it('names the home on 80 columns, too, before the number of healthy jobs and due runs', () => {
  const place = { homeName: '/tmp/quickscrape-demo-x2Kq81' };
  const jobs = [
    jobRow('a', { state: 'failed' }),
    jobRow('b', { state: 'paused', nextRun: NOW + 60_000 }),
    jobRow('c', { state: 'running' }),
    ...Array.from({ length: 20 }, (_, at) => jobRow(`j${at}`, { nextRun: NOW + 60_000 })),
  ];
  const parts = shown(80, { ...HOME, jobs }, 'Jobs 12/23', place);
  expect(parts.slice(0, 3)).toEqual(['Jobs 12/23', '✗ 1 failed', '‖ 1 paused']);
  expect(parts.slice(3)).toEqual([expect.stringMatching(/^….*-x2Kq81$/), '1/4 slots, 2 queued', '13:00']);
});

it('names the home on 80 columns of a read-only dashboard, also above what changed and a whole item', () => {
  const place = { homeName: '/tmp/quickscrape-demo-x2Kq81', readOnly: true };
  const states = ['failed', 'paused', 'disabled', 'ok', 'running'] as const;
  const jobs = states.map((state, at) => jobRow(`j${at}`, { state, nextRun: NOW + 60_000 }));
  const home = {
    ...HOME,
    jobs,
    scheduler: { ...HOME.scheduler, state: 'off', slotsUsed: 0, queued: 0 },
  } as const;
  const name = expect.stringMatching(/^….*-x2Kq81$/);
  expect(shown(80, home, 'Jobs 12/23', place)).toEqual(expect.arrayContaining(['✗ 1', name, '[read-only]']));
  const [earlier, later] = ['3z5jw3qqzx', '5dee7af8xj'];
  expect(shown(80, home, `books-daily · what changed from ${earlier} to ${later}`, place)).toEqual([
    ...['books-daily · what changed from 3z5j to 5dee', name, '[read-only]', '13:00'],
  ]);
  expect(shown(80, home, `books-daily · item 1,000 of 1,000 of ${later}`, place)).toEqual(
    expect.arrayContaining(['books-daily · item 1,000 of 1,000 of 5dee', name, '[read-only]']),
  );
  // With room for it, a run has its whole id.
  const wide = shown(100, home, `books-daily · what changed from ${earlier} to ${later}`, place);
  expect(wide[0]).toContain(`from ${earlier} to ${later}`);
});

it('counts the workers where runs go to other machines, and says when Redis is away', () => {
  const workers = [
    listedWorker('paris-1'),
    listedWorker('lyon-2', { state: 'draining', drain: 1 }),
    listedWorker('tokyo-3', { state: 'silent' }),
    listedWorker('oslo-4', { state: 'silent', drain: 1 }),
    listedWorker('rome-5', { state: 'invited', lastSeen: null }),
  ];
  const redis = { redis: 'connected', since: NOW - 60_000 } as const;
  const at = (executor: Partial<HomeData['executor']>, columns = 200) => {
    const present: HomeData['executor'] = { kind: 'bullmq', redis, workers, warnings: [], ...executor };
    return shown(columns, { ...HOME, executor: present });
  };
  expect(at({})).toContain('3 workers, 1 silent');
  expect(at({ workers: workers.slice(0, 1) })).toContain('1 worker');
  expect(at({ workers: [] })).toContain('no workers');
  expect(at({ kind: 'local' }).join(' ')).not.toContain('worker');
  const away = { redis: 'away', since: NOW - 120_000 } as const;
  expect(at({ redis: away }, 80)).toEqual(expect.arrayContaining(['! Redis away since 12:58']));
  expect(at({}).join(' ')).not.toContain('Redis');
});

it('with little room keeps what needs attention', () => {
  expect(shown(40)).toEqual(['Jobs 1/4', '✗ 1 failed', '● 1 running', '13:00']);
  const off: HomeData = { ...HOME, scheduler: { ...HOME.scheduler, state: 'off', pid: null } };
  expect(shown(60, off)).toContain('scheduler off');
});

it('shows states that need attention without their labels where there is little room, and no lesser ones', () => {
  const jobs = [
    jobRow('a', { state: 'invalid' }),
    jobRow('b', { state: 'failed' }),
    jobRow('c', { state: 'paused' }),
    jobRow('d', { state: 'disabled' }),
  ];
  expect(shown(60, { ...HOME, jobs })).toContain('✗ 1 failed');
  expect(shown(40, { ...HOME, jobs }, 'Jobs 5/24')).toEqual([
    'Jobs 5/24',
    '! 1',
    '✗ 1',
    '‖ 1',
    '– 1',
    '13:00',
  ]);
  expect(shown(36, { ...HOME, jobs: [...jobs, jobRow('e')] }, 'Runs of a-job').slice(1, 5)).toEqual([
    '! 1',
    '✗ 1',
    '‖ 1',
    '13:00',
  ]);
});

it('says that something was lost since the dashboard was left', () => {
  const home: HomeData = { ...HOME, loss: { at: NOW - 3_600_000, text: 'the database was damaged' } };
  expect(shown(60, home)).toContain('! data lost, see D');
  const state = withLastVisit(someState({ columns: 120, now: NOW, home }), NOW - 60_000);
  expect(headerParts(state, 'Jobs').map(({ id }) => id)).not.toContain('loss');
});

it('says which channel gets no messages, or how many', () => {
  const failing = (channel: string) => ({
    channel,
    since: NOW - 3_600_000,
    error: 'x',
    waiting: 1,
    givenUp: 0,
    lastSentAt: 0,
  });
  const parts = (...names: string[]) => shown(160, { ...HOME, failingChannels: names.map(failing) });
  expect(parts('team')).toContain('! team failing since 12:00');
  expect(parts('me', 'team')).toContain('! 2 channels failing');
  expect(parts().join(' ')).not.toContain('channel');
});

it('while the store cannot be read it says since when', () => {
  const stale: HomeData = { ...HOME, stale: { since: NOW - 12_000, reason: 'gone' } };
  expect(shown(40, stale)).toContain('! as of 12s ago');
});

it('never takes more than one line', () => {
  const jobs = JOB_STATES.map((state) => jobRow(state, { state }));
  for (let columns = 40; columns <= 220; columns += 1) {
    const parts = shown(columns, { ...HOME, jobs }, 'Runs of a-job-with-a-rather-long-name-0001');
    const cells = parts.reduce((sum, text) => sum + displayWidth(text) + HEADER_GAP, -HEADER_GAP);
    expect(cells, `at ${columns}`).toBeLessThanOrEqual(columns);
    expect(parts.at(0)).toContain('Runs');
  }
});

it('before the home is read there is nothing to count', () => {
  expect(headerParts(someState({ columns: 100, now: NOW }), 'Jobs').map(({ id }) => id)).toEqual([
    'title',
    'place',
    'clock',
    'zone',
  ]);
});

it('counts the jobs whose last alert did not go out, also where there is little room', () => {
  const callbackFailure = { at: NOW, message: 'on_failure failed: exit code 1' };
  const jobs = [jobRow('a', { callbackFailure }), jobRow('b'), jobRow('c', { callbackFailure })];
  expect(shown(160, { ...HOME, jobs })).toContain('! 2 alerts failed');
  expect(shown(60, { ...HOME, jobs: jobs.slice(0, 2) })).toContain('! 1 alert failed');
});

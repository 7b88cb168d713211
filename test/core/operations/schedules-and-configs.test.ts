import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { wrongZones } from '../../../src/core/schedule/zone-data.ts';
import { statusWarnings } from '../../../src/core/scheduler/scheduler-status.ts';
import { announceScheduler, BOOKS, DAILY, it, refusal } from './open-home.ts';

it('previews a schedule across a change of the clocks, with a note', async ({ call }) => {
  const answer = await call('preview_schedule', {
    schedule: { type: 'daily', time: '02:30', timezone: 'Europe/Berlin' },
    from: '2027-03-27T12:00:00+01:00',
    count: 2,
  });
  expect(answer).toMatchObject({
    timezone: 'Europe/Berlin',
    next_runs: ['2027-03-28T03:00:00.000+02:00', '2027-03-29T02:30:00.000+02:00'],
    notes: [{ kind: 'shifted', at: '2027-03-28T03:00:00.000+02:00' }],
  });
  expect(answer.description).toContain('02:30');
});

it('previews a job by its id, with what its stagger does to its runs', async ({ call }) => {
  await call('create_job', { job_id: 'one', config_name: 'books', schedule: DAILY, stagger: 600 });
  const answer = await call('preview_schedule', { job_id: 'one', from: '2026-11-25', count: 2 });
  expect(answer).toMatchObject({
    next_runs: ['2026-11-25T09:00:00.000+01:00', '2026-11-26T09:00:00.000+01:00'],
    notes: [{ kind: 'staggered', at: '2026-11-25T09:00:00.000+01:00' }],
    warnings: [],
  });
  const other = await call('preview_schedule', {
    job_id: 'one',
    schedule: { type: 'hourly', timezone: 'UTC' },
    count: 1,
  });
  expect(other).toMatchObject({ timezone: 'UTC', notes: [{ kind: 'staggered' }] });
  expect(await refusal(call('preview_schedule', {}))).toMatchObject({
    code: 'invalid_params',
    field: 'schedule',
  });
  expect(await refusal(call('preview_schedule', { job_id: 'two' }))).toMatchObject({ code: 'job_not_found' });
});

it.runIf(wrongZones(Date.now()).length > 0)(
  'warns of a zone that the time zone data of this Node have wrong',
  async ({ call }) => {
    const { zone } = wrongZones(Date.now())[0] ?? { zone: '' };
    const schedule = { type: 'daily', time: '09:00', timezone: zone } as const;
    const { warnings } = await call('preview_schedule', { schedule });
    expect(warnings).toEqual([expect.stringContaining(`${zone} `)]);
  },
);

it('previews in the settings’ time zone when the schedule names none', async ({ workspace, call }) => {
  await workspace.settings.set('timezone', 'Asia/Tokyo');
  const answer = await call('preview_schedule', {
    schedule: { type: 'hourly' },
    from: '2026-01-01',
    count: 1,
  });
  expect(answer).toMatchObject({ timezone: 'Asia/Tokyo', next_runs: ['2026-01-01T10:00:00.000+09:00'] });
});

it.for([
  [{ type: 'custom', cron_expression: '61 * * * *' }],
  [{ type: 'monthly', day_of_month: 32, time: '09:00' }],
  [{ type: 'weekly', day_of_week: 7, time: '09:00' }],
] as const)('refuses the schedule %j as invalid_schedule', async ([schedule], { call }) => {
  expect(await refusal(call('preview_schedule', { schedule: schedule as never }))).toMatchObject({
    code: 'invalid_schedule',
  });
});

it('lists configurations with the jobs that use them', async ({ call }) => {
  await call('create_job', { job_id: 'one', config_name: 'books', schedule: DAILY });
  await call('create_job', { job_id: 'two', config_name: 'books', schedule: DAILY });
  const { configs, total } = await call('list_configs', {});
  expect(total).toBe(2);
  expect(configs).toMatchObject([
    { config_name: 'books', jobs: ['one', 'two'] },
    { config_name: 'news', jobs: [] },
  ]);
});

it('shows a configuration with a revision that follows its content', async ({ workspace, call }) => {
  const before = await call('get_config', { config_name: 'books' });
  expect(before.yaml).toBe(BOOKS);
  await workspace.configs.write('books', `${BOOKS}# changed\n`);
  const after = await call('get_config', { config_name: 'books' });
  expect(after.revision).not.toBe(before.revision);
  const error = await refusal(call('get_config', { config_name: 'bokks' }));
  expect(error.code).toBe('config_not_found');
  expect(error.hint).toContain('books');
});

it('reports that no scheduler runs, and refuses to stop one', async ({ call }) => {
  await call('create_job', { config_name: 'books', schedule: DAILY });
  await call('create_job', { config_name: 'books', schedule: DAILY, enabled: false });
  expect(await call('get_scheduler', {})).toMatchObject({
    running: false,
    pid: null,
    jobs: 2,
    enabled: 1,
    queued: 0,
    slots: 4,
    uptime_s: null,
  });
  expect(await refusal(call('stop_scheduler', {}))).toMatchObject({ code: 'scheduler_not_running' });
});

it('reports what holds runs back and what needs attention, with the time zone data’s version', async ({
  workspace,
  call,
}) => {
  await call('create_job', { job_id: 'one', config_name: 'books', schedule: DAILY });
  writeFileSync(join(workspace.paths.jobs, 'bad.json'), '{');
  const before = await call('get_scheduler', {});
  expect(before).toMatchObject({
    held: null,
    time_zone_data: {
      version: process.versions['tz'],
      wrong_zones: wrongZones(Date.now()).map(({ zone }) => zone),
    },
    warnings: ['job files that cannot be used: bad'],
  });
  await workspace.settings.set('min_free_space', '1000000');
  const { held, warnings } = await call('get_scheduler', {});
  // A disk of more than a terabyte free holds nothing.
  if (held !== null) expect(warnings[0]).toBe(`no runs start: ${held}`);
  const paused = workspace.jobs
    .list()
    .map((entry) =>
      entry.kind === 'valid'
        ? { ...entry, state: { ...entry.state, pausedAt: Date.UTC(2026, 0, 1) } }
        : entry,
    );
  expect(statusWarnings(paused, Date.now())).toContain(
    'jobs paused after failures: one (since 2026-01-01T01:00:00.000+01:00)',
  );
});

it.runIf(wrongZones(Date.now()).length > 0)(
  'names the jobs in a zone that Node has wrong',
  async ({ workspace, call }) => {
    announceScheduler(workspace);
    const { zone } = wrongZones(Date.now())[0] ?? { zone: '' };
    const schedule = { type: 'daily', time: '09:00', timezone: zone } as const;
    const made = await call('create_job', { job_id: 'off', config_name: 'books', schedule });
    expect(made.warnings).toHaveLength(1);
    const { warnings } = await call('get_scheduler', {});
    expect(warnings).toEqual([expect.stringContaining(`job off: ${zone} `)]);
    expect((await call('get_job', { job_id: 'off' })).explanation).toContain(made.warnings[0]);
  },
);

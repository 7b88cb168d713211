import { describe, expect, it } from 'vitest';
import type { Job, Run } from '../../../editors/vscode/src/live-jobs.ts';
import { formatInstant, isProblem, presentJob, presentRun } from '../../../editors/vscode/src/present.ts';

const NOW = new Date(2026, 10, 30, 8, 0);
const at = (day: number, hour: number) => new Date(2026, 10, day, hour, 0).toISOString();

const JOB: Job = {
  job_id: 'news',
  config_name: 'news',
  description: null,
  schedule: 'every day at 09:00 (UTC)',
  enabled: true,
  state: 'ok',
  status: 'completed',
  last_run: at(29, 9),
  next_run: at(30, 9),
  paused: null,
  callback_failure: null,
  tags: [],
  hosts: [],
  error: null,
};

const RUN: Run = {
  ...{ run_id: 'k3f9', job_id: 'news', config_name: 'news', trigger: 'schedule', retry_of: null },
  ...{
    scheduled_for: at(30, 7),
    status: 'running',
    reason: null,
    waits_for: null,
    attempt: 1,
    max_attempts: 4,
  },
  ...{ worker: null, queued_at: at(30, 7), started_at: at(30, 7), finished_at: null, retry_at: null },
  ...{ duration_ms: 2_000, items: 1_234, pages: 1, bytes: 0, progress: 0.5, output_path: null },
  ...{ output_format: null, error: null, checks: [], changes: null },
};

describe('a job shows', () => {
  it.each([
    [{}, 'pass', 'next 09:00'],
    [{ status: 'pending' as const, last_run: null }, 'circle-outline', 'next 09:00'],
    [{ status: 'failed' as const }, 'error', 'failed · next 09:00'],
    [{ enabled: false, next_run: null }, 'circle-slash', 'disabled'],
    [{ paused: { since: at(29, 9), failures: 5 }, next_run: null }, 'debug-pause', 'paused after failures'],
    [{ callback_failure: 'mail: not found' }, 'bell-dot', 'its alert failed · next 09:00'],
    [
      { status: 'invalid' as const, next_run: null, error: 'jobs/news.json:1:2: not JSON' },
      'warning',
      'cannot be used',
    ],
  ])('%o as %s', (fields, icon, description) => {
    expect(presentJob({ ...JOB, ...fields }, undefined, NOW)).toMatchObject({ icon, description });
  });

  it('the progress of its run', () => {
    expect(presentJob(JOB, RUN, NOW)).toMatchObject({
      icon: 'sync~spin',
      description: 'running · 50 % · 1,234 items · 1 page',
      context: 'job active enabled usable',
    });
  });

  it('whether it needs attention', () => {
    expect(isProblem(JOB)).toBe(false);
    expect(isProblem({ ...JOB, status: 'failed' })).toBe(true);
    expect(isProblem({ ...JOB, enabled: false })).toBe(false);
  });
});

describe('a run shows', () => {
  it('its outcome in one line, whatever the page says', () => {
    const error = { kind: 'http', message: 'HTTP 500 [x](command:y)\nmore' };
    expect(presentRun({ ...RUN, status: 'failed', items: 0, error }, NOW)).toMatchObject({
      label: '07:00',
      description: 'failed · 2.0 s · HTTP 500 [x] (command:y) more',
      icon: 'error',
      context: 'run finished',
    });
  });

  it('what it waits for', () => {
    const queued = { ...RUN, status: 'queued' as const, waits_for: 'a slot' };
    expect(presentRun(queued, NOW)).toMatchObject({
      description: 'queued: a slot',
      context: 'run active items',
    });
  });
});

it('instants are short, by the clock of this machine', () => {
  expect(formatInstant(at(29, 9), NOW)).toBe('yesterday 09:00');
  expect(formatInstant(new Date(2026, 11, 1, 9, 0).toISOString(), NOW)).toBe('tomorrow 09:00');
  expect(formatInstant(new Date(2026, 11, 24, 9, 0).toISOString(), NOW)).toBe('24 Dec 09:00');
  expect(formatInstant(new Date(2027, 0, 1, 0, 0).toISOString(), NOW)).toBe('1 Jan 2027 00:00');
});

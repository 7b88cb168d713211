import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import { Job } from '../../../src/core/api/job.ts';
import { JobManager } from '../../../src/core/api/job-manager.ts';
import { Scheduler } from '../../../src/core/api/scheduler.ts';
import { QuickscrapeError } from '../../../src/core/lib/errors.ts';
import { JobSchedule } from '../../../src/core/schedule/job-schedule.ts';
import { it } from '../../extend.ts';
import { tempFolder } from '../../temp-folder.ts';

/** Calls as a caller without types makes them. */
const untyped = (value: unknown) => value as never;

let manager: JobManager;
beforeEach(() => {
  manager = new JobManager({ home: tempFolder() });
});
afterEach(() => manager.close());

async function failureOf(act: () => unknown): Promise<unknown> {
  try {
    await act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was refused');
}

describe('bad arguments', () => {
  const dict = { id: 'a', config_name: 'a', schedule: { type: 'daily', time: '09:00' } };
  const schedule = JobSchedule.daily('09:00');
  it.each<[string, string, () => unknown]>([
    ['createJob()', 'options', () => manager.createJob(untyped(undefined))],
    ['createJob(null)', 'options', () => manager.createJob(untyped(null))],
    ['createJob([])', 'options', () => manager.createJob(untyped([]))],
    ['createJob, id 5', 'job_id', () => manager.createJob({ configName: 'a', schedule, id: untyped(5) })],
    [
      'createJob, id null',
      'job_id',
      () => manager.createJob({ configName: 'a', schedule, id: untyped(null) }),
    ],
    ['getJob({})', 'job_id', () => manager.getJob(untyped({}))],
    ['getJob()', 'job_id', () => manager.getJob(untyped(undefined))],
    ['deleteJob({})', 'job_id', () => manager.deleteJob(untyped({}))],
    ['updateJob({})', 'job', () => manager.updateJob(untyped({}))],
    ['updateJob()', 'job', () => manager.updateJob(untyped(undefined))],
    ['updateJob(dict)', 'job', () => manager.updateJob(untyped(Job.fromDict(dict).toDict()))],
    ['filterJobs(null)', 'filter', () => manager.filterJobs(untyped(null))],
    ['filterJobs, misspelt', 'stauts', () => manager.filterJobs(untyped({ stauts: 'failed' }))],
    ['filterJobs, number', 'configName', () => manager.filterJobs({ configName: untyped(5) })],
    ['new Scheduler()', 'jobManager', () => new Scheduler(untyped(undefined))],
    ['new Scheduler({})', 'jobManager', () => new Scheduler(untyped({}))],
    ['new Scheduler, null', 'options', () => new Scheduler(manager, untyped(null))],
    ['new Scheduler, no slots', 'slots', () => new Scheduler(manager, { slots: 0 })],
    ['new Scheduler, log', 'log', () => new Scheduler(manager, { log: untyped('x') })],
    ['new Scheduler, misspelt', 'slot', () => new Scheduler(manager, untyped({ slot: 2 }))],
    ['stop(null)', 'options', () => new Scheduler(manager).stop(untyped(null))],
    ['stop, force 1', 'force', () => new Scheduler(manager).stop({ force: untyped(1) })],
  ])('%s are invalid_params of %s', async (_, field, act) => {
    const error = await failureOf(act);
    expect(error).toBeInstanceOf(QuickscrapeError);
    expect(error).toMatchObject({ code: 'invalid_params', field });
  });

  it.for<[unknown, string]>([
    ['', 'jobsDir'],
    ['a\0b', 'jobsDir'],
    [{ home: '' }, 'home'],
    [{ home: 5 }, 'home'],
    [{ home: null }, 'home'],
    [{ jobsDir: '' }, 'jobsDir'],
    [{ jobdir: '/x' }, 'jobdir'],
    [5, 'where'],
    [null, 'where'],
    [[], 'where'],
    [new URL('file:///x'), 'where'],
  ])('new JobManager(%j) opens no home and names %s', ([where, field], { home }) => {
    vi.stubEnv('QUICKSCRAPE_HOME', join(home, 'default'));
    try {
      expect(() => new JobManager(untyped(where))).toThrow(
        expect.objectContaining({ code: 'invalid_params', field }),
      );
      expect(readdirSync(home)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('suggests the option that a misspelt one may have meant', () => {
    expect(() => new JobManager(untyped({ jobdir: '/x' }))).toThrow(
      expect.objectContaining({ hint: 'Did you mean jobsDir?' }),
    );
  });

  it('takes options that are undefined as left out', async ({ home }) => {
    await using other = new JobManager({ home, jobsDir: undefined });
    expect(await other.filterJobs({ status: undefined, configName: undefined })).toEqual([]);
    expect(new Scheduler(other, { slots: undefined, log: undefined }).isRunning()).toBe(false);
    expect(JobSchedule.daily('09:00', { timezone: undefined }).type).toBe('daily');
  });
});

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Job, JobManager, JobSchedule, Scheduler } from 'quickscrape-jobs';
import { describe, expect, onTestFinished } from 'vitest';
import { resolveHome } from '../../src/core/fs/paths.ts';
import { it } from '../extend.ts';
import { gatedConfig } from '../gated-site.ts';
import { tempFolder } from '../temp-folder.ts';
import { waitFor } from '../wait-for.ts';

/** Every class, method, default and note of the specification, against the built package. */
function open(home = tempFolder()): JobManager {
  const manager = new JobManager({ home });
  onTestFinished(() => manager.close());
  return manager;
}

const daily = () => JobSchedule.daily('09:00', { timezone: 'UTC' });

describe('JobManager', () => {
  it('stores jobs in ~/.quickscrape/jobs by default, or in the folder given', async () => {
    expect(resolveHome().jobs).toBe(
      join(process.env['QUICKSCRAPE_HOME'] ?? join(homedir(), '.quickscrape'), 'jobs'),
    );
    const folder = join(tempFolder(), 'jobs');
    const manager = new JobManager(folder);
    onTestFinished(() => manager.close());
    const job = await manager.createJob({ configName: 'prices', schedule: daily() });
    expect(existsSync(join(folder, `${job.id}.json`))).toBe(true);
  });

  it('keeps a home of its own inside a jobs folder of another name', async () => {
    const folder = join(tempFolder(), 'scrapers');
    const manager = new JobManager(folder);
    onTestFinished(() => manager.close());
    const job = await manager.createJob({ configName: 'prices', schedule: daily() });
    expect(existsSync(join(folder, `${job.id}.json`))).toBe(true);
    expect(existsSync(join(folder, '.quickscrape', 'quickscrape.db'))).toBe(true);
    expect((await manager.listJobs()).map(({ id }) => id)).toEqual([job.id]);
  });

  it('createJob fills in the specification’s defaults', async () => {
    const job = await open().createJob({ configName: 'prices', schedule: daily() });
    expect(job).toMatchObject({
      configName: 'prices',
      description: null,
      outputFormat: null,
      outputPath: null,
      maxRetries: 3,
      retryDelay: 300,
      onSuccess: null,
      onFailure: null,
      enabled: true,
      status: 'pending',
      lastRun: null,
    });
    expect(job.nextRun).toBeInstanceOf(Date);
    expect(job.createdAt).toBeInstanceOf(Date);
    expect(job.updatedAt).toBeInstanceOf(Date);
  });

  it('getJob gives the job, or undefined when there is none', async () => {
    const manager = open();
    const { id } = await manager.createJob({ configName: 'prices', schedule: daily() });
    expect((await manager.getJob(id))?.id).toBe(id);
    expect(await manager.getJob('nobody')).toBeUndefined();
  });

  it('updateJob stores the change and returns the updated job', async () => {
    const manager = open();
    const job = await manager.createJob({ configName: 'prices', schedule: daily() });
    job.retryDelay = 60;
    job.schedule = JobSchedule.hourly(5, { timezone: 'UTC' });
    const updated = await manager.updateJob(job);
    expect(updated).toMatchObject({ id: job.id, retryDelay: 60 });
    const read = await manager.getJob(job.id);
    expect(read?.schedule.toDict()).toEqual({ type: 'hourly', minute: 5, timezone: 'UTC' });
    expect(read?.updatedAt.getTime()).toBeGreaterThanOrEqual(job.createdAt.getTime());
  });

  it('updateJob refuses a field that was changed elsewhere meanwhile, and merges the others', async ({
    home,
  }) => {
    const here = open(home);
    const there = open(home);
    const { id } = await here.createJob({ configName: 'prices', schedule: daily() });
    const mine = await here.getJob(id);
    const theirs = await there.getJob(id);
    if (!mine || !theirs) throw new Error('the job is gone');
    theirs.description = 'theirs';
    await there.updateJob(theirs);
    mine.maxRetries = 1;
    await here.updateJob(mine);
    expect(await here.getJob(id)).toMatchObject({ description: 'theirs', maxRetries: 1 });
    const stale = await here.getJob(id);
    theirs.description = 'theirs again';
    await there.updateJob(theirs);
    if (!stale) throw new Error('the job is gone');
    stale.description = 'mine';
    await expect(here.updateJob(stale)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('deleteJob says whether there was one', async () => {
    const manager = open();
    const { id } = await manager.createJob({ configName: 'prices', schedule: daily() });
    expect(await manager.deleteJob(id)).toBe(true);
    expect(await manager.deleteJob(id)).toBe(false);
    expect(await manager.listJobs()).toEqual([]);
  });

  it('listJobs gives all, filterJobs those of a status or a configuration', async () => {
    const manager = open();
    await manager.createJob({ id: 'a', configName: 'prices', schedule: daily() });
    await manager.createJob({ id: 'b', configName: 'news', schedule: daily() });
    const ids = (jobs: Job[]) => jobs.map(({ id }) => id).sort();
    expect(ids(await manager.listJobs())).toEqual(['a', 'b']);
    expect(ids(await manager.filterJobs({ configName: 'news' }))).toEqual(['b']);
    expect(ids(await manager.filterJobs({ status: 'pending' }))).toEqual(['a', 'b']);
    expect(ids(await manager.filterJobs({ status: 'failed' }))).toEqual([]);
    expect(ids(await manager.filterJobs({ status: 'pending', configName: 'prices' }))).toEqual(['a']);
  });
});

describe('JobSchedule', () => {
  const from = new Date('2026-11-25T08:30:00Z');
  const next = (schedule: JobSchedule) => schedule.getNextRunTime(from)?.toISOString();
  const zone = { timezone: 'UTC' };

  it.each([
    ['once', JobSchedule.once('2026-12-24', '18:00', zone), '2026-12-24T18:00:00.000Z'],
    ['hourly, minute 0 by default', JobSchedule.hourly(undefined, zone), '2026-11-25T09:00:00.000Z'],
    ['hourly at a minute', JobSchedule.hourly(45, zone), '2026-11-25T08:45:00.000Z'],
    ['daily', JobSchedule.daily('09:00', zone), '2026-11-25T09:00:00.000Z'],
    ['weekly, 0 = Monday', JobSchedule.weekly(0, '09:00', zone), '2026-11-30T09:00:00.000Z'],
    ['weekly, 6 = Sunday', JobSchedule.weekly(6, '09:00', zone), '2026-11-29T09:00:00.000Z'],
    ['monthly', JobSchedule.monthly(31, '09:00', zone), '2026-11-30T09:00:00.000Z'],
    ['custom', JobSchedule.custom('0 9 * * 1-5', zone), '2026-11-25T09:00:00.000Z'],
  ])('%s', (_kind, schedule, expected) => {
    expect(next(schedule)).toBe(expected);
    expect(next(JobSchedule.fromDict(schedule.toDict()))).toBe(expected);
  });

  it('getNextRunTime counts from now by default', () => {
    const before = Date.now();
    const at = JobSchedule.hourly(0).getNextRunTime();
    expect(at?.getTime()).toBeGreaterThan(before);
    expect(at?.getTime()).toBeLessThanOrEqual(Date.now() + 3_600_000);
  });

  it('has no next run after a one-time schedule’s time', () => {
    expect(JobSchedule.once('2026-01-01', '00:00', zone).getNextRunTime(from)).toBeNull();
  });
});

describe('Job', () => {
  it('run says whether the run succeeded, and the job’s status and last run follow', async ({
    home,
    site,
  }) => {
    const manager = open(home);
    writeFileSync(join(home, 'configs', 'gated.yaml'), gatedConfig(site.url));
    const job = await manager.createJob({ configName: 'gated', schedule: daily() });
    expect(await job.run()).toBe(true);
    expect(await manager.getJob(job.id)).toMatchObject({ status: 'completed', lastRun: expect.any(Date) });
    site.answer(404);
    expect(await job.run()).toBe(false);
    expect(await manager.getJob(job.id)).toMatchObject({ status: 'failed' });
    expect((await manager.filterJobs({ status: 'failed' })).map(({ id }) => id)).toEqual([job.id]);
    expect(JSON.parse(readFileSync(join(home, 'jobs', `${job.id}.json`), 'utf8'))).toMatchObject({
      status: 'failed',
    });
  });

  it('is running while it runs', async ({ home, site }) => {
    site.hold();
    const manager = open(home);
    writeFileSync(join(home, 'configs', 'gated.yaml'), gatedConfig(site.url));
    const job = await manager.createJob({ configName: 'gated', schedule: daily() });
    const result = job.run();
    await waitFor(
      'the status to be running',
      async () => (await manager.getJob(job.id))?.status === 'running',
    );
    site.open();
    expect(await result).toBe(true);
  });

  it('enable and disable are stored at once; a disabled job has no next run', async () => {
    const manager = open();
    const job = await manager.createJob({ configName: 'prices', schedule: daily(), enabled: true });
    await job.disable();
    expect(await manager.getJob(job.id)).toMatchObject({ enabled: false, nextRun: null });
    await job.enable();
    expect(await manager.getJob(job.id)).toMatchObject({ enabled: true, nextRun: expect.any(Date) });
  });

  it('toDict is what the file holds, and fromDict reads it back', async ({ home }) => {
    const job = await open(home).createJob({
      configName: 'prices',
      schedule: daily(),
      onFailure: 'alert.sh --now',
    });
    const dict = job.toDict();
    expect(dict).toMatchObject({
      config_name: 'prices',
      max_retries: 3,
      on_failure: 'alert.sh --now',
      status: 'pending',
    });
    expect(Object.keys(dict).slice(0, 16)).toEqual([
      'id',
      'config_name',
      'schedule',
      'description',
      'output_format',
      'output_path',
      'max_retries',
      'retry_delay',
      'on_success',
      'on_failure',
      'enabled',
      'status',
      'last_run',
      'next_run',
      'created_at',
      'updated_at',
    ]);
    expect(JSON.parse(readFileSync(join(home, 'jobs', `${job.id}.json`), 'utf8'))).toEqual(dict);
    expect(Job.fromDict(dict).toDict()).toEqual(dict);
  });

  it('that is not stored cannot run', async () => {
    const job = await open().createJob({ configName: 'prices', schedule: daily() });
    const detached = Job.fromDict(job.toDict());
    await expect(detached.run()).rejects.toMatchObject({ code: 'detached_job' });
    await expect(detached.disable()).rejects.toMatchObject({ code: 'detached_job' });
  });
});

describe('Scheduler', () => {
  it('starts, says that it runs, gives its status and stops', async () => {
    const manager = open();
    const scheduler = new Scheduler(manager);
    expect(scheduler.isRunning()).toBe(false);
    await scheduler.start();
    expect(scheduler.isRunning()).toBe(true);
    expect(scheduler.getStatus()).toMatchObject({
      running: true,
      pid: process.pid,
      jobs: 0,
      slots: 4,
      nextRun: null,
    });
    await scheduler.stop();
    expect(scheduler.isRunning()).toBe(false);
    expect(scheduler.getStatus()).toMatchObject({ running: false, pid: null });
  });

  it('is needed for jobs to run by themselves, and runs them on time', async ({ home, site }) => {
    const manager = open(home);
    writeFileSync(join(home, 'configs', 'gated.yaml'), gatedConfig(site.url));
    const job = await manager.createJob({ configName: 'gated', schedule: JobSchedule.custom('* * * * * *') });
    const scheduler = new Scheduler(manager);
    await scheduler.start();
    await waitFor('the job to have run', async () => (await manager.getJob(job.id))?.status === 'completed');
    await scheduler.stop();
    const hits = site.hits();
    expect(hits).toBeGreaterThan(0);
  });

  it('is one per home: a second one names the first', async ({ home }) => {
    const first = new Scheduler(open(home));
    const second = new Scheduler(open(home));
    await first.start();
    await expect(second.start()).rejects.toMatchObject({
      code: 'scheduler_already_running',
      message: expect.stringContaining(`pid ${process.pid}`),
    });
    await first.stop();
    await second.start();
    await second.stop();
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Job } from '../../../src/core/api/job.ts';
import { JobManager } from '../../../src/core/api/job-manager.ts';
import { JobSchedule } from '../../../src/core/schedule/job-schedule.ts';
import { tempFolder } from '../../temp-folder.ts';

const schedule = JobSchedule.daily('09:00', { timezone: 'Europe/Berlin' });
let jobs: string;
let manager: JobManager;

beforeEach(() => {
  jobs = join(tempFolder(), 'jobs');
  manager = new JobManager(jobs);
});
afterEach(() => manager.close());

const onDisk = (id: string) => JSON.parse(readFileSync(join(jobs, `${id}.json`), 'utf8'));

describe('a job manager', () => {
  it('creates jobs with the defaults of the specification and reads them back', async () => {
    const job = await manager.createJob({ configName: 'products', schedule });
    expect(job).toMatchObject({
      ...{ configName: 'products', description: null, maxRetries: 3, retryDelay: 300, enabled: true },
      ...{ status: 'pending', lastRun: null, onSuccess: null, tags: [], revision: 1, createdBy: 'library' },
    });
    expect(job.nextRun).toBeInstanceOf(Date);
    expect(job.schedule.describe()).toBe(schedule.describe());
    const again = await manager.getJob(job.id);
    expect(again?.toDict()).toEqual(job.toDict());
    expect(await manager.getJob('absent')).toBeUndefined();
    expect(await manager.getJob('../absent')).toBeUndefined();
  });

  it('converts names to snake_case on disk, also within expect, and back', async () => {
    const expectation = { minItems: 5, requiredFields: ['title'], maxDropPercent: 50 };
    const { id } = await manager.createJob({
      ...{ id: 'x', configName: 'a', schedule, misfireGraceTime: 60, onSuccess: ['/bin/echo', 'ok'] },
      expect: expectation,
    });
    expect(onDisk(id)).toMatchObject({
      misfire_grace_time: 60,
      on_success: ['/bin/echo', 'ok'],
      expect: { min_items: 5, required_fields: ['title'], max_drop_percent: 50 },
    });
    expect((await manager.getJob(id))?.expect).toEqual(expectation);
  });

  it('stores the changes made on the object and refreshes it', async () => {
    const job = await manager.createJob({ configName: 'a', schedule });
    const other = await manager.getJob(job.id);
    if (!other) throw new Error('not stored');
    other.description = 'theirs';
    await manager.updateJob(other);
    job.maxRetries = 5;
    job.tags.push('new');
    job.schedule = JobSchedule.hourly(5, { timezone: 'UTC' });
    expect(await manager.updateJob(job)).toBe(job);
    expect(job).toMatchObject({ maxRetries: 5, description: 'theirs', tags: ['new'], revision: 3 });
    expect(onDisk(job.id)).toMatchObject({
      max_retries: 5,
      description: 'theirs',
      schedule: { type: 'hourly' },
    });
  });

  it('refuses to write over a field that changed elsewhere, and keeps the object as it is', async () => {
    const job = await manager.createJob({ configName: 'a', schedule });
    const other = await manager.getJob(job.id);
    if (!other) throw new Error('not stored');
    other.maxRetries = 7;
    await manager.updateJob(other);
    job.maxRetries = 5;
    await expect(manager.updateJob(job)).rejects.toMatchObject({ code: 'conflict', field: 'max_retries' });
    expect([job.maxRetries, onDisk(job.id).max_retries]).toEqual([5, 7]);
  });

  it('names a bad value of the object by its wire name', async () => {
    const job = await manager.createJob({ configName: 'a', schedule });
    job.retryDelay = -5;
    await expect(manager.updateJob(job)).rejects.toMatchObject({
      code: 'invalid_params',
      field: 'retry_delay',
    });
    const bad = { configName: 'a', schedule, maxRetry: 3 };
    await expect(manager.createJob(bad)).rejects.toMatchObject({
      code: 'invalid_params',
      field: 'max_retry',
    });
  });

  it('takes undefined as null, and refuses it where null is not allowed', async () => {
    const job = await manager.createJob({ configName: 'a', schedule, description: 'd', tags: ['x'] });
    Object.assign(job, { description: undefined });
    await manager.updateJob(job);
    expect([job.description, onDisk(job.id).description]).toEqual([null, null]);
    for (const [name, wire] of [
      ['maxRetries', 'max_retries'],
      ['tags', 'tags'],
      ['schedule', 'schedule'],
    ] as const) {
      const before = job[name];
      Object.assign(job, { [name]: undefined });
      await expect(manager.updateJob(job)).rejects.toMatchObject({ code: 'invalid_params', field: wire });
      Object.assign(job, { [name]: before });
    }
    expect(onDisk(job.id)).toMatchObject({ max_retries: 3, tags: ['x'], revision: 2 });
  });

  it('does not let the id of a job be changed', async () => {
    const job = await manager.createJob({ id: 'a', configName: 'a', schedule });
    expect(() => Object.assign(job, { id: 'b' })).toThrow(TypeError);
    expect([job.id, { ...job }.id]).toEqual(['a', 'a']);
  });

  it('enables and disables at once, and writes nothing else of the object', async () => {
    const job = await manager.createJob({ configName: 'a', schedule });
    job.description = 'not yet';
    await job.disable();
    expect(onDisk(job.id)).toMatchObject({ enabled: false, description: null, revision: 2 });
    expect(job).toMatchObject({ enabled: false, description: 'not yet', nextRun: null, revision: 2 });
    await job.enable();
    await manager.updateJob(job);
    expect(onDisk(job.id)).toMatchObject({ enabled: true, description: 'not yet', revision: 4 });
  });

  it('does not forget what changed elsewhere when it enables', async () => {
    const job = await manager.createJob({ configName: 'a', schedule });
    const other = await manager.getJob(job.id);
    if (!other) throw new Error('not stored');
    other.description = 'theirs';
    await manager.updateJob(other);
    await job.disable();
    job.description = 'mine';
    await expect(manager.updateJob(job)).rejects.toMatchObject({ code: 'conflict', field: 'description' });
  });

  it('lists and filters jobs, and reports unusable files', async () => {
    for (const configName of ['a', 'b', 'a']) await manager.createJob({ configName, schedule });
    writeFileSync(join(jobs, 'broken.json'), '{');
    expect(await manager.listJobs()).toHaveLength(3);
    expect(await manager.filterJobs({ configName: 'a' })).toHaveLength(2);
    expect(await manager.filterJobs({ configName: 'a', status: 'failed' })).toEqual([]);
    expect(await manager.filterJobs()).toHaveLength(3);
    await expect(manager.filterJobs({ status: 'done' as 'failed' })).rejects.toMatchObject({
      field: 'status',
    });
    expect(await manager.listUnusable()).toMatchObject([{ kind: 'invalid', id: 'broken', line: 1 }]);
    await expect(manager.getJob('broken')).rejects.toMatchObject({ code: 'invalid_job' });
  });

  it('deletes, and says whether there was something to delete', async () => {
    const { id } = await manager.createJob({ configName: 'a', schedule });
    expect([await manager.deleteJob(id), await manager.deleteJob(id)]).toEqual([true, false]);
  });

  it('makes a home beside a folder named jobs, and inside any other', () => {
    const folder = tempFolder();
    new JobManager(folder).close();
    expect(readFileSync(join(folder, '.quickscrape', 'quickscrape.db'))).toBeDefined();
    expect(readFileSync(join(jobs, '..', 'quickscrape.db'))).toBeDefined();
  });

  it('is closed by await using', async () => {
    await using other = new JobManager({ home: tempFolder() });
    await other.createJob({ configName: 'a', schedule });
    expect(await other.listJobs()).toHaveLength(1);
  });
});

describe('a job from a dictionary', () => {
  it('is the job that it was made from', async () => {
    const job = await manager.createJob({ configName: 'a', schedule, tags: ['x'], description: 'd' });
    const dict = { ...job.toDict(), team: 'prices' };
    const copy = Job.fromDict(dict);
    expect(copy.toDict()).toEqual(dict);
    expect(JSON.parse(JSON.stringify(copy))).toEqual(dict);
  });

  it('is not stored: run, enable and disable are detached_job', async () => {
    const job = Job.fromDict({ id: 'a', config_name: 'a', schedule: schedule.toDict() });
    for (const act of [() => job.run(), () => job.enable(), () => job.disable()]) {
      await expect(act()).rejects.toMatchObject({ code: 'detached_job' });
    }
  });

  it('is a stored job once updateJob has stored it', async () => {
    const { id } = await manager.createJob({ configName: 'a', schedule });
    const copy = Job.fromDict({ id, config_name: 'a', schedule: schedule.toDict() });
    const same = await manager.updateJob(copy);
    expect(same).toBe(copy);
    await copy.disable();
    expect(onDisk(id)).toMatchObject({ enabled: false });
    const other = await manager.getJob(id);
    if (!other) throw new Error('not stored');
    other.description = 'theirs';
    await manager.updateJob(other);
    copy.maxRetries = 1;
    await manager.updateJob(copy);
    expect(onDisk(id)).toMatchObject({ description: 'theirs', max_retries: 1 });
  });

  it('conflicts with no revision when its dictionary names none', async () => {
    const job = await manager.createJob({ configName: 'a', schedule });
    job.priority = 1;
    await manager.updateJob(job);
    const { revision: _, ...python } = job.toDict();
    const copy = Job.fromDict({ ...python, max_retries: 9 });
    expect(copy.toDict()).toEqual({ ...python, max_retries: 9 });
    await manager.updateJob(Job.fromDict(copy.toDict()));
    expect(onDisk(job.id)).toMatchObject({ max_retries: 9, revision: 3 });
  });

  it('writes its fields over the stored job of its id, unless that has changed since', async () => {
    const job = await manager.createJob({ configName: 'a', schedule });
    const copy = Job.fromDict(job.toDict());
    copy.priority = 4;
    await manager.updateJob(copy);
    expect(onDisk(job.id)).toMatchObject({ priority: 4, revision: 2 });
    const late = Job.fromDict(job.toDict());
    await expect(manager.updateJob(late)).rejects.toMatchObject({ code: 'conflict' });
    const absent = Job.fromDict({ ...job.toDict(), id: 'absent' });
    await expect(manager.updateJob(absent)).rejects.toMatchObject({ code: 'job_not_found' });
  });

  it.each([
    [{}, 'invalid_params'],
    [null, 'invalid_params'],
    [{ id: 'a', config_name: 'a' }, 'invalid_params'],
    [{ id: 'A', config_name: 'a', schedule: schedule.toDict() }, 'invalid_params'],
    [{ id: 'a', config_name: 'a', schedule: { type: 'daily', time: '9' } }, 'invalid_schedule'],
    [{ id: 'a', config_name: 'a', schedule: schedule.toDict(), status: 'done' }, 'invalid_params'],
    [{ id: 'a', config_name: 'a', schedule: schedule.toDict(), schema_version: 2 }, 'invalid_params'],
    [{ id: 'a', config_name: 'a', schedule: schedule.toDict(), last_run: 'soon' }, 'invalid_params'],
  ])('refuses %j', (data, code) => {
    expect(() => Job.fromDict(data)).toThrow(expect.objectContaining({ code }));
  });
});

import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JobManager, JobSchedule, Scheduler } from 'quickscrape-jobs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gatedConfig, gatedSite } from '../gated-site.ts';
import { lacks } from '../platform.ts';
import { tempFolder } from '../temp-folder.ts';
import { waitFor } from '../wait-for.ts';

/** The four usage examples of the specification, line by line, against the built package. */
let home: string;
let printed: string[];

beforeEach(() => {
  home = tempFolder();
  printed = [];
  // The examples use the default home, as a user's script would.
  vi.stubEnv('QUICKSCRAPE_HOME', home);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

const print = (line: string) => {
  printed.push(line);
};

describe('usage example: creating and starting a job', () => {
  it.skipIf(lacks('shell'))('creates the daily job, prints its id and starts the scheduler', async () => {
    // Create a job manager
    const jobManager = new JobManager();

    // Create a daily job that runs at 9:00 AM
    const schedule = JobSchedule.daily('09:00');
    const job = await jobManager.createJob({
      configName: 'product_scraper',
      schedule,
      description: 'Daily product price scrape',
      outputFormat: 'csv',
      outputPath: 'products_{date}.csv',
      maxRetries: 3,
      retryDelay: 300,
      onSuccess: '/path/to/success_script.sh',
      onFailure: '/path/to/failure_script.sh',
    });

    print(`Created job with ID: ${job.id}`);

    // Start the scheduler
    const scheduler = new Scheduler(jobManager);
    await scheduler.start();

    expect(printed).toEqual([expect.stringMatching(/^Created job with ID: product-scraper-[a-z0-9]{4}$/)]);
    expect(scheduler.isRunning()).toBe(true);
    expect(scheduler.getStatus()).toMatchObject({ running: true, pid: process.pid, jobs: 1, enabled: 1 });
    expect(scheduler.getStatus().nextRun?.getTime()).toBe(job.nextRun?.getTime());
    await scheduler.stop();
    expect(scheduler.isRunning()).toBe(false);
    await jobManager.close();
  });
});

describe('usage example: managing existing jobs', () => {
  it('lists all, updates one, deletes one', async () => {
    const before = new JobManager();
    const daily = JobSchedule.daily('09:00');
    await before.createJob({
      id: 'abc123',
      configName: 'product_scraper',
      schedule: daily,
      description: 'Old',
    });
    await before.createJob({ id: 'xyz789', configName: 'product_scraper', schedule: daily });
    await before.close();

    // Create a job manager
    const jobManager = new JobManager();

    // List all jobs
    const jobs = await jobManager.listJobs();
    for (const job of jobs) {
      print(`Job ${job.id}: ${job.description} (Next run: ${job.nextRun?.toISOString()})`);
    }

    // Get a specific job
    const job = await jobManager.getJob('abc123');
    if (job) {
      // Update the job
      job.maxRetries = 5;
      job.description = 'Updated description';
      await jobManager.updateJob(job);
      print(`Updated job ${job.id}`);
    }

    // Delete a job
    await jobManager.deleteJob('xyz789');

    expect(printed).toEqual([
      expect.stringMatching(/^Job abc123: Old \(Next run: \d{4}-.*Z\)$/),
      expect.stringMatching(/^Job xyz789: null \(Next run: \d{4}-.*Z\)$/),
      'Updated job abc123',
    ]);
    expect(await jobManager.getJob('xyz789')).toBeUndefined();
    expect(await jobManager.getJob('abc123')).toMatchObject({
      maxRetries: 5,
      description: 'Updated description',
    });
    await jobManager.close();
  });
});

describe('usage example: custom schedule with cron expression', () => {
  it('creates the job and knows its next run', async () => {
    // Create a job manager
    const jobManager = new JobManager();

    // Create a custom schedule that runs at 9:00 AM on weekdays
    const schedule = JobSchedule.custom('0 9 * * 1-5', { timezone: 'Europe/Berlin' });
    const job = await jobManager.createJob({
      configName: 'news_scraper',
      schedule,
      description: 'Weekday news scraping',
    });

    print(`Next run time: ${job.nextRun?.toISOString()}`);

    expect(job.nextRun?.getTime()).toBe(schedule.getNextRunTime()?.getTime());
    const weekday = new Intl.DateTimeFormat('en', { weekday: 'short', timeZone: 'Europe/Berlin' });
    expect(['Mon', 'Tue', 'Wed', 'Thu', 'Fri']).toContain(weekday.format(job.nextRun ?? 0));
    await jobManager.close();
  });
});

describe('usage example: running a job manually', () => {
  async function runAbc123(): Promise<void> {
    // Create a job manager
    const jobManager = new JobManager();

    // Get a job
    const job = await jobManager.getJob('abc123');
    if (job) {
      // Run the job immediately
      const success = await job.run();
      if (success) print('Job ran successfully');
      else print('Job failed');
    }
    await jobManager.close();
  }

  async function prepare(onSuccess: string | null) {
    const site = await gatedSite();
    const jobManager = new JobManager();
    writeFileSync(join(home, 'configs', 'news_scraper.yaml'), gatedConfig(site.url));
    await jobManager.createJob({
      id: 'abc123',
      configName: 'news_scraper',
      schedule: JobSchedule.daily('09:00'),
      outputPath: 'news.csv',
      ...(onSuccess !== null && { onSuccess }),
    });
    await jobManager.close();
    return site;
  }

  it('runs it in a process of its own and leaves the file', async () => {
    await prepare(null);
    await runAbc123();
    expect(printed).toEqual(['Job ran successfully']);
    expect(readFileSync(join(home, 'output', 'news.csv'), 'utf8')).toBe('name\nonly row\n');
  });

  it('says when it failed', async () => {
    const site = await prepare(null);
    site.answer(404);
    await runAbc123();
    expect(printed).toEqual(['Job failed']);
  });

  it.skipIf(lacks('shell'))(
    'calls the success script when it may be executed, and succeeds without it when it may not',
    async () => {
      const script = join(home, 'success_script.sh');
      writeFileSync(script, '#!/bin/sh\ntouch called\n');
      chmodSync(script, 0o644);
      await prepare(script);
      await runAbc123();
      expect(printed).toEqual(['Job ran successfully']);
      expect(existsSync(join(home, 'called'))).toBe(false);
      chmodSync(script, 0o755);
      await runAbc123();
      await waitFor('the script to have been called', () => existsSync(join(home, 'called')));
      expect(printed).toEqual(['Job ran successfully', 'Job ran successfully']);
    },
  );
});

import { readFileSync, rmSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { isActive } from '../../src/core/model/run-record.ts';
import { readWorker } from '../../src/core/workers/worker-records.ts';
import { waitFor } from '../wait-for.ts';
import { wholeOutput } from './numbered-site.ts';
import { itWithRedis, RedisServer } from './redis-server.ts';
import { RemoteHome } from './remote-home.ts';

const JOBS = ['a', 'b', 'c', 'd'];

describe('the scheduler is killed', () => {
  itWithRedis('while runs go on and end: the next one finishes them', async () => {
    const home = await RemoteHome.make(await RedisServer.start());
    await home.jobs(JOBS);
    const worker = await home.worker('paris', { slots: 2 });
    const scheduler = await home.scheduler();
    await home.joined(worker);
    home.site.hold(2);
    await home.request(JOBS);
    await waitFor('two runs at page 2', () => home.site.waiting() === 2);
    await scheduler.end('SIGKILL');
    home.site.open();
    await waitFor(
      'both to end at the site',
      () => JOBS.filter((id) => home.site.hits(id, 3) === 1).length === 2,
    );
    // Nobody but a scheduler finishes them, and no command gives them up.
    expect((await home.command('job', 'list')).code).toBe(0);
    expect(JOBS.every((id) => isActive(home.run(id).status))).toBe(true);
    await home.scheduler();
    await home.allEnded(JOBS);
    home.expectOnce(JOBS);
    // Removed a moment after the outcome is recorded.
    await waitFor(
      'the files of the workers to be removed',
      () => JOBS.flatMap((id) => home.incoming(id)).length === 0,
    );
  });

  itWithRedis('while a start with tags waits: the next one lets the worker take it', async () => {
    const home = await RemoteHome.make(await RedisServer.start(), { worker_lost_after: 3600 });
    await home.jobs(['tagged'], { worker: ['browser'] });
    const worker = await home.worker('paris', { tags: ['browser'] });
    const scheduler = await home.scheduler();
    await home.joined(worker);
    await worker.end('SIGKILL');
    await home.request(['tagged']);
    await home.runThat('tagged', ({ status }) => status === 'starting', 'the start to be handed over');
    await scheduler.end('SIGKILL');
    await home.scheduler();
    // Its next process knows only what the next scheduler says.
    await home.worker('paris', { folder: worker.folder });
    await home.allEnded(['tagged']);
    home.expectOnce(['tagged']);
  });
});

itWithRedis('what a worker said long ago does not make its clock slow', async () => {
  const redis = await RedisServer.start();
  const home = await RemoteHome.make(redis);
  const worker = await home.worker('paris');
  const client = redis.client({ retry: true });
  await waitFor('a letter', async () => (await client.keys('*:home:wait')).length > 0);
  client.disconnect();
  await worker.end('SIGKILL');
  await home.scheduler();
  await home.joined(worker);
  expect(readWorker(home.workspace.db, 'paris')?.skewMs).toBe(0);
});

describe('while a run goes on elsewhere', () => {
  itWithRedis('the database is lost: the row comes back, and nothing is started twice', async () => {
    const home = await RemoteHome.make(await RedisServer.start());
    await home.jobs(['job']);
    const worker = await home.worker('paris');
    await home.scheduler();
    await home.joined(worker);
    home.site.hold(2);
    await home.request(['job']);
    await waitFor('page 2', () => home.site.waiting() === 1);
    const { runId } = home.run('job');
    const { database } = home.workspace.paths;
    for (const end of ['', '-wal', '-shm']) rmSync(`${database}${end}`, { force: true });
    home.workspace.db.reopenIfReplaced();
    await waitFor('the row', () => home.workspace.runs.get(runId)?.status === 'running');
    home.site.open();
    await home.allEnded(['job']);
    home.expectOnce(['job']);
  });

  itWithRedis('the job is edited and the configuration too: it ends as it was granted', async () => {
    const home = await RemoteHome.make(await RedisServer.start());
    await home.jobs(['job'], { max_retries: 0 });
    const worker = await home.worker('paris');
    await home.scheduler();
    await home.joined(worker);
    home.site.hold(2);
    await home.request(['job']);
    await waitFor('page 2', () => home.site.waiting() === 1);
    await home.workspace.configs.write('job', home.site.config('other').replaceAll('name:', 'renamed:'));
    const fields = { output_format: 'jsonl', output_path: 'elsewhere.jsonl', expect: { min_items: 50 } };
    await home.workspace.jobs.update('job', fields, { by: 'library' });
    home.site.open();
    await home.allEnded(['job']);
    home.expectOnce(['job']);
    expect(readFileSync(home.run('job').outputPath ?? '', 'utf8')).toBe(wholeOutput('job'));
    expect(home.site.hits('other')).toBe(0);
  });

  itWithRedis('the result is larger than it may be: it fails, and its slot is free again', async () => {
    const home = await RemoteHome.make(await RedisServer.start(), { executor_max_result: 1 });
    await home.jobs(['large', 'small']);
    const worker = await home.worker('paris', { slots: 1 });
    await home.scheduler();
    await home.joined(worker);
    home.site.widen('large', 800_000);
    await home.request(['large']);
    await home.allEnded(['large']);
    expect(home.run('large')).toMatchObject({ status: 'failed', error: { kind: 'result_too_large' } });
    await home.request(['small']);
    await home.allEnded(['small']);
    home.expectOnce(['small']);
  });
});

describe('a job whose tags no worker has', () => {
  itWithRedis('waits and says so, and holds up no other', async () => {
    const home = await RemoteHome.make(await RedisServer.start());
    await home.jobs(['nobody'], { worker: ['mars'], priority: 10 });
    await home.jobs(['any', 'tagged']);
    await home.workspace.jobs.update('tagged', { worker: ['eu'] }, { by: 'library' });
    const worker = await home.worker('paris', { tags: ['eu'], slots: 1 });
    await home.scheduler();
    await home.joined(worker);
    await home.request(['nobody', 'any', 'tagged']);
    await home.allEnded(['any', 'tagged']);
    home.expectOnce(['any', 'tagged']);
    expect(home.run('nobody')).toMatchObject({ status: 'queued', attempt: 0 });
    const { stdout } = await home.command('job', 'history', 'nobody', '--json');
    expect(stdout).toContain('mars');
    expect((await home.command('job', 'cancel', home.run('nobody').runId)).code).toBe(0);
    expect(home.run('nobody').status).toBe('cancelled');
  });
});

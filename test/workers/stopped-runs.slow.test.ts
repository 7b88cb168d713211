import { describe, expect } from 'vitest';
import { isActive } from '../../src/core/model/run-record.ts';
import { sendSignal } from '../send-signal.ts';
import { waitFor } from '../wait-for.ts';
import { itWithRedis, RedisServer } from './redis-server.ts';
import { isProcessAlive, RemoteHome, type WorkerProgram } from './remote-home.ts';

/** A home with one worker, on which the runs of these jobs wait for page 2. */
async function heldRuns(
  ids: readonly string[],
  { settings = {}, fields = {}, slots = 2 }: { settings?: object; fields?: object; slots?: number } = {},
) {
  const redis = await RedisServer.start();
  const home = await RemoteHome.make(redis, { worker_lost_after: 3600, ...settings });
  await home.jobs(ids, { ...fields });
  const worker = await home.worker('paris', { slots });
  const scheduler = await home.scheduler();
  await home.joined(worker);
  home.site.hold(2);
  await home.request(ids);
  await waitFor('page 2', () => home.site.waiting() === Math.min(slots, ids.length));
  return { redis, home, worker, scheduler };
}

async function ranAgain(home: RemoteHome, id = 'again'): Promise<void> {
  home.site.open();
  await home.jobs([id]);
  await home.request([id]);
  await home.allEnded([id]);
  home.expectOnce([id]);
}

describe('a run is cancelled by another process', () => {
  itWithRedis('while a worker executes it', async () => {
    const { home, worker } = await heldRuns(['job'], { slots: 1 });
    const { code, stderr } = await home.command('job', 'cancel', home.run('job').runId);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(home.run('job')).toMatchObject({ status: 'cancelled', attempt: 1, worker: 'paris' });
    await waitFor('no request to be left', () => home.site.waiting() === 0);
    expect(worker.said()).not.toContain('without a result');
    await ranAgain(home);
    expect([home.site.hits('job'), home.site.hits('job', 3)]).toEqual([1, 0]);
  });

  itWithRedis('before any worker has claimed it', async () => {
    const { home, worker } = await heldRuns(['first'], { slots: 2 });
    sendSignal(worker, 'SIGSTOP');
    await home.jobs(['job']);
    await home.request(['job']);
    await home.runThat('job', ({ status }) => status === 'starting', 'the start to be handed over');
    expect((await home.command('job', 'cancel', home.run('job').runId)).code).toBe(0);
    expect(home.run('job')).toMatchObject({ status: 'cancelled', attempt: 0 });
    sendSignal(worker, 'SIGCONT');
    // The slot that it would have taken is free.
    home.site.hold(1);
    await home.jobs(['next']);
    await home.request(['next']);
    await waitFor('the next one to start', () => home.site.hits('next') === 1);
    home.site.open();
    await home.allEnded(['first', 'next']);
    home.expectOnce(['first', 'next']);
    expect(home.site.hits('job')).toBe(0);
  });
});

describe('a worker that shall end', () => {
  itWithRedis.for(['worker drain', 'SIGTERM'])('by %s finishes what it executes', async (how) => {
    const { home, worker } = await heldRuns(['a', 'b']);
    await home.jobs(['later']);
    await end(home, worker, how);
    await waitFor('it to take no more', () => worker.said().includes('no more runs are taken'));
    await home.request(['later']);
    home.site.open();
    expect(await worker.ended).toBe(0);
    await home.allEnded(['a', 'b']);
    home.expectOnce(['a', 'b']);
    expect(home.site.hits('later')).toBe(0);
    await home.worker('paris', { folder: worker.folder });
    await home.allEnded(['later']);
    home.expectOnce(['later']);
  });

  itWithRedis.for(['worker drain --now', 'SIGTERM twice'])('by %s ends what it executes', async (how) => {
    const { home, worker } = await heldRuns(['a', 'b']);
    const children = worker.children();
    await end(home, worker, how);
    expect(await worker.ended).toBe(0);
    await home.allEnded(['a', 'b']);
    for (const id of ['a', 'b']) {
      expect(home.run(id)).toMatchObject({ status: 'failed', error: { kind: 'terminated' } });
      expect([home.site.hits(id), home.site.hits(id, 3)]).toEqual([1, 0]);
    }
    await waitFor('its processes to end', () => !children.some(isProcessAlive));
  });

  itWithRedis('by SIGTERM ends while Redis is away', async () => {
    const redis = await RedisServer.start();
    const home = await RemoteHome.make(redis);
    await redis.kill();
    const worker = await home.worker('paris');
    await waitFor('it to miss Redis', () => worker.said().includes('cannot be reached'));
    worker.signal('SIGTERM');
    expect(await worker.ended).toBe(0);
  });

  itWithRedis.for(['dead', 'standing still'])('by SIGTERM twice ends while Redis is %s', async (how) => {
    const { redis, home, worker } = await heldRuns(['a']);
    const children = worker.children();
    if (how === 'dead') await redis.kill();
    else redis.signal('SIGSTOP');
    const signalledAt = performance.now();
    await end(home, worker, 'SIGTERM twice');
    expect(await worker.ended).toBe(0);
    expect(performance.now() - signalledAt).toBeLessThan(20_000);
    expect(worker.said()).toContain(`not delivered to the home: run ${home.run('a').runId} of job a`);
    await waitFor('its processes to end', () => !children.some(isProcessAlive));
    redis.signal('SIGCONT');
  });

  itWithRedis('by SIGTERM three times ends at once', async () => {
    const { redis, home, worker } = await heldRuns(['a']);
    const children = worker.children();
    await redis.kill();
    await end(home, worker, 'SIGTERM twice');
    const signalledAt = performance.now();
    // Two signals of one kind that arrive together are one.
    await waitFor('the second signal', () => worker.said().includes('are cancelled'));
    worker.signal('SIGTERM');
    expect(await worker.ended).toBe(143);
    expect(performance.now() - signalledAt).toBeLessThan(3_000);
    await waitFor('its processes to end', () => !children.some(isProcessAlive));
  });

  itWithRedis('because it is revoked ends at once, and its run is retried elsewhere', async () => {
    const { home, worker } = await heldRuns(['job'], { fields: { max_retries: 1 } });
    expect((await home.command('worker', 'revoke', 'paris')).code).toBe(0);
    expect(await worker.ended).toBe(3);
    home.site.open();
    await home.worker('oslo');
    await home.allEnded(['job']);
    home.expectOnce(['job'], 2);
    const [first] = home.workspace.runs.attempts(home.run('job').runId);
    expect(first).toMatchObject({ status: 'abandoned', error: { message: /was revoked/ } });
    // It is refused when it comes again.
    const again = await home.worker('paris', { folder: worker.folder });
    expect(await again.ended).toBe(3);
    expect(again.said()).toContain('its invitation was revoked');
  });
});

async function end(home: RemoteHome, worker: WorkerProgram, how: string): Promise<void> {
  if (how.startsWith('worker')) {
    const { code, stderr } = await home.command(...how.split(' '), 'paris');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    return;
  }
  worker.signal('SIGTERM');
  if (how !== 'SIGTERM twice') return;
  await waitFor('the first signal', () => worker.said().includes('no more runs are taken'));
  worker.signal('SIGTERM');
}

describe('scheduler stop', () => {
  itWithRedis('lets runs of workers go on, and the next scheduler finishes them', async () => {
    const { home, scheduler } = await heldRuns(['a', 'b', 'waiting']);
    expect((await home.command('scheduler', 'stop')).code).toBe(0);
    expect(await scheduler.ended).toBe(0);
    expect(['a', 'b'].filter((id) => home.run(id).status === 'running')).toEqual(['a', 'b']);
    expect(home.run('waiting')).toMatchObject({ status: 'queued', startToken: null });
    home.site.open();
    await home.scheduler();
    await home.allEnded(['a', 'b', 'waiting']);
    home.expectOnce(['a', 'b', 'waiting']);
  });

  itWithRedis('--force cancels them', async () => {
    const { home, scheduler } = await heldRuns(['a', 'b']);
    expect((await home.command('scheduler', 'stop', '--force')).code).toBe(0);
    expect(await scheduler.ended).toBe(0);
    expect(['a', 'b'].map((id) => home.run(id).status)).toEqual(['cancelled', 'cancelled']);
    await waitFor('no request to be left', () => home.site.waiting() === 0);
  });

  itWithRedis.for(['dead', 'standing still'])('ends while Redis is %s', async (how) => {
    const { redis, home, scheduler, worker } = await heldRuns(['a', 'b']);
    sendSignal(worker, 'SIGSTOP');
    await home.jobs(['handed-over']);
    await home.request(['handed-over']);
    if (how === 'dead') await redis.kill();
    else redis.signal('SIGSTOP');
    expect((await home.command('scheduler', 'stop')).code).toBe(0);
    expect(await scheduler.ended).toBe(0);
    expect(['a', 'b'].map((id) => home.run(id).status)).toEqual(['running', 'running']);
    expect(home.run('handed-over')).toMatchObject({ status: 'queued', attempt: 0 });
    if (how === 'dead') await redis.start();
    else redis.signal('SIGCONT');
    sendSignal(worker, 'SIGCONT');
    home.site.open();
    await home.scheduler();
    await home.allEnded(['a', 'b', 'handed-over']);
    home.expectOnce(['a', 'b', 'handed-over']);
  });

  itWithRedis('--force ends while Redis is dead', async () => {
    const { redis, home, scheduler } = await heldRuns(['a'], { settings: { run_grace: 1 } });
    await redis.kill();
    expect((await home.command('scheduler', 'stop', '--force')).code).toBe(0);
    expect(await scheduler.ended).toBe(0);
    expect(isActive(home.run('a').status)).toBe(false);
    home.site.open();
    await redis.start();
    await home.scheduler();
    await ranAgain(home);
    expect(home.run('a').status).toBe('cancelled');
  });
});

import { describe, expect } from 'vitest';
import { readWorker, setWorkerDrain } from '../../src/core/workers/worker-records.ts';
import { sendSignal } from '../send-signal.ts';
import { waitFor } from '../wait-for.ts';
import { itWithRedis, RedisServer } from './redis-server.ts';
import { isProcessAlive, RemoteHome } from './remote-home.ts';

const isAbandoned = ({ status }: { status: string }) => status === 'abandoned';

describe('a worker that is killed', () => {
  itWithRedis('leaves no process that goes on; its runs are retried as their jobs say', async () => {
    const home = await RemoteHome.make(await RedisServer.start());
    await home.jobs(['retried'], { max_retries: 1 });
    await home.jobs(['once']);
    const first = await home.worker('first');
    await home.scheduler();
    await home.joined(first);
    home.site.hold(2);
    await home.request(['retried', 'once']);
    await waitFor('both runs to ask for page 2', () => home.site.waiting() === 2);
    const children = first.children();
    expect(children.length).toBeGreaterThanOrEqual(2);
    await first.end('SIGKILL');
    const killedAt = Date.now();
    await waitFor('its processes to end', () => !children.some(isProcessAlive));
    await waitFor('no request to be left', () => home.site.waiting() === 0);
    await home.worker('second');
    await home.runThat('once', isAbandoned, 'the run without a retry to be abandoned');
    expect(home.run('once').error).toMatchObject({ kind: 'abandoned', message: /first/ });
    // That its runs have ended is no sign of life.
    await waitFor('its slots to be free', () => readWorker(home.workspace.db, 'first')?.running === 0);
    expect(readWorker(home.workspace.db, 'first')?.lastSeen).toBeLessThanOrEqual(killedAt);
    home.site.open();
    await home.allEnded(['retried']);
    home.expectOnce(['retried'], 2);
    expect(home.run('retried').worker).toBe('second');
    expect([home.site.hits('once'), home.site.hits('once', 3)]).toEqual([1, 0]);
    await waitFor('the files of the worker to be removed', () => home.incoming('retried').length === 0);
  });

  itWithRedis('gives its runs up as soon as its next process is there', async () => {
    const home = await RemoteHome.make(await RedisServer.start(), { worker_lost_after: 3600 });
    await home.jobs(['job'], { max_retries: 1 });
    const first = await home.worker('paris');
    await home.scheduler();
    await home.joined(first);
    home.site.hold(2);
    await home.request(['job']);
    await waitFor('page 2', () => home.site.waiting() === 1);
    await first.end('SIGKILL');
    await waitFor('no request to be left', () => home.site.waiting() === 0);
    home.site.open();
    await home.worker('paris', { folder: first.folder });
    await home.allEnded(['job']);
    home.expectOnce(['job'], 2);
    const [lost] = home.workspace.runs.attempts(home.run('job').runId);
    expect(lost).toMatchObject({
      status: 'abandoned',
      error: { message: /was restarted/ },
    });
  });

  itWithRedis('and whose drain was asked for takes runs again when it is started again', async () => {
    const redis = await RedisServer.start();
    const home = await RemoteHome.make(redis);
    await home.jobs(['job']);
    const first = await home.worker('paris');
    await home.scheduler();
    await home.joined(first);
    await first.end('SIGKILL');
    setWorkerDrain(home.workspace.db, 'paris', 1);
    await redis.kill();
    // What it says first is lost.
    const second = await home.worker('paris', { folder: first.folder });
    await waitFor('it to find that Redis is away', () => second.said().includes('cannot be reached'));
    await redis.start();
    await home.request(['job']);
    await home.allEnded(['job']);
    home.expectOnce(['job']);
  });
});

describe('a run whose process is killed on the worker', () => {
  itWithRedis('is abandoned at once, and its slot is free again', async () => {
    const home = await RemoteHome.make(await RedisServer.start(), { worker_lost_after: 3600 });
    await home.jobs(['killed', 'next']);
    const worker = await home.worker('paris', { slots: 1 });
    await home.scheduler();
    await home.joined(worker);
    home.site.hold(2);
    await home.request(['killed']);
    await waitFor('page 2', () => home.site.waiting() === 1);
    for (const pid of worker.children()) sendSignal({ pid }, 'SIGKILL');
    await home.runThat('killed', isAbandoned, 'the run to be abandoned');
    home.site.open();
    await home.request(['next']);
    await home.allEnded(['next']);
    home.expectOnce(['next']);
  });
});

describe('a worker that stands still for longer than it may', () => {
  itWithRedis('while its run processes do not: they end before the home gives the runs up', async () => {
    const home = await RemoteHome.make(await RedisServer.start());
    await home.jobs(['a', 'b'], { max_retries: 1 });
    const stale = await home.worker('stale');
    await home.scheduler();
    await home.joined(stale);
    home.site.hold(2);
    await home.request(['a', 'b']);
    await waitFor('page 2', () => home.site.waiting() === 2);
    const children = stale.children();
    sendSignal(stale, 'SIGSTOP');
    await waitFor('no request to be left', () => home.site.waiting() === 0);
    expect(['a', 'b'].map((id) => home.run(id).status)).toEqual(['running', 'running']);
    await waitFor('its processes to end', () => !children.some(isProcessAlive));
    home.site.open();
    await home.worker('fresh');
    await home.allEnded(['a', 'b']);
    home.expectOnce(['a', 'b'], 2);
    sendSignal(stale, 'SIGCONT');
    await waitFor(
      'it to be refused',
      () => stale.said().match(/: this start no longer counts/g)?.length === 2,
    );
  });

  itWithRedis('is refused when it goes on: the outcome is that of the retry', async () => {
    const home = await RemoteHome.make(await RedisServer.start());
    await home.jobs(['a', 'b'], { max_retries: 1 });
    const stale = await home.worker('stale');
    await home.scheduler();
    await home.joined(stale);
    home.site.hold(2);
    await home.request(['a', 'b']);
    await waitFor('page 2', () => home.site.waiting() === 2);
    const machine = [stale.pid, ...stale.children()];
    for (const pid of machine) sendSignal({ pid }, 'SIGSTOP');
    const fresh = await home.worker('fresh');
    await waitFor('the retries', () => home.site.hits('a', 2) === 2 && home.site.hits('b', 2) === 2);
    home.site.open();
    await home.allEnded(['a', 'b']);
    home.expectOnce(['a', 'b'], 2);
    const before = [home.run('a'), home.run('b')];
    for (const pid of machine) sendSignal({ pid }, 'SIGCONT');
    const refusals = /: (?:this start no longer counts|the home does not need it)/g;
    await waitFor('it to be refused', () => stale.said().match(refusals)?.length === 2);
    expect([home.run('a'), home.run('b')]).toEqual(before);
    home.expectOnce(['a', 'b'], 2);
    expect(before.map(({ worker }) => worker)).toEqual(['fresh', 'fresh']);
    // It takes runs again.
    await fresh.end('SIGKILL');
    await home.jobs(['c']);
    await home.request(['c']);
    await home.allEnded(['c']);
    home.expectOnce(['c']);
  });
});

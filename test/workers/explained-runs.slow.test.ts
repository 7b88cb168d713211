import { expect } from 'vitest';
import { callOperation } from '../../src/core/operations/call-operation.ts';
import { itWithRedis, RedisServer } from './redis-server.ts';
import { RemoteHome } from './remote-home.ts';

itWithRedis('a run of a worker on another machine is explained as one of this machine is', async () => {
  const home = await RemoteHome.make(await RedisServer.start());
  await home.jobs(['job']);
  const { workspace } = home;
  await home.scheduler();
  const worker = await home.worker('paris');
  await home.joined(worker);
  const run = async () => {
    await home.request(['job']);
    await home.allEnded(['job']);
    return home.run('job');
  };
  const good = await run();
  expect(good).toMatchObject({ status: 'succeeded', worker: 'paris' });
  home.site.rename('job', { row: 'row', b: 'strong' });
  const { runId, worker: by } = await run();
  expect(by).toBe('paris');
  const told = await callOperation(workspace, 'explain_run', { run_id: runId });
  expect(told).toMatchObject({
    ...{ status: 'failed', cause: 'page_changed', since: { last_good_run: good.runId } },
    page: { compared_with: good.runId, gone: expect.arrayContaining(['b ×1']) },
    changes: { 'selectors.name': expect.any(String) },
    after: { rows: 1, sample: { name: 'row-job-1' } },
  });
  const [tried] = told.next;
  expect(tried?.operation).toBe('test_config');
  expect(await callOperation(workspace, 'test_config', tried?.params as never)).toMatchObject({ items: 1 });

  // A worker that disappears leaves no page: another cause, and the run can be repeated.
  home.site.hold(1);
  await home.request(['job']);
  await home.runThat('job', ({ status }) => status === 'running', 'the run to start');
  const children = worker.children();
  await worker.end();
  for (const pid of children) process.kill(pid, 'SIGKILL');
  await home.allEnded(['job']);
  const lost = await callOperation(workspace, 'explain_run', { run_id: home.run('job').runId });
  expect(lost).toMatchObject({ status: 'abandoned', cause: 'worker', page: null, changes: {} });
  expect(lost.explanation.join('\n')).toContain('paris');
  expect(lost.next.map(({ operation }) => operation)).toEqual(['list_workers', 'run_job', 'get_log']);
});

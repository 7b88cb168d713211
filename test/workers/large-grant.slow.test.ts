import { mkdirSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { getPersistentFiles } from '../../src/core/runs/run-files.ts';
import { itWithRedis, RedisServer } from './redis-server.ts';
import { RemoteHome } from './remote-home.ts';

itWithRedis.for([
  ['is executed by the home, which has slots', 1],
  ['fails where the home executes no runs', 0],
] as const)('a run with more cookies than are sent %s', async ([, slots]) => {
  const home = await RemoteHome.make(await RedisServer.start(), { executor_local_slots: slots });
  await home.jobs(['large', 'usual']);
  const { folder, cookies } = getPersistentFiles(home.workspace.paths, 'large');
  mkdirSync(folder, { recursive: true });
  writeFileSync(cookies, ' '.repeat(1_000_001));
  const worker = await home.worker('paris');
  await home.scheduler();
  await home.joined(worker);
  await home.request(['large', 'usual']);
  await home.allEnded(['large', 'usual']);
  home.expectOnce(['usual']);
  expect(home.run('usual').worker).toBe('paris');
  const { status, worker: of, error } = home.run('large');
  if (slots === 0)
    expect({ status, error: error?.message }).toMatchObject({ status: 'failed', error: /cookies/ });
  else expect({ of, error: error?.message }).toMatchObject({ of: null });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { tempFolder } from '../temp-folder.ts';
import { waitFor } from '../wait-for.ts';
import { itWithRedis, RedisServer } from './redis-server.ts';
import { RemoteHome } from './remote-home.ts';

itWithRedis('commands that take long after their runs do not hold up the runs that follow', async () => {
  const jobs = ['a', 'b', 'c', 'd'];
  const folder = tempFolder();
  const [gate, script] = [join(folder, 'gate'), join(folder, 'wait.mjs')];
  writeFileSync(
    script,
    `import { existsSync } from 'node:fs';\nsetInterval(() => existsSync(${JSON.stringify(gate)}) && process.exit(), 20);\n`,
  );
  const home = await RemoteHome.make(await RedisServer.start());
  await home.jobs(jobs, { on_success: `${process.execPath} ${script}` });
  await home.scheduler();
  await home.joined(await home.worker('paris', { slots: 2 }));
  await home.request(jobs);
  await home.allEnded(jobs);
  expect(jobs.map((id) => home.run(id)).map(({ status, callback }) => [status, callback])).toEqual(
    jobs.map(() => ['succeeded', expect.stringMatching(/^(?:due|running)$/)]),
  );
  writeFileSync(gate, '');
  await waitFor('all commands', () => jobs.every((id) => home.run(id).callback === 'done'));
});

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { waitFor } from '../wait-for.ts';
import { itWithRedis, RedisServer } from './redis-server.ts';
import { RemoteHome } from './remote-home.ts';

const SECRET = 'hunter2-Zq/9=x&y';
const REDIS_PASSWORD = 'password-of-redis';

/** The files below a folder, with their contents. */
function filesOf(folder: string): [name: string, content: string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const file = join(entry.parentPath, entry.name);
    return entry.isFile() ? [[file.slice(folder.length), readFileSync(file, 'latin1')] as const] : [];
  }) as [string, string][];
}

itWithRedis(
  'nothing of a run can be read in Redis, nor its secrets on the machine of its worker',
  async () => {
    const redis = await RedisServer.start({ appendOnly: true, config: [['requirepass', REDIS_PASSWORD]] });
    const home = await RemoteHome.make(redis);
    writeFileSync(
      home.workspace.paths.secrets,
      `SITE_KEY="${SECRET}"\nQUICKSCRAPE_REDIS_PASSWORD=${REDIS_PASSWORD}\n`,
      { mode: 0o600 },
    );
    await home.jobs(
      ['my-job'],
      {},
      'headers:\n  X-Key: "${SITE_KEY}"\n  X-Text: text-of-the-configuration\n',
    );
    let monitored = '';
    const monitor = connect(redis.socket, () => monitor.write(`AUTH ${REDIS_PASSWORD}\r\nMONITOR\r\n`));
    onTestFinished(() => void monitor.destroy());
    monitor.on('data', (bytes) => {
      monitored += bytes.toString('latin1');
    });
    await waitFor('the monitor', () => monitored.match(/OK/g)?.length === 2);
    const worker = await home.worker('paris', { password: REDIS_PASSWORD });
    await home.scheduler();
    await home.joined(worker);
    // The second run begins with the cookies of the first one.
    for (const round of [1, 2]) {
      home.site.hold(3);
      await home.request(['my-job']);
      await waitFor('page 3', () => home.site.waiting() === 1);
      const { runId, startToken } = home.run('my-job');
      const onDisk = [
        SECRET,
        'text-of-the-configuration',
        'my-job.yaml',
        'cookie-of-the-site',
        REDIS_PASSWORD,
        `home ${home.workspace.paths.home}`,
      ];
      const found = filesOf(worker.folder).flatMap(([name, content]) =>
        onDisk.filter((text) => content.includes(text)).map((text) => `${name}: ${text}`),
      );
      expect(found, `the folder of the worker in round ${round}`).toEqual([]);
      const forbidden = [
        SECRET,
        'text-of-the-configuration',
        'cookie-of-the-site',
        'row-my-job',
        home.site.host,
      ];
      for (const pid of [worker.pid, ...worker.children()]) {
        const [environment, command] = ['environ', 'cmdline'].map((name) =>
          readFileSync(`/proc/${pid}/${name}`, 'latin1'),
        );
        for (const text of [...forbidden, 'my-job', REDIS_PASSWORD, runId]) {
          expect(environment, text).not.toContain(text);
          // The private host is allowed in the command of the worker itself.
          if (pid !== worker.pid || text !== home.site.host) expect(command, text).not.toContain(text);
        }
      }
      expect(startToken).not.toBeNull();
      home.site.open();
      await home.allEnded(['my-job']);
      expect(home.run('my-job')).toMatchObject({ status: 'succeeded', items: 3, worker: 'paris' });
      await waitFor('the worker to remove its copy', () => filesOf(join(worker.folder, 'runs')).length === 0);
    }
    const aof = filesOf(join(redis.folder, 'data'));
    expect(aof.length).toBeGreaterThan(0);
    const texts = [
      SECRET,
      'text-of-the-configuration',
      'cookie-of-the-site',
      'row-my-job',
      'my-job',
      home.site.host,
      home.run('my-job').runId,
      home.workspace.paths.home,
    ];
    expect(monitored).toContain('letter');
    for (const text of texts) {
      expect(monitored.includes(text), `${text} in what is sent to Redis`).toBe(false);
      for (const [name, content] of aof) expect(content.includes(text), `${text} in ${name}`).toBe(false);
    }
    expect(worker.said()).not.toContain(SECRET);
    expect(existsSync(join(worker.folder, 'runs'))).toBe(true);
  },
);

itWithRedis('a worker works as a user of Redis that may do no more than it has to', async () => {
  const redis = await RedisServer.start();
  const home = await RemoteHome.make(redis);
  await home.jobs(['any']);
  await home.jobs(['tagged'], { worker: ['eu'] });
  const scheduler = await home.scheduler();
  await home.invite('paris', ['eu']);
  const prefix = await waitFor('the queues', async () => {
    const keys = (await redis.call('KEYS', '*')) as string[];
    return /^\{qs-[0-9a-f]+\}/.exec(keys[0] ?? '')?.[0];
  });
  await redis.call(
    ...(['ACL', 'SETUSER', 'paris', 'on', '>secret', 'resetchannels'] as const),
    ...['runs', 'runs-eu', 'home', 'w-paris'].map((queue) => `~${prefix}:${queue}:*`),
    ...['-@all', '+@connection', '+@read', '+@write', '+@scripting', '-@dangerous', '+info'],
  );
  const { stdout } = await home.command('worker', 'invite', 'oslo', '--redis-user', 'paris');
  expect(stdout).not.toContain('secret');
  await home.command('worker', 'revoke', 'paris');
  const { stdout: invitation } = await home.command(
    ...['worker', 'invite', 'paris', '--tags', 'eu', '--redis-user', 'paris'],
  );
  home.keepInvitation('paris', invitation);
  const worker = await home.worker('paris', { env: { QUICKSCRAPE_REDIS_PASSWORD: 'secret' } });
  await home.joined(worker);
  await home.request(['any', 'tagged']);
  await home.allEnded(['any', 'tagged']);
  home.expectOnce(['any', 'tagged']);
  expect(worker.said()).not.toMatch(/NOPERM|permission/);
  expect(scheduler.said()).not.toMatch(/NOPERM|permission/);
});

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { programFile } from '../../src/core/lib/program.ts';
import { decodeInvitation } from '../../src/workers/protocol/invitation.ts';
import { homeQueueId, poolKeysOf, workerKey } from '../../src/workers/protocol/keys.ts';
import { lacks } from '../platform.ts';
import { shopHome } from './shop-home.ts';

const REDIS = 'rediss://home@redis.example:6380';

it.skipIf(lacks('modes'))(
  'invites a worker by one line on stdout, which holds its keys and no other',
  async () => {
    const { program: qs, home } = shopHome();
    await qs('config', 'set', 'executor_redis', REDIS);
    const { code, stdout, stderr } = await qs('worker', 'invite', 'paris-1', '--tags', 'eu,browser');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^[\w-]+\n$/);
    expect(stderr).toContain('quickscrape worker start --join-file FILE');
    expect(stderr).not.toContain(stdout.trim());
    const file = join(home, 'workers.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { key, workers } = JSON.parse(readFileSync(file, 'utf8'));
    const master = Buffer.from(key, 'base64');
    const keys = poolKeysOf(master, ['browser', 'eu']);
    expect(decodeInvitation(stdout)).toEqual({
      home: homeQueueId(master),
      name: 'paris-1',
      redis: 'rediss://redis.example:6380',
      user: 'home',
      key: workerKey(master, 'paris-1', workers['paris-1'].salt),
      pool: keys.pool,
      tags: Object.fromEntries(keys.tags),
    });
    expect(Buffer.from(stdout, 'base64url').includes(master.toString('base64url'))).toBe(false);

    const again = await qs('worker', 'invite', 'paris-1');
    expect(again).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringContaining('worker revoke paris-1'),
    });
    const other = await qs(
      ...['worker', 'invite', 'lab', '--redis', 'unix:///run/valkey.sock', '--redis-user', 'lab', '--json'],
    );
    const printed = JSON.parse(other.stdout);
    expect(printed).toMatchObject({ name: 'lab', tags: [] });
    expect(decodeInvitation(printed.invitation)).toMatchObject({
      redis: 'unix:///run/valkey.sock',
      user: 'lab',
    });
  },
);

it('refuses an invitation without an address of Redis, with a password, or with a wrong name', async () => {
  const { program: qs } = shopHome();
  expect(await qs('worker', 'invite', 'a')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('config set executor_redis'),
  });
  const secret = await qs('worker', 'invite', 'a', '--redis', 'redis://:hidden@redis.example');
  expect(secret).toMatchObject({ code: 2, stderr: expect.stringContaining('QUICKSCRAPE_REDIS_PASSWORD') });
  expect(secret.stderr).not.toContain('hidden');
  expect(await qs('worker', 'invite', 'Paris', '--redis', REDIS)).toMatchObject({ code: 2 });
  expect(await qs('worker', 'invite', 'a', '--tags', 'A', '--redis', REDIS)).toMatchObject({ code: 2 });
});

it('lists, drains and revokes workers', async () => {
  const { program: qs } = shopHome();
  expect((await qs('worker', 'list')).stdout).toBe(
    'No workers are invited. Invite one with: quickscrape worker invite NAME\n',
  );
  await qs('worker', 'invite', 'paris-1', '--tags', 'eu', '--redis', REDIS);
  expect((await qs('worker', 'list')).stdout).toMatch(
    /^WORKER +STATE +RUNS +TAGS +HEARD +VERSION +CLOCK\nparis-1 +invited +- +eu +never +- +-\n$/,
  );
  expect(JSON.parse((await qs('worker', 'list', '--json')).stdout)).toMatchObject({
    workers: [{ name: 'paris-1', state: 'invited' }],
  });
  expect(await qs('worker', 'drain', 'paris-1')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('has never connected'),
  });
  expect((await qs('worker', 'revoke', 'paris-1')).stdout).toBe('Worker paris-1 is revoked.\n');
  expect((await qs('worker', 'list')).stdout).toContain('revoked');
  expect(await qs('worker', 'revoke', 'lyon')).toMatchObject({ code: 3 });
  expect((await qs('complete', '--', 'worker', 'revoke', '')).stdout).toContain('paris-1');
});

it('takes the password of Redis from a file, which must exist', async () => {
  const { program: qs, home } = shopHome();
  const { stdout } = await qs('worker', 'invite', 'paris-1', '--redis', 'unix:///nowhere/redis.sock');
  const joinFile = join(home, 'join');
  writeFileSync(joinFile, stdout);
  const start = ['worker', 'start', '--join-file', joinFile, '--redis-password-file'];
  expect(await qs(...start, join(home, 'none'))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`there is no file ${join(home, 'none')}`),
  });
  writeFileSync(join(home, 'two-lines'), 'first\nsecond\n');
  expect(await qs(...start, join(home, 'two-lines'))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('a password is one line'),
  });
});

it('prints a service file that starts the worker and lets its runs finish', async () => {
  const { program: qs } = shopHome();
  const { stdout } = await qs('worker', 'unit', 'systemd', '--join-file', '/etc/50%/join');
  expect(stdout).toContain(
    `"${programFile('cli')}" "worker" "start" "--dir" "/var/lib/quickscrape-worker" --join-file \${CREDENTIALS_DIRECTORY}/join --redis-password-file \${CREDENTIALS_DIRECTORY}/redis-password\n`,
  );
  for (const line of [
    'Type=notify',
    'DynamicUser=yes',
    'StateDirectory=quickscrape-worker',
    'Restart=on-failure',
    'KillMode=mixed',
    'TimeoutStopSec=infinity',
    'LoadCredential=join:/etc/50%%/join',
    'LoadCredential=redis-password:/etc/quickscrape/redis-password',
  ])
    expect(stdout).toContain(`\n${line}\n`);
  // What a unit sets in the environment can be read in /proc.
  expect(stdout).not.toContain('EnvironmentFile');
  const other = await qs('worker', 'unit', 'systemd', '--redis-password-file', '/run/50%/pw');
  expect(other.stdout).toContain('\nLoadCredential=redis-password:/run/50%%/pw\n');
});

it('a worker’s service may have a user and a folder of its own, or neither', async () => {
  const { program: qs } = shopHome();
  const unit = ['worker', 'unit', 'systemd', '--dir', '/srv/w'];
  const { stdout } = await qs(...unit, '--run-as', 'scraper');
  expect(stdout).toContain('\nUser=scraper\n');
  expect(stdout).toContain('\nReadWritePaths="/srv/w"\n');
  expect(stdout).not.toMatch(/^(DynamicUser|StateDirectory)/m);
  expect(await qs(...unit)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--dir needs --run-as'),
  });
});

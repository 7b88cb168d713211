import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/core/lib/clock.ts';
import { isAccepted, WorkerInvitations } from '../../../src/core/workers/worker-invitations.ts';
import { lacks } from '../../platform.ts';
import { TempStore } from '../fs/temp-store.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-11-29T08:00:00.000Z');

let temp: TempStore;
let now: number;
let invitations: WorkerInvitations;
const clock = { now: () => now } as Clock;
beforeEach(() => {
  temp = new TempStore();
  now = START;
  invitations = new WorkerInvitations(temp.paths, clock);
});
afterEach(() => temp[Symbol.dispose]());

const file = () => JSON.parse(readFileSync(temp.paths.workers, 'utf8'));
const worker = (name: string) => invitations.read()?.workers.get(name);

it.skipIf(lacks('modes'))(
  'begins with the first invitation: a key of 32 bytes, for the owner alone',
  async () => {
    expect(invitations.read()).toBeUndefined();
    const { key, invitation } = await invitations.invite('paris-1', ['eu', 'browser', 'eu']);
    expect(key).toHaveLength(32);
    expect(statSync(temp.paths.workers).mode & 0o777).toBe(0o600);
    expect(file()).toEqual({
      version: 1,
      key: key.toString('base64'),
      workers: {
        'paris-1': {
          salt: invitation.salt,
          tags: ['browser', 'eu'],
          invited_at: '2026-11-29T08:00:00.000Z',
          joined_at: null,
          revoked_at: null,
        },
      },
    });
    expect(worker('paris-1')).toEqual(invitation);
    const second = await invitations.invite('paris-2', []);
    expect(second.key.equals(key)).toBe(true);
    expect(second.invitation.salt).not.toBe(invitation.salt);
  },
);

it.each([
  ['Paris', [], 'name'],
  ['a/b', [], 'name'],
  ['a', ['b,c'], 'tags'],
  ['a', Array.from({ length: 9 }, (_, at) => `tag-${at}`), 'tags'],
])('refuses the name %s with the tags %j', async (name, tags, field) => {
  await expect(invitations.invite(name, tags)).rejects.toMatchObject({ code: 'invalid_params', field });
  expect(existsSync(temp.paths.workers)).toBe(false);
});

it('joins once, expires after seven days without, and is replaced only then or when revoked', async () => {
  const first = (await invitations.invite('a', [])).invitation;
  await expect(invitations.invite('a', [])).rejects.toMatchObject({
    code: 'conflict',
    hint: expect.stringContaining('quickscrape worker revoke a'),
  });
  now += 7 * DAY;
  expect(isAccepted(worker('a'), now)).toBe(true);
  now += 1;
  expect(isAccepted(worker('a'), now)).toBe(false);
  await invitations.markJoined(['a']);
  expect(worker('a')?.joinedAt).toBeNull();
  const second = (await invitations.invite('a', [])).invitation;
  expect(second.salt).not.toBe(first.salt);
  await invitations.markJoined(['a']);
  expect(worker('a')?.joinedAt).toBe(now);
  const joined = readFileSync(temp.paths.workers, 'utf8');
  now += 30 * DAY;
  await invitations.markJoined(['a']);
  expect(readFileSync(temp.paths.workers, 'utf8')).toBe(joined);
  expect(isAccepted(worker('a'), now)).toBe(true);

  expect(await invitations.revoke('a')).toMatchObject({ revokedAt: now });
  const revokedAt = now;
  now += 1;
  expect(await invitations.revoke('a')).toMatchObject({ revokedAt });
  expect(isAccepted(worker('a'), now)).toBe(false);
  await invitations.invite('a', []);
  expect(isAccepted(worker('a'), now)).toBe(true);
  await expect(invitations.revoke('b')).rejects.toMatchObject({ code: 'worker_not_found' });
});

it('loses no invitation of several that are made at once', async () => {
  const names = Array.from({ length: 20 }, (_, at) => `w-${at}`);
  const made = await Promise.all(
    names.map((name) => new WorkerInvitations(temp.paths, clock).invite(name, [])),
  );
  expect([...(invitations.read()?.workers.keys() ?? [])].sort()).toEqual([...names].sort());
  expect(new Set(made.map(({ key }) => key.toString('hex'))).size).toBe(1);
});

describe('a file that cannot be used', () => {
  const whole = {
    salt: 's',
    tags: ['a'],
    invited_at: '2026-11-29T08:00:00.000Z',
    joined_at: null,
    revoked_at: null,
  };
  const KEY = Buffer.alloc(32, 1).toString('base64');
  const withEntry = (entry: object) => ({ version: 1, key: KEY, workers: { a: { ...whole, ...entry } } });

  it.each<[string, string, RegExp]>([
    ['cut off', '{"version": 1, "key"', /workers\.json: must be a JSON object/],
    ['empty', '', /must be a JSON object/],
    ['a list', '[]', /must be a JSON object/],
    ['newer', '{"version": 2}', /version: this version of QuickScrape reads version 1/],
    ['without a key', '{"version": 1, "workers": {}}', /key: must be 32 bytes in base64/],
    ['with a short key', '{"version": 1, "key": "AAAA", "workers": {}}', /key: must be/],
    ['without workers', JSON.stringify({ version: 1, key: KEY }), /workers: must be/],
    ['a wrong name', JSON.stringify({ version: 1, key: KEY, workers: { A: whole } }), /workers\.A: must be/],
    [
      'no entry',
      JSON.stringify({ version: 1, key: KEY, workers: { a: 1 } }),
      /workers\.a: must be an object/,
    ],
    ['no salt', JSON.stringify(withEntry({ salt: '' })), /workers\.a\.salt: must be/],
    ['wrong tags', JSON.stringify(withEntry({ tags: ['A'] })), /workers\.a\.tags: must be/],
    ['no instant', JSON.stringify(withEntry({ invited_at: null })), /workers\.a\.invited_at: must be/],
    ['an odd instant', JSON.stringify(withEntry({ revoked_at: 5 })), /workers\.a\.revoked_at: must be/],
  ])('is reported by its field and never overwritten: %s', async (_, text, message) => {
    writeFileSync(temp.paths.workers, text);
    const refused = { code: 'invalid_config', message: expect.stringMatching(message) };
    expect(() => invitations.read()).toThrow(expect.objectContaining(refused));
    await expect(invitations.invite('b', [])).rejects.toMatchObject(refused);
    await expect(invitations.revoke('a')).rejects.toMatchObject(refused);
    await expect(invitations.markJoined(['a'])).rejects.toMatchObject(refused);
    expect(readFileSync(temp.paths.workers, 'utf8')).toBe(text);
  });

  it('never shows the key in its error', () => {
    writeFileSync(temp.paths.workers, JSON.stringify({ version: 1, key: 'c2VjcmV0', workers: {} }));
    let error: unknown;
    try {
      invitations.read();
    } catch (thrown) {
      error = thrown;
    }
    expect(JSON.stringify(error) + String(error)).not.toContain('c2VjcmV0');
  });

  it.skipIf(lacks('links'))('may be a folder, or a link that is not replaced', async () => {
    mkdirSync(temp.paths.workers);
    await expect(invitations.invite('a', [])).rejects.toMatchObject({ code: 'invalid_config' });
    const other = new TempStore();
    try {
      const target = join(other.paths.home, 'target.json');
      writeFileSync(target, JSON.stringify(withEntry({})));
      symlinkSync(target, other.paths.workers);
      const linked = new WorkerInvitations(other.paths, clock);
      expect(linked.read()?.workers.size).toBe(1);
      await expect(linked.invite('b', [])).rejects.toMatchObject({ code: 'not_allowed' });
    } finally {
      other[Symbol.dispose]();
    }
  });

  it.skipIf(process.getuid?.() === 0 || lacks('modes'))('may be unreadable', () => {
    writeFileSync(temp.paths.workers, '{}');
    chmodSync(temp.paths.workers, 0);
    expect(() => invitations.read()).toThrow(expect.objectContaining({ code: 'store_unavailable' }));
  });
});

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  decodeInvitation,
  encodeInvitation,
  type Invitation,
} from '../../../src/workers/protocol/invitation.ts';
import { homeQueueId, poolKey, poolKeysOf, workerKey } from '../../../src/workers/protocol/keys.ts';
import { poolQueue, poolsOf } from '../../../src/workers/protocol/names.ts';

const MASTER = Buffer.alloc(32, 7);
const POOLS = poolKeysOf(MASTER, ['browser', 'eu']);
const INVITATION: Invitation = {
  home: homeQueueId(MASTER),
  name: 'paris-1',
  redis: 'rediss://redis.example.com:6380',
  user: 'paris-1',
  key: workerKey(MASTER, 'paris-1', 'c2FsdA=='),
  pool: Buffer.from(POOLS.pool),
  tags: Object.fromEntries(POOLS.tags),
};
const LINE = encodeInvitation(INVITATION);

describe('an invitation', () => {
  it('is one line that survives a mail', () => {
    expect(LINE).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(decodeInvitation(LINE)).toEqual(INVITATION);
    expect(decodeInvitation(`  ${LINE.slice(0, 70)}\r\n${LINE.slice(70)}\n`)).toEqual(INVITATION);
    const { user, ...without } = INVITATION;
    expect(decodeInvitation(encodeInvitation({ ...without, tags: {} }))).toEqual({ ...without, tags: {} });
  });

  it('that was cut off or changed says so', () => {
    for (let length = 7; length < LINE.length; length += 1) {
      expect(() => decodeInvitation(LINE.slice(0, length))).toThrow('incomplete or was changed');
    }
    for (let at = 8; at < LINE.length - 1; at += 1) {
      const other = LINE[at] === 'A' ? 'B' : 'A';
      expect(() => decodeInvitation(LINE.slice(0, at) + other + LINE.slice(at + 1))).toThrow();
    }
  });

  it.each([
    ['', 'the invitation is empty'],
    ['hello', 'this is not an invitation'],
    [`${LINE}!`, 'this is not an invitation'],
    [Buffer.from('{"v":2,"x":1}').toString('base64url'), 'has format 2'],
    [Buffer.from('{"v":1}').toString('base64url'), 'incomplete or was changed'],
  ])('is not %j', (text, message) => {
    expect(() => decodeInvitation(text)).toThrow(message);
  });

  it('is not repeated by its errors', () => {
    try {
      decodeInvitation(LINE.slice(0, -5));
    } catch (error) {
      expect(JSON.stringify(error)).not.toContain(LINE.slice(10, 30));
      expect(`${error}`).not.toContain(LINE.slice(10, 30));
    }
  });
});

describe('the keys', () => {
  // Another derivation would lock out every worker that was invited before.
  it('are these', () => {
    expect(workerKey(MASTER, 'paris-1', 'c2FsdA==').toString('hex')).toMatchInlineSnapshot(
      `"e2cfa7ef1322cef264edd5bfb0b584987aeaaa34dbe0cbe05bf460f12fe17403"`,
    );
    expect(poolKey(POOLS, '')?.toString('hex')).toMatchInlineSnapshot(
      `"f1184ad2865fc3d3cf37ba7e59965fde62331c4924f3f2661a504100c1a22fbd"`,
    );
    expect(poolKey(POOLS, 'browser,eu')?.toString('hex')).toMatchInlineSnapshot(
      `"1d3f1672bd7e150e31567dc12ba0457f9ac8fd0dd97ae70a61f5a300f996e771"`,
    );
    expect(homeQueueId(MASTER)).toMatchInlineSnapshot(`"4a4ab12a4ac6"`);
  });

  it('differ for each worker, invitation, pool and home', () => {
    const keys = [
      workerKey(MASTER, 'paris-1', 'a'),
      workerKey(MASTER, 'paris-2', 'a'),
      workerKey(MASTER, 'paris-1', 'b'),
      workerKey(Buffer.alloc(32, 8), 'paris-1', 'a'),
      ...poolsOf(['browser', 'eu']).map((pool) => poolKey(POOLS, pool) ?? Buffer.alloc(0)),
    ].map((key) => key.toString('hex'));
    expect(new Set(keys).size).toBe(8);
  });

  it('open no pool with a tag that the worker lacks', () => {
    expect(poolKey(poolKeysOf(MASTER, ['browser']), 'browser,eu')).toBeUndefined();
    expect(poolKey(poolKeysOf(MASTER, ['eu', 'browser']), 'browser,eu')).toEqual(
      poolKey(POOLS, 'browser,eu'),
    );
    expect(poolKey(poolKeysOf(randomBytes(32), ['eu', 'browser']), 'eu')).not.toEqual(poolKey(POOLS, 'eu'));
  });
});

it('the pools of a worker are all sets of its tags', () => {
  expect(poolsOf([])).toEqual(['']);
  expect(poolsOf(['eu', 'browser', 'eu']).sort()).toEqual(['', 'browser', 'browser,eu', 'eu']);
  expect(['', 'browser', 'browser,eu'].map(poolQueue)).toEqual(['runs', 'runs-browser', 'runs-browser.eu']);
});

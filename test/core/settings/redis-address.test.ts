import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  checkRedisAddress,
  isRedisUnencrypted,
  splitRedisAddress,
} from '../../../src/core/settings/redis-address.ts';
import { Settings } from '../../../src/core/settings/settings.ts';
import { TempStore } from '../fs/temp-store.ts';

describe('an address of Redis', () => {
  it.each([
    'redis://127.0.0.1',
    'redis://redis.example:6379',
    'rediss://home@redis.example:6380/2',
    'redis://[2001:db8::1]:6379',
    'unix:///run/valkey/valkey.sock',
  ])('may be %s', (address) => {
    expect(() => checkRedisAddress(address)).not.toThrow();
  });

  it.each([
    '',
    'redis.example:6379',
    'http://redis.example',
    'redis://',
    'redis://redis.example/books',
    'redis://redis.example?password=hidden',
    'redis://redis example',
    'unix:///',
    'unix://run/valkey.sock',
  ])('is not %j', (address) => {
    expect(() => checkRedisAddress(address)).toThrow(
      expect.objectContaining({ code: 'invalid_params', message: expect.stringMatching(/must be redis:/) }),
    );
  });

  it.each([
    ['rediss://the%20home@redis.example:6380/2', 'rediss://redis.example:6380/2', 'the home'],
    ['redis://127.0.0.1:6379', 'redis://127.0.0.1:6379', undefined],
    ['unix:///run/valkey.sock', 'unix:///run/valkey.sock', undefined],
  ])('%s names a server and a user', (given, address, user) => {
    expect(splitRedisAddress(given)).toEqual({ address, user });
  });

  it.each([
    'redis://:hidden@redis.example',
    'rediss://home:hidden@redis.example:1',
    'redis://home:hid den@h',
  ])('has no password: %s', (address) => {
    const refused = expect.objectContaining({
      message: 'executor_redis: must be an address without a password',
      hint: expect.stringContaining('QUICKSCRAPE_REDIS_PASSWORD'),
    });
    expect(() => checkRedisAddress(address)).toThrow(refused);
  });

  it.each([
    ['redis://redis.example', true],
    ['redis://10.0.0.5:6379', true],
    ['redis://127.0.0.1:6379', false],
    ['redis://localhost', false],
    ['redis://[::1]:6379', false],
    ['rediss://redis.example', false],
    ['unix:///run/valkey.sock', false],
  ])('%s can be read on its way: %s', (address, expected) => {
    expect(isRedisUnencrypted(address)).toBe(expected);
  });
});

describe('the setting executor_redis', () => {
  let temp: TempStore;
  beforeEach(() => {
    temp = new TempStore();
  });
  afterEach(() => temp[Symbol.dispose]());

  it('shows no password in its refusal, and where the password belongs', async () => {
    const error: unknown = await new Settings(temp.paths)
      .set('executor_redis', 'redis://:hidden@redis.example')
      .catch((refused) => refused);
    expect(error).toMatchObject({
      code: 'invalid_params',
      field: 'executor_redis',
      hint: expect.stringContaining('QUICKSCRAPE_REDIS_PASSWORD'),
    });
    expect(JSON.stringify(error) + String(error)).not.toContain('hidden');
  });

  it('can be set back to null', async () => {
    const settings = new Settings(temp.paths);
    await settings.set('executor_redis', 'rediss://redis.example');
    expect(settings.get('executor_redis')).toBe('rediss://redis.example');
    await settings.set('executor_redis', 'null');
    expect(settings.get('executor_redis')).toBeNull();
  });
});

import { expect, it } from 'vitest';
import { parseRedisAddress } from '../../../src/workers/protocol/redis-client.ts';

it.each([
  ['rediss://redis.example.com', { servername: 'redis.example.com' }],
  // RFC 6066 allows no address there, and Node warns of one with each start.
  ['rediss://192.0.2.10:6390', {}],
  ['rediss://[2001:db8::1]:6390', {}],
  ['redis://192.0.2.10', undefined],
])('%s is reached with TLS %j', (address, tls) => {
  expect(parseRedisAddress(address).tls).toEqual(tls);
});

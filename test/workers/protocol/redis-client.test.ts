import { expect, it } from 'vitest';
import { describeRedisError, parseRedisAddress } from '../../../src/workers/protocol/redis-client.ts';

it.each([
  ['rediss://redis.example.com', { servername: 'redis.example.com' }],
  // RFC 6066 allows no address there, and Node warns of one with each start.
  ['rediss://192.0.2.10:6390', {}],
  ['rediss://[2001:db8::1]:6390', {}],
  ['redis://192.0.2.10', undefined],
])('%s is reached with TLS %j', (address, tls) => {
  expect(parseRedisAddress(address).tls).toEqual(tls);
});

it.each([
  [
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'self-signed certificate',
    /certificate of Redis is not trusted \(self-signed.*NODE_EXTRA_CA/,
  ],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify', /not trusted/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'does not match', /not trusted \(does not match/],
  ['ECONNREFUSED', 'connect ECONNREFUSED', /cannot be reached: connect/],
])('the error %s says what is wrong', (code, message, text) => {
  expect(describeRedisError(Object.assign(new Error(message), { code }))).toMatch(text);
});

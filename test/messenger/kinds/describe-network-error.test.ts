import { createServer } from 'node:net';
import { connect } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { describeNetworkError } from '../../../src/messenger/kinds/describe-network-error.ts';

it.each([
  ['self-signed certificate', 'ESOCKET', 'its TLS certificate is self-signed'],
  [
    'self-signed certificate in certificate chain',
    'ESOCKET',
    'its TLS certificate comes from an unknown authority',
  ],
  ['unable to verify the first certificate', '', 'its TLS certificate comes from an unknown authority'],
  ["Hostname/IP does not match certificate's altnames: …", '', 'its TLS certificate is for another name'],
  ['connect ECONNREFUSED 127.0.0.1:1', 'ESOCKET', 'nothing answers there (connection refused)'],
  ['getaddrinfo ENOTFOUND smtp.invalid', 'EDNS', 'there is no host of this name'],
  ['Greeting never received', 'ETIMEDOUT', 'it does not answer'],
  ['Greeting never received', 'ECONNECTION', 'it does not greet: no mail server'],
  ['bad port', '', 'web requests to this port are not allowed'],
  ['A0:error:0A000126:SSL routines:read_n:unexpected eof:ssl/a.c:1:', '', 'TLS failed: unexpected eof'],
  ['450 mailbox busy', 'EENVELOPE', '450 mailbox busy'],
])('%j (%s) is said in words', (message, code, expected) => {
  expect(describeNetworkError(Object.assign(new Error(message), { code }))).toContain(expected);
});

it('a server without TLS is named as one, not by what OpenSSL says', async () => {
  const server = createServer((socket) => socket.on('error', () => {}).end('220 hello\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  const error = await new Promise((resolve) => connect({ host: '127.0.0.1', port }).once('error', resolve));
  expect(describeNetworkError(error)).toBe('it does not speak TLS there');
});

import { expect, it } from 'vitest';
import { formatHostAndPort, parseHostAndPort } from '../../../src/core/configs/host-and-port.ts';

it.each([
  ['127.0.0.1:8080', '127.0.0.1', 8080],
  ['127.0.0.1', '127.0.0.1', null],
  ['2130706433:81', '127.0.0.1', 81],
  ['LocalHost.', 'localhost', null],
  ['intranet.example:443', 'intranet.example', 443],
  ['bücher.lan:80', 'xn--bcher-kva.lan', 80],
  ['::1', '::1', null],
  ['[::1]', '::1', null],
  ['[::1]:8080', '::1', 8080],
  ['[::ffff:10.0.0.1]:1', '::ffff:a00:1', 1],
  ['fd00:0::1', 'fd00::1', null],
])('%s is %s at port %s', (text, host, port) => {
  const read = parseHostAndPort(text);
  expect(read).toEqual({ host, port });
  // As it is shown in a hint, it may be given again.
  expect(read && parseHostAndPort(formatHostAndPort(read))).toEqual(read);
});

it.each([
  '',
  ' ',
  ':80',
  'localhost:',
  'localhost:0',
  'localhost:65536',
  'localhost:http',
  'localhost:80:80',
  'localhost:-1',
  'http://127.0.0.1:8080/',
  '127.0.0.1/8',
  '127.0.0.1:8080/path',
  'user@nas',
  '*',
  '*.lan',
  'a,b',
  'nas lan',
  '::1:99999',
  '[::1',
  '[::1]8080',
  '[nas]:80',
  'fe80::1%eth0',
  '256.256.256.256',
])('%s names no host', (text) => {
  expect(parseHostAndPort(text)).toBeUndefined();
});

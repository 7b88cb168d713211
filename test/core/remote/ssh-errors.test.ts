import { expect, it } from 'vitest';
import type { RemoteHome } from '../../../src/core/fs/homes-file.ts';
import { sshArguments, sshCommandLine } from '../../../src/core/remote/ssh-command.ts';
import {
  isConnectionLost,
  isUnreachable,
  remoteError,
  sshEnded,
  sshMissing,
} from '../../../src/core/remote/ssh-errors.ts';

const SSH = { host: 'me@paris', port: 2222, folder: "/srv/a b's", program: undefined };
const HOME: RemoteHome = { name: '@acme', ssh: SSH };

const textOf = ({ message, hint = '' }: { message: string; hint?: string }) => `${message}. ${hint}`;

it.each<[stderr: string, text: RegExp]>([
  [
    'ssh: Could not resolve hostname paris: Name or service not known',
    /there is no host me@paris .*Correct the address/,
  ],
  [
    '@@@\nWARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!\nHost key verification failed.',
    /another host key than before .*remove the old one as ssh says: ssh -p 2222 me@paris true/,
  ],
  ['Host key verification failed.', /the host key of me@paris is not known here/],
  [
    'me@paris: Permission denied (publickey).',
    /did not let you in \(me@paris: Permission denied \(publickey\)\)\. ssh needs a key/,
  ],
  ['ssh: connect to host paris port 22: Connection timed out', /cannot be reached/],
  ['something else', /ssh failed: something else\. Try: ssh -p 2222 me@paris true/],
  ['', /ssh failed\. Try/],
])('ssh that says %j is explained', (stderr, text) => {
  expect(textOf(sshEnded(HOME, { code: 255, stderr, wasConnected: false }))).toMatch(text);
});

it('a connection that ends is called lost, whatever ssh says', () => {
  const stderr = 'client_loop: send disconnect: Connection refused by peer';
  expect(sshEnded(HOME, { code: 255, stderr, wasConnected: true }).message).toBe(
    `@acme (me@paris): the connection was lost: ${stderr}`,
  );
  expect(sshEnded(HOME, { code: null, stderr: '', wasConnected: true }).message).toMatch(
    /was ended by a signal/,
  );
});

it.each<[stderr: string, isLost: boolean, mayComeBack: boolean]>([
  ['Connection to paris closed by remote host.', true, false],
  ['Shared connection to paris closed.', true, false],
  ['Timeout, server paris not responding.\r\n', true, false],
  ['client_loop: send disconnect: Broken pipe', true, false],
  ['ssh: connect to host paris port 22: Connection refused', false, true],
  ['kex_exchange_identification: Connection closed by remote host', false, true],
  ['Connection to paris closed.', false, false],
  ['me@paris: Permission denied (publickey).', false, false],
  ['Host key verification failed.', false, false],
])('%j tells whether a connection was lost, and may come back', (stderr, isLost, mayComeBack) => {
  expect([isConnectionLost(stderr), isUnreachable(stderr)]).toEqual([isLost, mayComeBack]);
});

it('a home that is not there, a wrong path and an older version are explained', () => {
  const ended = (code: number, stderr: string, program?: string) =>
    textOf(sshEnded({ ...HOME, ssh: { ...SSH, program } }, { code, stderr, wasConnected: false }));
  const farewell = 'Connection to paris closed.';
  expect(ended(3, `error: there is no home at /srv\nhint: To make it: init\n${farewell}\n`)).toMatch(
    /^@acme \(me@paris\): there is no home at \/srv\. Make it there: ssh -p 2222 me@paris /,
  );
  expect(ended(2, `error: unknown command 'tui'\n`)).toMatch(/has another version .*See how to upgrade it/);
  expect(ended(1, farewell)).toMatch(/quickscrape there ended with 1\. See what it says there/);
  expect(ended(127, '', '/opt/qs')).toMatch(/If it is there, correct the path of acme in homes\.yaml/);
  expect(ended(127, '')).toMatch(/name its path in homes\.yaml, as in acme: /);
});

it('a missing ssh is named', () => {
  const missing = Object.assign(new Error('spawn ssh ENOENT'), { code: 'ENOENT' });
  expect(textOf(sshMissing(HOME, missing))).toMatch(
    /there is no program ssh here\. Install the client of OpenSSH/,
  );
});

it('words reach the program there as they are', () => {
  const args = sshArguments(SSH, ['job', 'show', "it's"], { isBatch: true, connectSeconds: 5 });
  expect(args.join(' ')).toBe(
    `-T -o BatchMode=yes -o ConnectTimeout=5 -o ServerAliveInterval=15 -p 2222 -- me@paris quickscrape job show 'it'\\''s' --home '/srv/a b'\\''s'`,
  );
  expect(sshCommandLine({ ...SSH, port: undefined, folder: '/srv' }, ['doctor'])).toBe(
    'ssh me@paris quickscrape doctor --home /srv',
  );
  expect(
    sshCommandLine({ ...SSH, port: undefined, folder: undefined }, ['wizard'], { hasTerminal: true }),
  ).toBe('ssh -t me@paris quickscrape wizard');
});

it('a command on a terminal there gets variables by env', () => {
  const args = sshArguments(
    { host: 'paris', port: undefined, folder: undefined, program: '~/bin/quickscrape' },
    ['tui'],
    { hasTerminal: true, variables: { LABEL: '@acme over ssh', OTHER: '1' } },
  );
  expect([args[0], args.at(-1)]).toEqual(['-t', "env LABEL='@acme over ssh' OTHER=1 ~/bin/quickscrape tui"]);
});

it('an error of the server keeps its hint', () => {
  const error = (code: string, hint?: string) =>
    remoteError(HOME, 'get_job', { code: -32001, message: 'no', data: { code, hint } });
  expect(error('job_not_found', 'Did you mean news?').hint).toBe('Did you mean news?');
  expect(error('not_allowed', 'Only hosts that the person named.').hint).toMatch(
    /^Only hosts .* done there: ssh me@paris$/,
  );
  expect(error('of_tomorrow')).toMatchObject({ code: 'internal', message: 'no' });
});

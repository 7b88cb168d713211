import { expect, it } from 'vitest';
import type { RemoteHome } from '../../../src/core/fs/homes-file.ts';
import { sshArguments, sshCommandLine } from '../../../src/core/remote/ssh-command.ts';
import { remoteError, sshEnded, sshMissing } from '../../../src/core/remote/ssh-errors.ts';

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
    /did not let you in \(me@paris: Permission denied \(publickey\)\.\)\. ssh needs a key/,
  ],
  ['ssh: connect to host paris port 22: Connection timed out', /cannot be reached/],
  [
    'kex_exchange_identification: something',
    /ssh failed: kex_exchange_identification: something\. Try: ssh -p 2222 me@paris true/,
  ],
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
});

it('hints name commands of the command line', () => {
  const error = (code: string, hint?: string) =>
    remoteError(HOME, 'get_job', { code: -32001, message: 'no', data: { code, hint } });
  expect(error('job_not_found', 'list_jobs lists the ids.').hint).toContain('job list');
  expect(error('job_not_found', 'Did you mean news?').hint).toBe('Did you mean news?');
  expect(error('conflict', 'Wait.').hint).toBe('Wait.');
  expect(error('not_allowed', 'Only hosts that the person named.').hint).toMatch(
    /^Only hosts .* done there: ssh me@paris$/,
  );
  expect(error('of_tomorrow')).toMatchObject({ code: 'internal', message: 'no' });
});

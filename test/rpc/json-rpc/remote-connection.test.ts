import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, vi } from 'vitest';
import type { RemoteHome } from '../../../src/core/fs/homes-file.ts';
import { type ConnectionOptions, RemoteConnection } from '../../../src/rpc/json-rpc/remote-connection.ts';
import { it } from '../../extend.ts';
import { lacks } from '../../platform.ts';

const HOME: RemoteHome = {
  name: '@acme',
  ssh: { host: 'paris', port: undefined, folder: '/srv', program: undefined },
};

/** A connection through a program of the test in place of ssh: a script of the shell. */
function connect(folder: string, script: string, options: ConnectionOptions = {}): RemoteConnection {
  const ssh = join(folder, 'ssh');
  writeFileSync(ssh, `#!/bin/sh\necho "$@" > '${join(folder, 'arguments')}'\n${script}\n`);
  chmodSync(ssh, 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  const connection = new RemoteConnection(HOME, options);
  onTestFinished(() => {
    connection.close();
    vi.unstubAllEnvs();
  });
  return connection;
}

const answer = (id: number, fields: object) =>
  `printf '%s\\n' '${JSON.stringify({ jsonrpc: '2.0', id, ...fields })}'`;
const error = (code: string) => ({ error: { code: -32001, message: 'no', data: { code, hint: 'Wait.' } } });

describe.skipIf(lacks('signals'))('a connection to a home on another machine', () => {
  it('matches answers to calls by their ids, also after a greeting of the shell', async ({ folder }) => {
    const script = [
      'echo Welcome',
      'read one; read two',
      answer(2, { result: { running: true } }),
      answer(1, error('conflict')),
      'read more',
    ].join('\n');
    const connection = connect(folder, script);
    const refused = connection.call('get_scheduler', {});
    await expect(connection.call('get_scheduler', {})).resolves.toEqual({ running: true });
    await expect(refused).rejects.toMatchObject({ code: 'conflict', hint: 'Wait.' });
  });

  it('refuses all calls with the reason when it is lost, and later ones too', async ({ folder }) => {
    const script = `read one\n${answer(1, { result: {} })}\nread two\nread three\necho 'Broken pipe' >&2\nexit 255`;
    const connection = connect(folder, script);
    await connection.call('get_scheduler', {});
    const calls = [connection.call('get_scheduler', {}), connection.call('get_scheduler', {})];
    for (const call of calls)
      await expect(call).rejects.toThrow('@acme (paris): the connection was lost: Broken pipe');
    await expect(connection.call('get_scheduler', {})).rejects.toThrow('the connection was lost');
    await expect(connection.lost).rejects.toThrow('the connection was lost');
    expect(connection.isOpen).toBe(false);
  });

  it('does not wait for ever for a program that lets in and says nothing', async ({ folder }) => {
    const connection = connect(folder, 'exec cat > /dev/null', { answerSeconds: 0.05 });
    await expect(connection.call('get_scheduler', {})).rejects.toMatchObject({
      code: 'store_unavailable',
      message: '@acme (paris): no answer within 0.05 s',
    });
  });

  it('shows that a password was wrong, before ssh asks for it again', async ({ folder }) => {
    const said: string[] = [];
    const script =
      "echo 'Permission denied, please try again.' >&2\nread one\necho 'Permission denied.' >&2\nexit 255";
    const connection = connect(folder, script, { onRefusal: (line) => said.push(line) });
    await expect(connection.call('get_scheduler', {})).rejects.toThrow('paris did not let you in');
    expect(said).toEqual(['Permission denied, please try again.']);
  });

  it('says that another version is there when a flag is unknown', async ({ folder }) => {
    const connection = connect(folder, `echo "error: unknown option '--hints-for'" >&2\nexit 2`);
    await expect(connection.call('get_scheduler', {})).rejects.toMatchObject({
      message: "@acme (paris) has another version of QuickScrape Jobs: unknown option '--hints-for'",
      hint: 'See how to upgrade it: ssh paris quickscrape upgrade',
    });
  });
});

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { it } from './extend.ts';
import { PROGRAM } from './program.ts';
import { tempFolder } from './temp-folder.ts';
import { waitFor } from './wait-for.ts';

/** An absolute path, because the server starts itself again for each connection. */
const SSHD = '/usr/sbin/sshd';
/** The folder that the server of the administrator enters. The package has it made at each start of the machine. */
const ROOTS_FOLDER = '/run/sshd';

/** `it` for tests that need a server: skipped where none is installed, and failed there in continuous integration. */
export const itWithSsh = existsSync(SSHD) ? it : withoutSshd();

function withoutSshd(): typeof it {
  if (process.env['CI'] === 'true') throw new Error(`${SSHD} is not installed: openssh-server`);
  process.stderr.write('sshd is not installed: tests of homes on other machines are skipped\n');
  return it.skip as unknown as typeof it;
}

/** A server of ssh on loopback, with hosts of the client's configuration that lead to it. It ends with the test. */
export class SshServer {
  readonly folder = tempFolder();
  #child: ChildProcess | undefined;
  #port = 0;

  /**
   * Starts the server. The client's hosts are `paris`, which lets the test in; `stranger`, whose key is not known; `locked`,
   * which does not let in; and `closed`, where nothing listens.
   */
  static async start(): Promise<SshServer> {
    const server = new SshServer();
    server.#port = await freePort();
    const closed = await freePort();
    server.#makeKeys();
    server.#writeClient(closed);
    await server.startAgain();
    onTestFinished(() => server.stop());
    return server;
  }

  /** The variables with which a program finds this client, and a file of homes of its own. */
  get env(): Record<string, string> {
    return {
      PATH: `${join(this.folder, 'here')}:${process.env['PATH']}`,
      XDG_CONFIG_HOME: join(this.folder, 'config'),
    };
  }

  /** Writes `homes.yaml`. */
  writeHomes(homes: Record<string, unknown>): string {
    const folder = join(this.folder, 'config', 'quickscrape');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'homes.yaml'), JSON.stringify(homes));
    return join(folder, 'homes.yaml');
  }

  /** Puts a program of a test on the other machine. */
  writeProgram(name: string, script: string): string {
    const file = join(this.folder, 'there', name);
    mkdirSync(join(this.folder, 'there'), { recursive: true });
    writeFileSync(file, script);
    chmodSync(file, 0o755);
    return file;
  }

  /** How many processes serve connections now. */
  countConnections(): number {
    return connections(this.#child?.pid ?? 0).length;
  }

  /** Ends the server and all its connections, as a machine that is switched off. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    // Each connection has processes of its own. What they have started, such as a run, goes on.
    for (const pid of [child.pid, ...connections(child.pid)]) killIfThere(pid);
    await ended;
  }

  async startAgain(): Promise<void> {
    if (userInfo().uid === 0) mkdirSync(ROOTS_FOLDER, { recursive: true, mode: 0o755 });
    const config = join(this.folder, 'sshd_config');
    writeFileSync(
      config,
      [
        'ListenAddress 127.0.0.1',
        `HostKey ${join(this.folder, 'host_key')}`,
        `AuthorizedKeysFile ${join(this.folder, 'authorized_keys')}`,
        'PidFile none',
        // The temporary folder may be one that everyone writes to.
        'StrictModes no',
        'UsePAM no',
        'PasswordAuthentication no',
        'KbdInteractiveAuthentication no',
        'PermitRootLogin prohibit-password',
        'PrintMotd no',
        'MaxStartups 50',
        `SetEnv PATH=${join(this.folder, 'there')}:/usr/bin:/bin NO_COLOR=1 TMPDIR=${process.env['TMPDIR'] ?? '/tmp'}`,
      ].join('\n'),
    );
    const child = spawn(SSHD, ['-f', config, '-D', '-e', '-p', String(this.#port)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child = child;
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await waitFor('the server of ssh', () => {
      if (child.exitCode !== null) throw new Error(`sshd ended with ${child.exitCode}: ${said}`);
      return said.includes('Server listening');
    });
  }

  #makeKeys(): void {
    for (const name of ['host_key', 'user_key', 'other_key'])
      execFileSync('ssh-keygen', [
        '-q',
        '-t',
        'ed25519',
        '-N',
        '',
        '-C',
        name,
        '-f',
        join(this.folder, name),
      ]);
    const key = (name: string) =>
      execFileSync('ssh-keygen', ['-y', '-f', join(this.folder, name)], { encoding: 'utf8' });
    writeFileSync(join(this.folder, 'authorized_keys'), key('user_key'));
    writeFileSync(join(this.folder, 'known_hosts'), `paris ${key('host_key')}`);
    this.writeProgram('quickscrape', `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
  }

  #writeClient(closedPort: number): void {
    const config = join(this.folder, 'ssh_config');
    const host = (name: string, { key = 'user_key', hosts = 'known_hosts', port = this.#port } = {}) =>
      [
        `Host ${name}`,
        '  HostName 127.0.0.1',
        '  HostKeyAlias paris',
        `  Port ${port}`,
        `  User ${userInfo().username}`,
        `  IdentityFile ${join(this.folder, key)}`,
        '  IdentitiesOnly yes',
        `  UserKnownHostsFile ${join(this.folder, hosts)}`,
        '  GlobalKnownHostsFile none',
        '  StrictHostKeyChecking yes',
      ].join('\n');
    writeFileSync(
      config,
      [
        host('paris'),
        host('stranger', { hosts: 'no_hosts' }),
        host('locked', { key: 'other_key' }),
        host('closed', { port: closedPort }),
      ].join('\n'),
    );
    const folder = join(this.folder, 'here');
    mkdirSync(folder);
    const ssh = execFileSync('sh', ['-c', 'command -v ssh'], { encoding: 'utf8' }).trim();
    writeFileSync(join(folder, 'ssh'), `#!/bin/sh\nexec '${ssh}' -F '${config}' "$@"\n`);
    chmodSync(join(folder, 'ssh'), 0o755);
  }
}

/** A connection may have ended since it was listed. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The processes of the server for its connections. */
function connections(server: number): number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,comm='], { encoding: 'utf8' });
  const rows = table.split('\n').map((line) => line.trim().split(/\s+/));
  const childrenOf = (parent: number): number[] =>
    rows
      .filter(([, ppid, command = '']) => Number(ppid) === parent && command.startsWith('sshd'))
      .flatMap(([pid]) => [Number(pid), ...childrenOf(Number(pid))]);
  return childrenOf(server);
}

/** A port on which nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

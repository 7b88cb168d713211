import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROGRAM, succeed } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';

/** A command line that runs another one, in which the home cannot be written. */
type Around = (home: string) => readonly string[];

const isRoot = process.getuid?.() === 0;
const MOUNT = [
  '--mount',
  '--',
  'sh',
  '-c',
  'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"',
];
const canMount = spawnSync('unshare', [...MOUNT, '/tmp', 'true']).status === 0;
const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const isRefused = !isRoot || spawnSync(NOBODY[0] ?? '', [...NOBODY.slice(1), 'true']).status === 0;

async function usedHome(): Promise<string> {
  const home = join(tempFolder(), 'home');
  await succeed(['init'], { home });
  await succeed(
    ['job', 'create', '--config', 'example', '--schedule', 'daily', '--at', '09:00', '--id', 'news'],
    {
      home,
    },
  );
  return home;
}

/** Every file and folder of a home, with its size and the time of its last change. */
function contentOf(home: string): string[] {
  return readdirSync(home, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const { size, mtimeMs } = lstatSync(join(home, name));
      return `${name} ${size} ${mtimeMs}`;
    });
}

function setRights(home: string, mode: { folder: number; file: number }): void {
  const entries = readdirSync(home, { recursive: true, withFileTypes: true });
  for (const entry of entries)
    chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? mode.folder : mode.file);
  chmodSync(home, mode.folder);
}

const REFUSED =
  /^error: (?:cannot write .* \(E(?:ROFS|ACCES|PERM)\)|\S+ is read-only: nothing can be changed)$/m;

function expectReadOnly(home: string, around: readonly string[]) {
  const run = (args: readonly string[], input = '') => {
    const [command = '', ...words] = [...around, process.execPath, PROGRAM, ...args, '--home', home];
    const { status, stdout, stderr } = spawnSync(command, words, {
      encoding: 'utf8',
      input,
      env: { ...process.env, NO_COLOR: '1', HOME: '/nonexistent' },
    });
    return { status, stdout, stderr };
  };
  const before = contentOf(home);

  for (const args of [
    ['job', 'list'],
    ['job', 'show', 'news'],
    ['job', 'history', 'news', '--json'],
    ['list'],
    ['config', 'list'],
    ['forecast'],
    ['export', '-'],
  ])
    expect({ args, ...run(args) }).toMatchObject({ args, status: 0, stderr: '' });
  expect(run(['job', 'list', '--json']).stdout).toContain('"job_id": "news"');
  expect(run(['scheduler', 'status']).stdout).toMatch(/^not running/);

  const doctor = run(['doctor', '--json']);
  expect(JSON.parse(doctor.stdout).findings).toContainEqual(
    expect.objectContaining({
      check: 'home',
      status: 'problem',
      message: expect.stringMatching(/read-only file system|cannot be written by you/),
      fix: expect.any(String),
    }),
  );

  for (const [args, message] of [
    [['scheduler', 'run'], /^error: \S+ is read-only: no scheduler can run on it$/m],
    [['scheduler', 'start', '--daemon'], /^error: cannot open \S+scheduler\.log: .* \(E(?:ROFS|ACCES)\)$/m],
    [['scheduler', 'stop'], /^error: no scheduler is running on /],
    [['job', 'run', 'news'], /^error: \S+quickscrape\.db: it is read-only \(SQLITE_READONLY\)$/m],
    [['job', 'update', 'news', '--disable'], REFUSED],
    [['job', 'create', '--config', 'example', '--schedule', 'daily', '--at', '09:00'], REFUSED],
    [['config', 'set', 'timezone', 'UTC'], REFUSED],
  ] as const) {
    const result = run(args);
    expect({ args, ...result }).toEqual({
      args,
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(message),
    });
    // The message and, mostly, a hint.
    expect(result.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
    expect(result.stderr).not.toContain('.tmp');
  }

  const request = (id: number, method: string, params: object = {}) =>
    `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
  const change = { job_id: 'news', changes: { enabled: false } };
  const rpc = run(['rpc'], request(1, 'list_jobs') + request(2, 'update_job', change));
  const [listed, refused] = rpc.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .sort((one, other) => one.id - other.id);
  expect(listed.result.total).toBe(1);
  expect(refused.error).toMatchObject({
    code: -32_010,
    message: expect.stringMatching(
      /^cannot write the audit log .*, so nothing is changed: .* \(E(?:ROFS|ACCES)\)$/,
    ),
  });

  expect(contentOf(home)).toEqual(before);
}

describe('a home that cannot be written is read as ever, a change is refused in one sentence, and nothing is written', () => {
  it.runIf(canMount)('on a read-only file system', async () => {
    const home = await usedHome();
    const around: Around = (folder) => ['unshare', ...MOUNT, folder];
    expectReadOnly(home, around(home));
  });

  it.runIf(isRefused)('in folders without the right to write, for an ordinary user', async () => {
    const home = await usedHome();
    const around = isRoot ? NOBODY : [];
    const readable = isRoot ? openToAll(home) : home;
    setRights(readable, isRoot ? { folder: 0o555, file: 0o444 } : { folder: 0o500, file: 0o400 });
    try {
      expectReadOnly(readable, around);
    } finally {
      setRights(readable, { folder: 0o700, file: 0o600 });
    }
  });
});

/** A copy whose parent folder others may enter. */
function openToAll(home: string): string {
  const folder = tempFolder();
  chmodSync(folder, 0o755);
  cpSync(home, join(folder, 'home'), { recursive: true });
  return join(folder, 'home');
}

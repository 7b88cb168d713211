import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Libsql from 'libsql';
import { expect, it } from 'vitest';
import { lacks } from '../platform.ts';
import { PROGRAM, quickscrape } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';
import { BOOKS, shopHome } from './shop-home.ts';

const KILLS = Number(process.env['QS_KILLS'] ?? 50) / 10;
const OLD_HOME = fileURLToPath(new URL('../fixtures/home-v1', import.meta.url));
const LOOSE = `{ "config_name": "books", /* mine */ "mine": 1.50, "schedule": {"type": "daily", "time": "09:00",}, }`;
const RIGHT = `{ "config_name": "books",  "mine": 1.50, "schedule": {"type": "daily", "time": "09:00"} }`;

async function brokenHome(files: Record<string, string>) {
  const shop = shopHome({ books: BOOKS });
  await shop.json('init');
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(shop.home, 'jobs', name), text, { mode: 0o600 });
  const read = (name: string) => readFileSync(join(shop.home, 'jobs', name), 'utf8');
  const repair = async (...flags: string[]) => {
    const said = await shop.qs('maintenance', 'repair-jobs', '--json', ...flags);
    expect(said.stderr).toBe('');
    return { code: said.code, ...JSON.parse(said.stdout) };
  };
  return { ...shop, read, repair };
}

it.skipIf(lacks('modes'))('repairs after a backup, once, and keeps what it does not understand', async () => {
  const cut = '{ "config_name": "books",';
  const { home, read, repair, json } = await brokenHome({
    'a.json': LOOSE,
    'Cut.json': cut,
    'cut2.json': cut,
  });
  chmodSync(join(home, 'jobs', 'a.json'), 0o664);
  const done = await repair('--yes');
  expect(done).toMatchObject({ code: 1, ok: false, applied: true });
  expect(done.files.map(({ file, state }: { file: string; state: string }) => [file, state])).toEqual([
    ['Cut.json', 'beyond'],
    ['a.json', 'repaired'],
    ['cut2.json', 'beyond'],
  ]);
  expect(read('a.json')).toBe(RIGHT);
  expect(read('Cut.json')).toBe(cut);
  expect(read('cut2.json')).toBe(cut);
  expect(statSync(join(home, 'jobs', 'a.json')).mode & 0o777).toBe(0o600);
  expect(done.backup.startsWith(join(home, 'backups', 'repair-'))).toBe(true);
  expect(readFileSync(join(done.backup, 'a.json'), 'utf8')).toBe(LOOSE);
  expect(statSync(join(done.backup, 'a.json')).mode & 0o777).toBe(0o600);
  expect(statSync(done.backup).mode & 0o777).toBe(0o700);
  const { job } = (await json('job', 'show', 'a')) as { job: Record<string, unknown> };
  expect(job).toMatchObject({ mine: 1.5 });

  const again = await repair('--yes');
  expect(again).toMatchObject({ backup: null, chores: [] });
  expect(again.files.every(({ state }: { state: string }) => state === 'beyond')).toBe(true);
  expect(readdirSync(join(home, 'backups'))).toHaveLength(1);
});

it('only prints the plan with --dry-run and where nobody can be asked', async () => {
  const { home, program, read, repair } = await brokenHome({ 'a.json': LOOSE });
  for (const flags of [['--dry-run'], [], ['--dry-run', '--yes']]) {
    expect(await repair(...flags)).toMatchObject({
      code: 1,
      applied: false,
      backup: null,
      files: [{ file: 'a.json', state: 'repairable', diff: [`-1 ${LOOSE}`, `+1 ${RIGHT}`] }],
    });
  }
  expect(read('a.json')).toBe(LOOSE);
  expect(existsSync(join(home, 'backups'))).toBe(false);
  const said = await program('maintenance', 'repair-jobs');
  expect(said.stdout).toContain('! jobs/a.json can be repaired');
  expect(said.stdout).toContain('1:27: a comment, which JSON does not have');
  expect(said.stdout).toContain('To make these changes without being asked: --yes');
});

it('explains what a person has to decide, with the line that it is about, and changes nothing', async () => {
  const guess = '{\n  "configName": "books",\n  "schedule": {"type": "daily", "time": "9:00"}\n}\n';
  const unquoted = '{\n  config_name: "books"\n}\n';
  const { program, read, repair } = await brokenHome({ 'guess.json': guess, 'unquoted.json': unquoted });
  expect(await repair('--yes')).toMatchObject({
    code: 1,
    backup: null,
    files: [
      {
        file: 'guess.json',
        state: 'beyond',
        diff: [],
        flaws: [
          { message: expect.stringContaining('time "9:00" is not valid: use HH:MM') },
          { message: '"configName" is not a field; did you mean "config_name"?', line: 2, column: 3 },
        ],
      },
      { file: 'unquoted.json', state: 'beyond', flaws: [{ line: 2, column: 3 }] },
    ],
  });
  expect([read('guess.json'), read('unquoted.json')]).toEqual([guess, unquoted]);
  const { stdout } = await program('maintenance', 'repair-jobs', '--dry-run');
  expect(stdout).toContain('✗ jobs/unquoted.json is left alone: fix it by hand\n');
  expect(stdout).toContain('      2 |   config_name: "books"\n        |   ^\n');
});

it.skipIf(lacks('modes'))('is part of doctor --fix, which examines again afterwards', async () => {
  const { home, qs, read } = await brokenHome({ 'a.json': LOOSE });
  chmodSync(join(home, 'jobs', 'a.json'), 0o664);
  const asked = await qs('doctor', '--fix', '--json');
  expect(JSON.parse(asked.stdout)).toMatchObject({ ok: false, fixed: { applied: false } });
  expect([asked.code, read('a.json')]).toEqual([1, LOOSE]);
  const done = await qs('doctor', '--fix', '--yes', '--json');
  const { ok, findings, fixed } = JSON.parse(done.stdout);
  expect({ ok, fixed }).toMatchObject({ ok: true, fixed: { applied: true, files: [{ state: 'repaired' }] } });
  expect(findings.find(({ check }: { check: string }) => check === 'jobs').status).toBe('ok');
  expect([done.code, read('a.json')]).toEqual([0, RIGHT]);
  expect(readFileSync(join(fixed.backup, 'a.json'), 'utf8')).toBe(LOOSE);
  const table = await qs('doctor', '--fix', '--format', 'table');
  expect(table.stdout).toContain('There is nothing to repair.\n');
  expect(await qs('doctor', '--yes')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--yes goes with --fix'),
  });
});

it.skipIf(lacks('links'))('gives files their right names, and never over another file', async () => {
  const job = '{"config_name":"books","schedule":{"type":"daily","time":"09:00"}}';
  const { home, read, repair } = await brokenHome({
    'Loud.JSON': job,
    'my job.json.txt': job,
    'taken.json': job,
    'Taken.json': LOOSE,
    '!.json': job,
  });
  symlinkSync(join(home, 'jobs', 'taken.json'), join(home, 'jobs', 'link.json'));
  const { files } = await repair('--yes');
  const states = Object.fromEntries(
    files.map(({ file, state }: { file: string; state: string }) => [file, state]),
  );
  expect(states).toEqual({
    'Loud.JSON': 'repaired',
    'my job.json.txt': 'repaired',
    'Taken.json': 'beyond',
    '!.json': 'beyond',
    'link.json': 'beyond',
  });
  expect([read('loud.json'), read('my-job.json'), read('taken.json'), read('Taken.json')]).toEqual([
    job,
    job,
    job,
    LOOSE,
  ]);
  expect(existsSync(join(home, 'jobs', 'Loud.JSON'))).toBe(false);
});

it('lets a renamed file be, and says why; a copied one gets its name as id', async () => {
  const { home, json, read, repair } = await brokenHome({});
  await json('job', 'create', '--config', 'books', '--cron', '@daily', '--id', 'kept');
  cpSync(join(home, 'jobs', 'kept.json'), join(home, 'jobs', 'copy.json'));
  const renamed = read('kept.json').replace('"kept"', '"older"');
  writeFileSync(join(home, 'jobs', 'newer.json'), renamed);
  const { files } = await repair('--yes');
  expect(files).toMatchObject([
    { file: 'copy.json', state: 'repaired' },
    {
      file: 'newer.json',
      state: 'beyond',
      flaws: [{ message: expect.stringContaining('id is "older"'), line: 3 }],
    },
  ]);
  expect(JSON.parse(read('copy.json')).id).toBe('copy');
  expect(read('newer.json')).toBe(renamed);
});

it.skipIf(lacks('modes'))(
  'puts the rest of a home in order: folders, modes, temporary files, runs whose process died',
  async () => {
    const home = join(tempFolder(), 'home');
    cpSync(OLD_HOME, home, { recursive: true });
    chmodSync(home, 0o755);
    for (const left of ['jobs/.a.json', 'runs/.run.log']) {
      mkdirSync(dirname(join(home, left)), { recursive: true, mode: 0o700 });
      writeFileSync(join(home, `${left}.999999999.0123456789ab.tmp`), 'half');
    }
    const later = readFileSync(join(home, 'jobs', 'later.json'), 'utf8');
    const db = new Libsql(join(home, 'quickscrape.db'));
    db.exec(`INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, attempt, max_attempts,
    queued_at, not_before, start_token, pid, pid_start, boot_id) VALUES ('dead', 'off', 'news', 'manual', 'cli', 'UTC', 'running',
    1, 1, 1, 1, 't', 999999999, '1', 'another boot')`);
    db.close();
    const said = await quickscrape(['maintenance', 'repair-jobs', '--yes', '--json'], { home });
    const { runs, chores } = JSON.parse(said.stdout);
    expect(runs).toContain('dead');
    expect(chores.map(({ what }: { what: string }) => what)).toEqual(['folders', 'permissions', 'leftovers']);
    for (const folder of ['jobs', 'runs'])
      expect(readdirSync(join(home, folder)).filter((name) => name.startsWith('.'))).toEqual([]);
    expect(statSync(home).mode & 0o777).toBe(0o700);
    expect(existsSync(join(home, 'locks'))).toBe(true);
    expect(readFileSync(join(home, 'jobs', 'later.json'), 'utf8')).toBe(later);
    const run = await quickscrape(['job', 'history', 'off', '--json'], { home });
    expect(JSON.parse(run.stdout).runs).toMatchObject([{ run_id: 'dead', status: 'abandoned' }]);
  },
);

it('updates a job file that still says running, even when nothing else is to be done and nobody can be asked', async () => {
  const { json, read, repair, home } = await brokenHome({});
  await json('job', 'create', '--config', 'books', '--cron', '@daily', '--id', 'mine');
  // The configuration of the test is open to others: nothing is to be left to do.
  await repair('--yes');
  const file = join(home, 'jobs', 'mine.json');
  writeFileSync(file, read('mine.json').replace('"status": "pending"', '"status": "running"'));
  expect(await repair('--dry-run')).toMatchObject({ code: 0, applied: false, copies: [] });
  expect(await repair()).toMatchObject({ code: 0, applied: true, backup: null, copies: ['mine'] });
  expect(JSON.parse(read('mine.json')).status).toBe('pending');
});

it('refuses where there is no home, and makes none', async () => {
  const home = join(tempFolder(), 'none');
  const said = await quickscrape(['maintenance', 'repair-jobs', '--yes'], { home });
  expect(said).toMatchObject({ code: 3, stderr: expect.stringContaining('there is no home at') });
  expect(existsSync(home)).toBe(false);
});

it.skipIf(lacks('modes'))(`leaves each file old or new when it is killed, ${KILLS} times`, async () => {
  const { home, read, repair } = await brokenHome({});
  const names = Array.from({ length: 20 }, (_, index) => `j${index}.json`);
  mkdirSync(join(home, 'backups'), { mode: 0o700 });
  for (let kill = 0; kill < KILLS; kill += 1) {
    for (const name of names) writeFileSync(join(home, 'jobs', name), LOOSE, { mode: 0o600 });
    const child = spawn(process.execPath, [PROGRAM, 'maintenance', 'repair-jobs', '--yes', '--json'], {
      env: { ...process.env, QUICKSCRAPE_HOME: home },
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    const before = readdirSync(join(home, 'backups')).length;
    // From the first backup on it writes: that is when it is to be killed.
    while (child.exitCode === null && readdirSync(join(home, 'backups')).length === before) await delay(1);
    await delay(Math.random() * 60);
    child.kill('SIGKILL');
    await ended;
    for (const name of names) expect([LOOSE, RIGHT]).toContain(read(name));
  }
  expect(await repair('--yes')).toMatchObject({ code: 0, ok: true });
  expect(new Set(names.map(read))).toEqual(new Set([RIGHT]));
  expect(readdirSync(join(home, 'jobs')).sort()).toEqual([...names].sort());
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Libsql from 'libsql';
import { expect } from 'vitest';
import type { Finding } from '../../src/core/diagnostics/doctor/finding.ts';
import { it } from '../extend.ts';
import { lacks } from '../platform.ts';
import { PROGRAM, quickscrape, startProgram } from '../program.ts';
import { waitFor } from '../wait-for.ts';
import { BOOKS, shopHome } from './shop-home.ts';

const OLD_HOME = fileURLToPath(new URL('../fixtures/home-v1', import.meta.url));
const DAILY = ['job', 'create', '--config', 'books', '--schedule', 'daily', '--at', '09:00', '--id'];

async function examine(
  home: string,
  env: Record<string, string> = {},
): Promise<{ code: number | null; ok: boolean; findings: Finding[] }> {
  const said = await quickscrape(['doctor', '--json'], { home, env });
  expect(said.stderr).toBe('');
  const answer = JSON.parse(said.stdout) as { ok: boolean; findings: Finding[] };
  expect(said.code).toBe(answer.ok ? 0 : 1);
  for (const { status, fix, message } of answer.findings) {
    if (status !== 'ok') expect(fix, message).toMatch(/^[^\n]+$/);
  }
  return { code: said.code, ...answer };
}

/** Every entry with its content and modes: what must not change. */
function picture(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const stats = statSync(join(folder, name));
      const content = stats.isFile() ? readFileSync(join(folder, name)).toString('base64') : '';
      return `${name} ${stats.mode} ${stats.mtimeMs} ${content}`;
    });
}

const bad = (findings: Finding[]) =>
  findings
    .filter(({ status }) => status !== 'ok')
    .map(({ check, status, message }) => `${check} ${status}: ${message}`);

/** A home with a job and a database. */
async function goodHome() {
  const shop = shopHome();
  await shop.succeed('init');
  chmodSync(shop.home, 0o700);
  await shop.succeed(...DAILY, 'mine', '--disabled');
  return shop;
}

it('reports no problem for a good home', async () => {
  const { home, program } = await goodHome();
  const before = picture(home);
  const { findings } = await examine(home);
  // The machine's own limits are no matter of the home.
  expect(bad(findings).filter((line) => !/^(?:clock|limits|disk|time_zones) /.test(line))).toEqual([]);
  const said = await program('doctor');
  expect(said.code).toBe(0);
  expect(said.stdout).toMatch(/✓ {2}database .*quickscrape\.db: is whole/);
  expect(picture(home)).toEqual(before);
});

it('looks at a home of an older version, an empty and a missing one, and changes nothing', async ({
  folder,
}) => {
  const old = join(folder, 'old');
  cpSync(OLD_HOME, old, { recursive: true });
  const before = picture(old);
  const found = await examine(old);
  expect(found.code).toBe(1);
  expect(found.findings).toContainEqual(
    expect.objectContaining({ check: 'jobs', status: 'problem', where: 'jobs/typo.json:1:71' }),
  );
  expect(found.findings).toContainEqual(
    expect.objectContaining({
      check: 'database',
      status: 'ok',
      message: expect.stringMatching(/whole.*schema 1/),
    }),
  );
  expect(picture(old)).toEqual(before);

  mkdirSync(join(folder, 'empty'));
  expect(bad((await examine(join(folder, 'empty'))).findings)).toContain(
    'home warning: is empty: no home yet',
  );
  expect(readdirSync(join(folder, 'empty'))).toEqual([]);

  expect(bad((await examine(join(folder, 'none'))).findings)).toContain(
    'home warning: there is no home folder yet',
  );
  expect(readdirSync(folder).sort()).toEqual(['empty', 'old']);
  writeFileSync(join(folder, 'file'), '');
  expect(bad((await examine(join(folder, 'file'))).findings)).toContain(
    'home problem: is a file, not a folder',
  );
});

it('does not complain of a job whose file was removed by hand', async () => {
  const { home, succeed } = await goodHome();
  await succeed('job', 'update', 'mine', '--pause-after-failures', '5');
  await succeed(...DAILY, 'gone', '--disabled', '--pause-after-failures', '5');
  const db = new Libsql(join(home, 'quickscrape.db'));
  db.exec(`UPDATE job_state SET failures = 7, paused_at = 1, paused_after = 5`);
  db.close();
  rmSync(join(home, 'jobs', 'gone.json'));
  const lines = bad((await examine(home)).findings);
  expect(lines).toContainEqual(expect.stringMatching(/^runs warning: job mine is paused/));
  expect(lines.filter((line) => line.includes('job gone'))).toEqual([]);
});

it.skipIf(lacks('modes'))('names everything that is broken at once', async () => {
  const { home, succeed } = await goodHome();
  await succeed(...DAILY, 'lost');
  await succeed('job', 'update', 'lost', '--enable');
  const put = (name: string, text: string) => writeFileSync(join(home, name), text, { mode: 0o600 });
  put('jobs/cut.json', '{ "config_name": "books",');
  put('jobs/camel.json', '{"config_name":"books","schedule":{"type":"daily","time":"09:00"},"maxRetries":9}');
  put('jobs/gone.json', '{"config_name":"bookz","schedule":{"type":"daily","time":"09:00"}}');
  put('jobs/Shout.JSON', '{}');
  put('jobs/.mine.json.999999999.0123456789ab.tmp', 'half');
  put('configs/browser.yaml', `${BOOKS}backend: playwright\n`);
  put('configs/secret.yaml', `${BOOKS}headers: {Authorization: "\${QS_TEST_UNSET}"}\n`);
  put('settings.yaml', 'max_concurrent_runs: many\n');
  writeFileSync(join(home, 'secrets.env'), 'A=1');
  chmodSync(join(home, 'secrets.env'), 0o644);
  chmodSync(join(home, 'jobs', 'mine.json'), 0o666);
  mkdirSync(join(home, 'runs', 'mine', 'run-x'), { recursive: true, mode: 0o700 });
  const db = new Libsql(join(home, 'quickscrape.db'));
  db.exec(`UPDATE job_state SET failures = 7 WHERE job_id = 'mine'`);
  db.exec(`INSERT INTO scheduler (id, pid, pid_start, boot_id, since, version, slots)
    VALUES (1, 999999999, '1', 'another boot', 1, '0.0.1', 4)`);
  db.exec(`INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, max_attempts,
    queued_at, not_before, pid, pid_start, boot_id) VALUES ('dead', 'mine', 'books', 'manual', 'cli', 'UTC', 'running',
    1, 1, 1, 999999999, '1', 'another boot')`);
  db.exec(`UPDATE runs SET queued_at = ${Date.now() + 3_600_000}`);
  db.close();
  const before = picture(home);
  const lines = bad((await examine(home, { QUICKSCRAPE_BROWSER: '/absent' })).findings).join('\n');
  for (const part of [
    /jobs problem: not JSON/,
    /jobs warning: the field maxRetries is not known and does nothing; did you mean max_retries/,
    /jobs problem: names the configuration "bookz", which does not exist/,
    /jobs warning: is not seen/,
    /leftovers warning: 1 temporary file/,
    /leftovers warning: 1 folder of runs that are not in the history/,
    /browser warning: QUICKSCRAPE_BROWSER names \/absent, which is not a program; browser wants one/,
    /configs warning: the environment variable QS_TEST_UNSET is not set/,
    /settings problem: .*settings\.yaml:1:22/,
    /permissions problem: others may read the secrets \(mode 0644\)/,
    /permissions warning: others may write jobs\/mine\.json/,
    /runs warning: job mine failed 7 times in a row/,
    /runs warning: run dead of job mine counts as running, but its process is gone/,
    /scheduler warning: none runs \(pid 999999999 died/,
    /clock warning: .* before the newest record/,
  ]) {
    expect(lines).toMatch(part);
  }
  expect(picture(home)).toEqual(before);
});

it('looks at a damaged database, and at one that is not a database', async () => {
  const { home } = await goodHome();
  const file = join(home, 'quickscrape.db');
  const bytes = readFileSync(file);
  for (const damage of [
    Buffer.from('not a database at all, but long enough'),
    Buffer.concat([bytes.subarray(0, 8192), Buffer.alloc(bytes.length - 8192, 7)]),
  ]) {
    writeFileSync(file, damage);
    const { findings } = await examine(home);
    expect(findings).toContainEqual(expect.objectContaining({ check: 'database', status: 'problem' }));
    expect(readFileSync(file).equals(damage)).toBe(true);
  }
});

it('does not read on in a database with a text that would end its process', async () => {
  const { home } = await goodHome();
  const db = new Libsql(join(home, 'quickscrape.db'));
  db.exec(`INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, max_attempts,
    queued_at, not_before) VALUES ('odd', 'mine', CAST(x'ff' AS TEXT), 'manual', 'cli', 'UTC', 'queued', 1, 1, 1)`);
  db.close();
  const { findings } = await examine(home);
  expect(findings).toContainEqual(
    expect.objectContaining({ check: 'database', message: expect.stringContaining('not UTF-8') }),
  );
});

it('reports a running scheduler, also when its row in the lease is missing', async () => {
  const { home, qs } = await goodHome();
  startProgram(['scheduler', 'run'], { home });
  await waitFor(
    'the scheduler',
    async () => JSON.parse((await qs('scheduler', 'status', '--json')).stdout).running,
  );
  const find = async () => (await examine(home)).findings.find(({ check }) => check === 'scheduler');
  expect(await find()).toMatchObject({
    status: 'ok',
    message: expect.stringMatching(/^runs \(pid \d+, for/),
  });
  const db = new Libsql(join(home, 'quickscrape.db'));
  db.exec('DELETE FROM scheduler');
  db.close();
  expect(await find()).toMatchObject({
    status: 'warning',
    message: expect.stringMatching(/holds the scheduler’s lease/),
  });
});

it('still speaks where its native library cannot be loaded', async ({ folder }) => {
  const { home } = await goodHome();
  cpSync(join(PROGRAM, '..'), join(folder, 'dist'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const child = spawn(process.execPath, [join(folder, 'dist', 'cli.js'), 'doctor', '--json', '--home', home]);
  let out = '';
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString();
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(1);
  expect(JSON.parse(out).findings[0]).toMatchObject({
    check: 'program',
    status: 'problem',
    message: expect.stringContaining('SQLite (libsql) cannot be loaded'),
  });
});

it.skipIf(process.getuid?.() !== 0)(
  'reports what it can to another user who may not read the home',
  async () => {
    const { home } = await goodHome();
    const shared = mkdtempSync('/tmp/quickscrape-doctor-');
    try {
      cpSync(home, shared, { recursive: true });
      const ask = async () => {
        const child = spawn(process.execPath, [PROGRAM, 'doctor', '--json', '--home', shared], {
          uid: 65_534,
          gid: 65_534,
        });
        let out = '';
        child.stdout.on('data', (data: Buffer) => {
          out += data.toString();
        });
        await once(child, 'close');
        return bad(JSON.parse(out).findings).join('\n');
      };
      chmodSync(shared, 0o700);
      expect(await ask()).toMatch(/home problem: cannot be read: EACCES/);
      chmodSync(shared, 0o755);
      const lines = await ask();
      expect(lines).toMatch(/home problem: cannot be written by you/);
      expect(lines).toMatch(/permissions problem: the home belongs to user 0, and you are user 65534/);
      expect(lines).toMatch(/permissions problem: you cannot read/);
    } finally {
      rmSync(shared, { recursive: true, force: true });
    }
  },
);

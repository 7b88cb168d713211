import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openToRead, query } from '../../src/core/database/connection.ts';
import { openWorkspace } from '../../src/core/workspace.ts';
import { gatedConfig, gatedSite } from '../gated-site.ts';
import { lacks } from '../platform.ts';
import { quickscrape, startProgram } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';
import { waitFor } from '../wait-for.ts';

/** All runs of a home, by a command of its own: nothing stays open. */
async function succeeded(
  home: string,
): Promise<{ run_id: string; scheduled_for: string; started_at: string }[]> {
  const { stdout } = await quickscrape(['job', 'history', 'often', '--limit', '100', '--json'], { home });
  return JSON.parse(stdout).runs.filter(({ status }: { status: string }) => status === 'succeeded');
}

async function homeWithJob() {
  const site = await gatedSite();
  const home = tempFolder();
  const workspace = openWorkspace({ home, actor: 'library' });
  await workspace.configs.write('site', gatedConfig(site.url));
  const schedule = { type: 'custom', cron_expression: '* * * * * *', timezone: 'UTC' };
  const fields = {
    config_name: 'site',
    schedule,
    catch_up: 'all',
    misfire_grace_time: null,
    keep_runs: 1000,
  };
  await workspace.jobs.create({ id: 'often', fields }, 'library');
  workspace.close();
  return home;
}

it.skipIf(lacks('signals', 'modes'))(
  'a restore drill: a backup of a busy home, more runs, restored, started: nothing starts twice, and the status says so',
  async () => {
    const home = await homeWithJob();
    const backup = join(tempFolder(), 'news.db');
    const first = startProgram(['scheduler', 'run'], { home });
    await waitFor('a run', async () => (await succeeded(home)).length >= 1);
    expect(await quickscrape(['backup', backup, '--json'], { home })).toMatchObject({ code: 0 });
    expect(statSync(backup).mode & 0o777).toBe(0o600);
    const before = (await succeeded(home)).length;
    await waitFor('more runs', async () => (await succeeded(home)).length >= before + 2);

    const refused = await quickscrape(['restore', backup], { home });
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(/a scheduler runs on/);

    const ended = new Promise((resolve) => first.once('exit', resolve));
    first.kill('SIGTERM');
    await ended;
    const ran = await succeeded(home);
    const restored = await quickscrape(['restore', backup], { home });
    expect(restored).toMatchObject({ code: 0 });
    expect(restored.stdout).toMatch(/Nothing that was due before now starts again/);
    const from = new Date().toISOString();
    const ids = new Set((await succeeded(home)).map(({ run_id }) => run_id));
    expect(ran.filter(({ run_id }) => !ids.has(run_id))).toEqual([]);
    expect(readdirSync(home).filter((name) => /\.before-restore-[^.]*Z$/.test(name))).toHaveLength(1);

    startProgram(['scheduler', 'run'], { home });
    await waitFor('a run after', async () => (await succeeded(home)).some((run) => run.started_at > from));
    const now = await succeeded(home);
    const since = now.filter((run) => run.started_at > from);
    const restoredAt = new Date(Date.parse(from) - 5_000).toISOString();
    for (const run of since) expect(run.scheduled_for > restoredAt).toBe(true);
    expect(new Set(now.map((run) => run.scheduled_for)).size).toBe(now.length);
    const { stdout } = await quickscrape(['scheduler', 'status'], { home });
    expect(stdout).toMatch(/was put back from a backup on .*: what may have run since is not started again/);
  },
  180_000,
);

it('backup refuses to overwrite a file, and restore refuses anything but an intact database of a home; nothing is changed', async () => {
  const home = await homeWithJob();
  const file = join(tempFolder(), 'a file');
  writeFileSync(file, 'not ours');
  const refused = await quickscrape(['backup', file], { home });
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toMatch(/exists already/);
  expect(readFileSync(file, 'utf8')).toBe('not ours');
  // Not its bytes: what stands in the WAL comes into the file when its last reader goes.
  const content = () => {
    const connection = openToRead(join(home, 'quickscrape.db'));
    try {
      const tables = query<{ name: string }>(
        connection,
        `SELECT name FROM sqlite_schema WHERE type = 'table'`,
      );
      return tables.map(({ name }) => [name, query(connection, `SELECT * FROM "${name}"`)]);
    } finally {
      connection.close();
    }
  };
  const before = content();
  for (const own of ['quickscrape.db', 'jobs/often.json', 'new.db']) {
    const { code, stderr } = await quickscrape(['backup', join(home, own), '--force'], { home });
    expect(code).toBe(2);
    expect(stderr).toMatch(/lies in the home that is backed up/);
  }
  for (const name of [file, join(home, 'none.db')]) {
    const { code, stderr } = await quickscrape(['restore', name], { home });
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/cannot be restored/);
  }
  expect(content()).toEqual(before);
  expect(await quickscrape(['backup', file, '--force'], { home })).toMatchObject({ code: 0 });
  expect(readFileSync(file, 'utf8').slice(0, 6)).toBe('SQLite');
  expect(existsSync(`${file}.tmp`)).toBe(false);
});

it('restore takes the history of another home only with a flag, or when this home has none yet', async () => {
  const [home, other] = [await homeWithJob(), await homeWithJob()];
  const backup = join(tempFolder(), 'other.db');
  for (const each of [home, other])
    expect(await quickscrape(['job', 'run', 'often'], { home: each })).toMatchObject({ code: 0 });
  expect(await quickscrape(['backup', backup], { home: other })).toMatchObject({ code: 0 });
  const [here] = await succeeded(home);

  const refused = await quickscrape(['restore', backup], { home });
  expect(refused).toMatchObject({ code: 4 });
  expect(refused.stderr).toMatch(/other\.db holds the history of another home/);
  expect(refused.stderr).toMatch(/--force/);
  expect(await succeeded(home)).toEqual([here]);

  expect(await quickscrape(['restore', backup, '--force'], { home })).toMatchObject({ code: 0 });
  const fresh = tempFolder();
  expect(await quickscrape(['init'], { home: fresh })).toMatchObject({ code: 0 });
  expect(await quickscrape(['restore', backup], { home: fresh })).toMatchObject({ code: 0 });
});

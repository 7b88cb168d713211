import { type ChildProcess, execFile } from 'node:child_process';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/core/database/schema.ts';
import { gatedConfig, gatedSite } from '../gated-site.ts';
import { newerBuild } from '../newer-build.ts';
import { type CommandResult, quickscrape, startProgram, succeed } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';
import { waitFor } from '../wait-for.ts';

function schemaOf(home: string): number {
  const connection = new Libsql(join(home, 'quickscrape.db'));
  try {
    return (
      (connection.prepare('PRAGMA user_version').all([]) as { user_version: number }[])[0]?.user_version ?? 0
    );
  } finally {
    connection.close();
  }
}

function stopRequestIn(home: string): string | null | undefined {
  const connection = new Libsql(join(home, 'quickscrape.db'));
  try {
    const sql = 'SELECT stop_requested AS how FROM scheduler';
    return (connection.prepare(sql).all([]) as { how: string | null }[])[0]?.how;
  } finally {
    connection.close();
  }
}

/** Runs the newer program to its end. */
function newer(command: string, home: string, args: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      [command, ...args],
      { env: { ...process.env, QUICKSCRAPE_HOME: home, NO_COLOR: '1' } },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    ),
  );
}

async function homeWithJob() {
  const site = await gatedSite();
  const home = tempFolder();
  await succeed(['init'], { home });
  writeFileSync(join(home, 'configs', 'shop.yaml'), gatedConfig(site.url));
  await succeed('job create --config shop --id shop --schedule daily --at 09:00'.split(' '), { home });
  return { site, home };
}

function isOver(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** A scheduler of the program in dist/, once it holds its lease. */
async function scheduler(home: string): Promise<ChildProcess> {
  const child = startProgram(['scheduler', 'run'], { home });
  await waitFor('the scheduler', async () => {
    const { stdout } = await quickscrape(['scheduler', 'status', '--json'], { home });
    return (JSON.parse(stdout) as { running: boolean }).running;
  });
  return child;
}

it('each build says which one it is: --version, the status and the lease, and the doctor', async () => {
  const { home } = await homeWithJob();
  const { command, build } = newerBuild();
  const own = (await quickscrape(['--version'], { home })).stdout.trim();
  expect(own).toMatch(/^0\.1\.0\+[0-9a-f]{8}$/);
  expect((await newer(command, home, ['--version'])).stdout.trim()).toBe(build);
  const child = await scheduler(home);
  const status = await quickscrape(['scheduler', 'status', '--json'], { home });
  expect(JSON.parse(status.stdout)).toMatchObject({ pid: child.pid, version: own });
  expect((await quickscrape(['doctor'], { home })).stdout).toContain(`version ${own}`);
});

it('the database of a running scheduler is not migrated: each command says so, and runs go on', async () => {
  const { home, site } = await homeWithJob();
  const { command, build } = newerBuild();
  const own = (await quickscrape(['--version'], { home })).stdout.trim();
  const child = await scheduler(home);
  for (const args of [
    'job list',
    'job run shop',
    'job show shop',
    'scheduler status',
    'scheduler start --daemon',
  ]) {
    const said = await newer(command, home, args.split(' '));
    expect(said.code, args).not.toBe(0);
    expect(said.stderr, args).toContain(`(pid ${child.pid}) is version ${own}`);
    expect(said.stderr, args).toContain(`this is ${build}`);
    expect(said.stderr, args).toContain('quickscrape scheduler stop');
  }
  expect(schemaOf(home)).toBe(MIGRATIONS.length);
  expect(readdirSync(home).filter((name) => name.endsWith('.bak'))).toEqual([]);
  // The doctor reads without bringing anything up to date.
  const doctor = await newer(command, home, ['doctor']);
  expect(doctor.stdout).toContain(`is version ${own}, this program is ${build}`);
  const run = await quickscrape(['job', 'run', 'shop'], { home });
  expect(run.code, run.stderr).toBe(0);
  expect(site.hits()).toBe(1);
});

it('the newer program stops the older scheduler, after its runs, and goes on from there', async () => {
  const { home, site } = await homeWithJob();
  const { command } = newerBuild();
  const child = await scheduler(home);
  site.hold();
  await succeed(['job', 'run', 'shop', '--background'], { home });
  await waitFor('the page to be asked for', () => site.hits() === 1);
  const stopping = newer(command, home, ['scheduler', 'stop']);
  await waitFor('the scheduler to be asked', () => stopRequestIn(home) === 'graceful');
  expect(isOver(child)).toBe(false);
  site.open();
  const said = await stopping;
  expect(said.code, said.stderr).toBe(0);
  await waitFor('the end of the scheduler', () => isOver(child));
  expect(child.exitCode).toBe(0);
  expect(schemaOf(home)).toBe(MIGRATIONS.length + 1);
  const history = await newer(command, home, ['job', 'history', 'shop', '--json']);
  expect(JSON.parse(history.stdout)).toMatchObject({ runs: [{ status: 'succeeded' }] });
});

it('a run of an older version keeps its database until it has finished, also without a scheduler', async () => {
  const { home, site } = await homeWithJob();
  const { command } = newerBuild();
  site.hold();
  const run = startProgram(['job', 'run', 'shop'], { home });
  await waitFor('the page to be asked for', () => site.hits() === 1);
  const said = await newer(command, home, ['job', 'list']);
  expect(said.code).not.toBe(0);
  expect(said.stderr).toMatch(/run \w+ is carried \(pid \d+\) by an older version/);
  expect(schemaOf(home)).toBe(MIGRATIONS.length);
  site.open();
  await waitFor('the end of the run', () => isOver(run));
  expect(run.exitCode).toBe(0);
  expect((await newer(command, home, ['job', 'list'])).code).toBe(0);
  expect(schemaOf(home)).toBe(MIGRATIONS.length + 1);
});

it('a dead scheduler’s lease blocks nothing, and neither does that of the home that was copied', async () => {
  const { home } = await homeWithJob();
  const { command } = newerBuild();
  const child = await scheduler(home);
  const copy = join(tempFolder(), 'copy');
  cpSync(home, copy, { recursive: true, preserveTimestamps: true });
  expect((await newer(command, copy, ['job', 'list'])).code).toBe(0);
  expect(schemaOf(copy)).toBe(MIGRATIONS.length + 1);
  child.kill('SIGKILL');
  await waitFor('the end of the scheduler', () => isOver(child));
  expect((await newer(command, home, ['job', 'list'])).code).toBe(0);
  expect(schemaOf(home)).toBe(MIGRATIONS.length + 1);
});

it('a scheduler from before builds had ids is another version', async () => {
  const { home } = await homeWithJob();
  const { command } = newerBuild();
  const child = await scheduler(home);
  const connection = new Libsql(join(home, 'quickscrape.db'));
  connection.exec(`UPDATE scheduler SET version = '0.1.0'`);
  connection.close();
  const said = await newer(command, home, ['job', 'list']);
  expect(said.stderr).toContain(`(pid ${child.pid}) is version 0.1.0 and works with`);
  expect(schemaOf(home)).toBe(MIGRATIONS.length);
});

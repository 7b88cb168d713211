import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished } from 'vitest';
import { applyRepairs, planRepairs } from '../../src/core/diagnostics/repair/repair-files.ts';
import { requestRun } from '../../src/core/execution/request-run.ts';
import { runFiles } from '../../src/core/runs/run-files.ts';
import { rotateLog } from '../../src/core/scheduler/scheduler-log.ts';
import { SchedulerService } from '../../src/core/scheduler/scheduler-service.ts';
import type { Workspace } from '../../src/core/workspace.ts';
import { it } from '../extend.ts';
import { gatedConfig } from '../gated-site.ts';
import { lacks } from '../platform.ts';
import { PROGRAM, quickscrape } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';
import { openTempWorkspace } from '../temp-workspace.ts';
import { waitFor } from '../wait-for.ts';
import { oldHome } from './database/old-home.ts';

const umask = process.umask(0o022);
process.umask(umask);
afterEach(() => {
  process.umask(umask);
});

/** What in a home is not 0700 or 0600, as `644 jobs/x.json`. */
function looseIn(home: string): string[] {
  const names = ['', ...readdirSync(home, { recursive: true }).map(String)];
  return names.flatMap((name) => {
    const stats = statSync(join(home, name), { throwIfNoEntry: false });
    // What SQLite needs for a moment may be gone by now.
    if (stats === undefined) return [];
    const mode = stats.mode & 0o777;
    // Under a umask of 0777 one that is just being written is nobody's until it gets its mode.
    if (mode === 0 && name.endsWith('.tmp')) return [];
    return mode === (stats.isDirectory() ? 0o700 : 0o600) ? [] : [`${mode.toString(8)} ${name}`];
  });
}

function open(home: string): Workspace {
  const workspace = openTempWorkspace({ home });
  return workspace;
}

describe('a new home', () => {
  it.skipIf(lacks('shell')).each(['0', '022', '077', '0777'])(
    'has folders of mode 0700 and files of mode 0600 under umask %s',
    (umask) => {
      const home = join(tempFolder(), 'deep', 'home');
      const command = `umask ${umask} && exec "$0" "$1" init --home "$2"`;
      execFileSync('sh', ['-c', command, process.execPath, PROGRAM, home]);
      expect(looseIn(home)).toEqual([]);
      expect(readdirSync(home)).toContain('quickscrape.db');
    },
  );
});

describe.each([
  ['0', 0],
  ['022', 0o022],
  ['0777', 0o777],
])('under umask %s', (_, mask) => {
  it.skipIf(lacks('shell'))(
    'a home at work has no file or folder that others may see: locks, journals, runs, logs, trash, backups',
    async ({ site }) => {
      site.hold();
      const home = join(tempFolder(), 'home');
      process.umask(mask);
      const workspace = open(home);
      const service = new SchedulerService(workspace);
      await service.start();
      onTestFinished(() => service.stop({ force: true }));
      await workspace.configs.write('source', gatedConfig(site.url));
      const fields = {
        config_name: 'source',
        schedule: { type: 'daily', time: '09:00', timezone: 'UTC' },
        output_path: 'sub/{job_id}.csv',
        on_success: ['sh', '-c', 'echo umask $(umask)'],
      };
      for (const id of ['runs', 'deleted']) await workspace.jobs.create({ id, fields }, 'library');
      await workspace.jobs.delete('deleted', { by: 'library' });
      await workspace.settings.set('keep_runs', 5);
      const broken = join(workspace.paths.jobs, 'broken.json');
      writeFileSync(broken, `{"config_name": "source", "schedule": {"type": "hourly"},}`);
      chmodSync(broken, 0o600);
      await applyRepairs(workspace.paths, planRepairs(workspace.paths), join(home, 'backups', 'now'));
      const run = await requestRun(workspace, 'runs');
      await waitFor('the page to be asked for', () => site.hits() > 0);
      expect(looseIn(home)).toEqual([]);
      expect(readdirSync(home)).toEqual(expect.arrayContaining(['quickscrape.db-wal', 'backups']));
      expect(readdirSync(workspace.paths.locks)).toContain('scheduler.db-journal');
      site.open();
      await waitFor('the run to end', () => workspace.runs.get(run.runId)?.status === 'succeeded');
      expect(looseIn(home)).toEqual([]);
      expect(readdirSync(workspace.paths.output, { recursive: true })).toContain('sub/runs.csv');
      // Its commands are the user's own.
      const { log } = runFiles(workspace.paths, 'runs', run.runId);
      await waitFor('the command to be called', () =>
        readFileSync(log, 'utf8').includes('callback sh: done'),
      );
      expect(readFileSync(log, 'utf8')).toContain(`umask ${mask.toString(8).padStart(4, '0')}\n`);
    },
  );

  it.skipIf(lacks('modes'))(
    'backups before a migration and damaged databases are closed to other users',
    async () => {
      const home = oldHome();
      const database = join(home, 'quickscrape.db');
      process.umask(mask);
      // By processes of their own: SQLite keeps in mind what stood in a file.
      await quickscrape(['job', 'list'], { home });
      const damaged = readFileSync(database).fill(0xa5, 4096, 8192);
      writeFileSync(database, damaged);
      writeFileSync(`${database}-wal`, 'no WAL, and long enough to be looked at by somebody');
      for (const file of [database, `${database}-wal`]) chmodSync(file, 0o644);
      await quickscrape(['job', 'list'], { home });
      const kept = readdirSync(home).filter((name) => /\.bak$|\.corrupt-/.test(name));
      expect(kept.length).toBeGreaterThanOrEqual(3);
      expect(looseIn(home)).toEqual([]);
    },
  );
});

it.skipIf(lacks('modes'))(
  'a scheduler in the background has a log, and logs before it, that only their owner may see',
  async () => {
    const home = join(tempFolder(), 'home');
    process.umask(0);
    const workspace = open(home);
    const { schedulerLog } = workspace.paths;
    writeFileSync(schedulerLog, 'an old log\n', { mode: 0o644 });
    const started = await quickscrape(['scheduler', 'start', '--daemon'], { home });
    expect(started).toMatchObject({ code: 0 });
    appendFileSync(schedulerLog, 'x'.repeat(1_000));
    expect(rotateLog(schedulerLog, 500)).toBe(true);
    expect(looseIn(home)).toEqual([]);
    expect(readdirSync(home)).toContain('scheduler.log.1');
    expect(await quickscrape(['scheduler', 'stop'], { home })).toMatchObject({ code: 0 });
  },
);

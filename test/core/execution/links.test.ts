import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { resolveRunOutput } from '../../../src/core/execution/output-location.ts';
import { applyRetention, pruneRuns } from '../../../src/core/execution/retention.ts';
import { acquireLease } from '../../../src/core/lease/lease.ts';
import { makeRunId } from '../../../src/core/model/ids.ts';
import { openRunLog, runFiles } from '../../../src/core/runs/run-files.ts';
import { openWorkspace } from '../../../src/core/workspace.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';

/** A home, and a folder outside of it that links lead to. */
function homeAndElsewhere() {
  const folder = tempFolder();
  const workspace = openTempWorkspace({ home: join(folder, 'home') });
  const elsewhere = join(folder, 'elsewhere');
  mkdirSync(elsewhere);
  return { workspace, paths: workspace.paths, elsewhere };
}

const refused = expect.objectContaining({ code: 'not_allowed' });

it.skipIf(lacks('links'))('a run folder or log that is a link is not written through', () => {
  const { paths, elsewhere } = homeAndElsewhere();
  symlinkSync(elsewhere, join(paths.runs, 'linked'));
  expect(() => openRunLog(runFiles(paths, 'linked', 'run1'))).toThrow(refused);
  mkdirSync(join(paths.runs, 'books', 'run2'), { recursive: true });
  symlinkSync(join(elsewhere, 'log'), runFiles(paths, 'books', 'run2').log);
  expect(() => openRunLog(runFiles(paths, 'books', 'run2'))).toThrow(refused);
  symlinkSync(elsewhere, runFiles(paths, 'books', 'run3').folder);
  expect(() => openRunLog(runFiles(paths, 'books', 'run3'))).toThrow(refused);
  expect(readdirSync(elsewhere)).toEqual([]);
});

it.skipIf(lacks('links'))('retention removes nothing behind a link', async () => {
  const { workspace, paths, elsewhere } = homeAndElsewhere();
  mkdirSync(join(elsewhere, 'run1'));
  symlinkSync(elsewhere, join(paths.runs, 'linked'));
  workspace.db.run(
    `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, max_attempts, priority,
       overlap, queued_at, not_before, finished_at)
     VALUES ('run1', 'linked', 'books', 'manual', 'library', 'UTC', 'succeeded', 1, 0, 'skip', 0, 0, 1)`,
  );
  await pruneRuns(paths, workspace.db, 'linked', 0);
  expect(existsSync(join(elsewhere, 'run1'))).toBe(true);
});

it.each([
  ['..', 'run1'],
  ['books', '../../configs'],
  ['books', '..'],
  ['../../../elsewhere', 'run1'],
  ['/', 'run1'],
])('retention leaves runs/ by no id that a foreign database holds: %s, %s', async (jobId, runId) => {
  const { workspace, paths, elsewhere } = homeAndElsewhere();
  mkdirSync(join(elsewhere, 'run1'));
  mkdirSync(join(paths.home, 'run1'));
  mkdirSync(join(paths.runs, 'books', 'run2'), { recursive: true });
  workspace.db.run(
    `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, max_attempts, priority,
       overlap, queued_at, not_before, finished_at)
     VALUES (?, ?, 'books', 'manual', 'library', 'UTC', 'succeeded', 1, 0, 'skip', 0, 0, 1)`,
    [runId, jobId],
  );
  const before = readdirSync(join(paths.home, '..'), { recursive: true }).sort();
  expect(runFiles(paths, jobId, runId).log.startsWith(join(paths.runs, ''))).toBe(true);
  expect(runFiles(paths, jobId, runId).log.split('/')).not.toContain('..');
  await pruneRuns(paths, workspace.db, jobId, 0);
  expect(workspace.runs.list().total).toBe(0);
  expect(readdirSync(join(paths.home, '..'), { recursive: true }).sort()).toEqual(before);
});

it.skipIf(lacks('links'))(
  'a runs folder that is a link is not swept: another home may keep its runs there',
  async () => {
    const { workspace, paths, elsewhere } = homeAndElsewhere();
    // Made long ago: what has no row is not what is left of a lost database.
    workspace.db.run(`UPDATE facts SET value = json_set(value, '$.at', 0) WHERE name = 'database_loss'`);
    const theirs = join(elsewhere, 'books', makeRunId());
    mkdirSync(theirs, { recursive: true });
    utimesSync(theirs, 0, 0);
    rmSync(paths.runs, { recursive: true });
    symlinkSync(elsewhere, paths.runs);
    await applyRetention(workspace);
    expect(existsSync(theirs)).toBe(true);
    rmSync(paths.runs);
    mkdirSync(join(paths.runs, 'books'), { recursive: true });
    renameSync(theirs, join(paths.runs, 'books', basename(theirs)));
    symlinkSync(elsewhere, join(paths.runs, 'linked'));
    mkdirSync(theirs, { recursive: true });
    utimesSync(theirs, 0, 0);
    symlinkSync(join(elsewhere, 'books'), join(paths.runs, 'books', makeRunId()));
    await applyRetention(workspace);
    expect(existsSync(join(paths.runs, 'books', basename(theirs)))).toBe(false);
    expect(existsSync(theirs)).toBe(true);
  },
);

it.skipIf(lacks('links'))(
  'configurations, settings and deleted jobs are not written through links',
  async () => {
    const { workspace, paths, elsewhere } = homeAndElsewhere();
    const theirs = join(elsewhere, 'theirs');
    writeFileSync(theirs, 'theirs');
    symlinkSync(theirs, join(paths.configs, 'books.yaml'));
    await expect(workspace.configs.write('books', 'ours')).rejects.toEqual(refused);
    writeFileSync(theirs, 'keep_runs: 3\n');
    symlinkSync(theirs, paths.settings);
    await expect(workspace.settings.set('keep_runs', 4)).rejects.toEqual(refused);
    expect(readFileSync(theirs, 'utf8')).toBe('keep_runs: 3\n');
  },
);

it.skipIf(lacks('modes', 'links'))(
  'refuses a database, a lock or their side files that are links, and creates nothing at their targets',
  async () => {
    const { workspace, paths, elsewhere } = homeAndElsewhere();
    workspace.close();
    const theirs = join(elsewhere, 'theirs');
    writeFileSync(theirs, '', { mode: 0o644 });
    chmodSync(theirs, 0o644);
    const job = { config_name: 'books', schedule: { type: 'daily', time: '09:00' } };
    const use = async () => {
      const opened = openWorkspace({ home: paths.home, actor: 'library' });
      try {
        await opened.jobs.create({ fields: job }, 'library');
        (await acquireLease(opened, '0', 1)).release();
      } finally {
        opened.close();
      }
    };
    for (const file of [
      ...['', '-wal', '-shm', '-journal'].map((ending) => paths.database + ending),
      join(paths.locks, 'store.db'),
      join(paths.locks, 'scheduler.db'),
    ])
      for (const target of [theirs, join(elsewhere, 'new')]) {
        for (const ending of ['', '-wal', '-shm']) rmSync(paths.database + ending, { force: true });
        rmSync(file, { force: true });
        symlinkSync(target, file);
        await expect(use(), file).rejects.toThrow('is a symbolic link');
        expect(readdirSync(elsewhere)).toEqual(['theirs']);
        expect(statSync(theirs)).toMatchObject({ size: 0, mode: 0o100644 });
        rmSync(file);
      }
    await use();
  },
);

it.skipIf(lacks('links'))(
  'a relative output path cannot leave the output folder by a link; an absolute one may',
  () => {
    const { paths, elsewhere } = homeAndElsewhere();
    symlinkSync(elsewhere, join(paths.output, 'away'));
    writeFileSync(join(elsewhere, 'b.csv'), '');
    symlinkSync(join(elsewhere, 'b.csv'), join(paths.output, 'b.csv'));
    const run = { runId: 'r', jobId: 'j', configName: 'c', scheduledFor: null, queuedAt: 0, timezone: 'UTC' };
    const place = (output_path: string) =>
      resolveRunOutput(paths, run, { job: { output_format: null, output_path }, config: { format: 'csv' } })
        .file;
    for (const path of ['away/a.csv', 'b.csv', 'away/new/a.csv'])
      expect(() => place(path)).toThrow(
        expect.objectContaining({ code: 'invalid_params', field: 'output_path' }),
      );
    expect(place(join(elsewhere, 'a.csv'))).toBe(join(elsewhere, 'a.csv'));
    expect(place('inside/a.csv')).toBe(join(paths.output, 'inside/a.csv'));
  },
);

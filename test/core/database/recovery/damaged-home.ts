import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Libsql from 'libsql';
import { onTestFinished } from 'vitest';
import { makeRunId } from '../../../../src/core/model/ids.ts';
import { enqueueRun } from '../../../../src/core/runs/run-queue.ts';
import { openWorkspace, type Workspace } from '../../../../src/core/workspace.ts';
import { tempFolder } from '../../../temp-folder.ts';

export const PAGE = 4096;
const DAY_MS = 86_400_000;

export interface FullHome {
  home: string;
  database: string;
  /** Each occurrence that has been decided, as `job instant`. */
  decided: Set<string>;
}

/** A home of `jobs` daily jobs, each with `runs` past occurrences that ran; closed, and without a WAL. */
export async function fullHome(jobs: number, runs: number): Promise<FullHome> {
  const home = tempFolder();
  const workspace = openWorkspace({ home, actor: 'library' });
  const decided = new Set<string>();
  const today = Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth(), new Date().getUTCDate());
  for (let n = 0; n < jobs; n += 1) {
    const id = `job-${n}`;
    const schedule = { type: 'daily', time: '00:00', timezone: 'UTC' };
    await workspace.jobs.create({ id, fields: { config_name: 'books', schedule } }, 'library');
    workspace.db.transaction(() => {
      for (let past = runs; past > 0; past -= 1) {
        const at = today - past * DAY_MS;
        const run = enqueueRun(
          workspace.db,
          {
            ...{ jobId: id, configName: 'books', trigger: 'schedule', scheduledFor: at, timezone: 'UTC' },
            ...{ status: 'queued', maxAttempts: 1, priority: 0, overlap: 'skip', requestedBy: 'scheduler' },
          },
          at,
        );
        workspace.db.run(
          `UPDATE runs SET status = 'succeeded', attempt = 1, started_at = ?, finished_at = ? WHERE run_id = ?`,
          [at, at + 1_000, run?.runId ?? ''],
        );
        workspace.db.run(
          `INSERT INTO attempts (run_id, attempt, status, started_at) VALUES (?, 1, 'succeeded', ?)`,
          [run?.runId ?? '', at],
        );
        decided.add(`${id} ${at}`);
      }
      workspace.db.run(`UPDATE job_state SET status = 'completed', last_run = ? WHERE job_id = ?`, [
        today - DAY_MS,
        id,
      ]);
    });
    await workspace.jobs.copyRuntime(id);
  }
  const { database } = workspace.paths;
  workspace.close();
  settle(database);
  return { home, database, decided };
}

/** Brings the WAL into the database, so that its pages are all in one file. */
export function settle(database: string): void {
  const connection = new Libsql(database);
  connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  connection.close();
}

export function open(home: string): Workspace {
  const workspace = openWorkspace({ home, actor: 'library' });
  onTestFinished(() => workspace.close());
  return workspace;
}

/** Writes `bytes` over a file from `at` on, in place. */
export function overwrite(file: string, at: number, bytes: Buffer): void {
  const fd = openSync(file, 'r+');
  writeSync(fd, bytes, 0, bytes.length, at);
  closeSync(fd);
}

export function pagesOf(file: string): number {
  return Math.floor(statSync(file).size / PAGE);
}

/** Puts the database's file back as it was, without WAL and without what was kept. */
export function putBack(home: string, content: Buffer): void {
  for (const name of readdirSync(home))
    if (name.startsWith('quickscrape.db')) rmSync(join(home, name), { force: true });
  writeFileSync(join(home, 'quickscrape.db'), content, { mode: 0o600 });
}

/** The names of the damaged files that were kept, without their WALs. */
export function keptFiles(home: string): string[] {
  return readdirSync(home).filter((name) => /\.corrupt-[^.]*Z$/.test(name));
}

/** Adds the folder of a run that began then and has no row; it has changed an hour from now. */
export function addRunFolder(home: string, jobId: string, begunAt: number): void {
  const folder = join(home, 'runs', jobId, makeRunId());
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'run.log'), `${new Date(begunAt).toISOString()} INFO  run begins\n`);
  const changed = Date.now() / 1000 + 3_600;
  for (const path of [folder, dirname(folder)]) utimesSync(path, changed, changed);
}

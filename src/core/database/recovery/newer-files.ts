import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isRunId } from '../../model/run-id.ts';
import type { RunQuery } from '../history-position.ts';
import { runtimeCopyIn } from './runtime-copy.ts';

/** What lies beside a database and is newer than all that it knows of. */
export interface NewerFiles {
  /** Folders of runs without a row. */
  folders: number;
  /** Files of jobs whose `last_run` it does not know. */
  jobFiles: number;
}

/** What it knows of, and what a loss that it has noted explains, in epoch milliseconds. */
const NEWEST = `SELECT max(at) AS at FROM (
  SELECT max(queued_at, coalesce(started_at, 0), coalesce(finished_at, 0)) AS at FROM runs
  UNION ALL SELECT last_run FROM job_state
  UNION ALL SELECT CAST(value AS INTEGER) FROM facts WHERE name = 'scheduler_seen_at'
  UNION ALL SELECT value ->> '$.at' FROM facts WHERE name = 'database_loss' AND json_valid(value))`;

/** Looks for them beside the database `file`; only what has changed since is read. */
export function newerFiles(file: string, ask: RunQuery, now: number): NewerFiles {
  const home = dirname(file);
  const [{ at: newest } = { at: null }] = ask(NEWEST, []) as { at: number | null }[];
  return {
    folders: foldersAfter(join(home, 'runs'), newest ?? 0, ask),
    jobFiles: jobFilesAfter(join(home, 'jobs'), newest ?? 0, ask, now),
  };
}

function foldersAfter(runs: string, newest: number, ask: RunQuery): number {
  const changed = (path: string) => modifiedAt(path) > newest;
  let after = 0;
  // A copied home, and one whose old runs were being removed, has folders that have changed since they were made.
  for (const ofJob of listFolder(runs).map((name) => join(runs, name)))
    for (const runId of changed(ofJob) ? listFolder(ofJob).filter(isRunId) : [])
      if (
        changed(join(ofJob, runId)) &&
        firstLogInstant(join(ofJob, runId, 'run.log')) > newest &&
        ask('SELECT 1 FROM runs WHERE run_id = ?', [runId]).length === 0
      )
        after += 1;
  return after;
}

function jobFilesAfter(jobs: string, newest: number, ask: RunQuery, now: number): number {
  return listFolder(jobs).filter((name) => {
    const path = join(jobs, name);
    if (!name.endsWith('.json') || modifiedAt(path) <= newest) return false;
    if ((runtimeCopyIn(path, now)?.lastRun ?? 0) <= newest) return false;
    // A job that it does not know may have run in another home.
    const id = name.slice(0, -'.json'.length);
    return ask('SELECT 1 FROM job_state WHERE job_id = ?', [id]).length > 0;
  }).length;
}

/** Epoch milliseconds; 0 for what is not there. */
function modifiedAt(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

/** The instant of a log's first line, in epoch milliseconds; 0 where there is none. */
function firstLogInstant(log: string): number {
  const start = Buffer.alloc('2026-11-28T19:36:25.629Z'.length);
  try {
    const fd = openSync(log, 'r');
    try {
      readSync(fd, start, 0, start.length, 0);
    } finally {
      closeSync(fd);
    }
  } catch {
    return 0;
  }
  return Date.parse(start.toString('latin1')) || 0;
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

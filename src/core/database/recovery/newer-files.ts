import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isRunId } from '../../model/run-id.ts';
import type { RunQuery } from '../history-position.ts';
import { runtimeCopyIn } from './runtime-copy.ts';

/** Counts of the files beside a database that are newer than everything in it. */
export interface NewerFiles {
  /** Run folders without a row. */
  folders: number;
  /** Job files with a `last_run` that the database lacks. */
  jobFiles: number;
}

/** The newest instant in the database, including a recorded loss, in epoch milliseconds. */
const NEWEST = `SELECT max(at) AS at FROM (
  SELECT max(queued_at, coalesce(started_at, 0), coalesce(finished_at, 0)) AS at FROM runs
  UNION ALL SELECT last_run FROM job_state
  UNION ALL SELECT CAST(value AS INTEGER) FROM facts WHERE name = 'scheduler_seen_at'
  UNION ALL SELECT value ->> '$.at' FROM facts WHERE name = 'database_loss' AND json_valid(value))`;

/** Counts the newer files beside the database `file`. Only folders and files that changed since are read. */
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
  // In a copied home, or after the removal of old runs, folders have changed since they were created.
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
    // A job that the database lacks may have run in another home.
    const id = name.slice(0, -'.json'.length);
    return ask('SELECT 1 FROM job_state WHERE job_id = ?', [id]).length > 0;
  }).length;
}

/** Epoch milliseconds; 0 if the path does not exist. */
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

import { statSync } from 'node:fs';
import { openReadOnly } from '../../database/connection.ts';
import { isBusy, isPossibleDamage } from '../../database/sql-errors.ts';
import type { HomePaths } from '../../fs/paths.ts';
import { listSubfolders } from '../../lib/list-folder.ts';
import { isName } from '../../model/ids.ts';
import { getPersistentFiles, runFiles } from '../../runs/run-files.ts';

/** Finds the files of rows that jobs have written (`output.only`) which cannot be read; never throws. */
export function findDamagedRows(paths: HomePaths): DamagedFile[] {
  return findDamaged(paths, 'knownRows', 'SELECT key FROM known LIMIT 1');
}

/** Finds the files of addresses that jobs have fetched (`urls_from` with `only: new`) which cannot be read; never throws. */
export function findDamagedAddresses(paths: HomePaths): DamagedFile[] {
  return findDamaged(paths, 'fetched', 'SELECT address FROM taken LIMIT 1');
}

/** Finds the files of the addresses of active crawls which are damaged; never throws. */
export function findDamagedCrawls(
  paths: HomePaths,
  active: readonly { jobId: string; runId: string }[],
): (DamagedFile & { runId: string })[] {
  return active.flatMap(({ jobId, runId }) => {
    const { crawl: file } = runFiles(paths, jobId, runId);
    const message = findProblem(file, 'SELECT id FROM pages LIMIT 1', isPossibleDamage);
    return message === undefined ? [] : [{ jobId, runId, file, message }];
  });
}

/** A file of a job, and why it cannot be read. */
export interface DamagedFile {
  jobId: string;
  file: string;
  message: string;
}

function findDamaged(paths: HomePaths, kind: 'knownRows' | 'fetched', sql: string): DamagedFile[] {
  return listSubfolders(paths.runs)
    .filter(isName)
    .flatMap((jobId) => {
      const file = getPersistentFiles(paths, jobId)[kind];
      // A run holds it at the moment.
      const message = findProblem(file, sql, (error) => !isBusy(error));
      return message === undefined ? [] : [{ jobId, file, message }];
    });
}

/** Returns why a file cannot be read, if it exists. @param counts whether an error is one to report */
function findProblem(file: string, sql: string, counts: (error: unknown) => boolean): string | undefined {
  try {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0) return undefined;
    const db = openReadOnly(file);
    try {
      db.exec(sql);
    } finally {
      db.close();
    }
    return undefined;
  } catch (error) {
    if (!counts(error)) return undefined;
    return error instanceof Error ? error.message : String(error);
  }
}

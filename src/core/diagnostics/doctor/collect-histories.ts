import { statSync } from 'node:fs';
import { openReadOnly, query } from '../../database/connection.ts';
import { isPossibleDamage } from '../../database/sql-errors.ts';
import type { HomePaths } from '../../fs/paths.ts';
import { listSubfolders } from '../../lib/list-folder.ts';
import { isName } from '../../model/ids.ts';
import { getPersistentFiles } from '../../runs/run-files.ts';

/** Larger files are only opened: to check each page would take seconds. */
const MAX_CHECKED_BYTES = 64 * 1024 * 1024;

/** Finds the files with the history of rows which are damaged; never throws. */
export function findDamagedHistories(paths: HomePaths): { jobId: string; file: string; message: string }[] {
  return listSubfolders(paths.runs)
    .filter(isName)
    .flatMap((jobId) => {
      const { history: file } = getPersistentFiles(paths, jobId);
      try {
        const message = findDamage(file);
        return message === undefined ? [] : [{ jobId, file, message }];
      } catch (error) {
        // A run may be writing, or may have died while it did: the next one completes that.
        return isPossibleDamage(error) ? [{ jobId, file, message: (error as Error).message }] : [];
      }
    });
}

function findDamage(file: string): string | undefined {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return undefined;
  const db = openReadOnly(file);
  try {
    if (size > MAX_CHECKED_BYTES) {
      query(db, 'SELECT 1 FROM changes LIMIT 1');
      return undefined;
    }
    const [row] = query<{ quick_check: string }>(db, 'PRAGMA quick_check(1)');
    return row === undefined || row.quick_check === 'ok' ? undefined : row.quick_check;
  } finally {
    db.close();
  }
}

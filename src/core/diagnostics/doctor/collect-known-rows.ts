import { statSync } from 'node:fs';
import { openReadOnly } from '../../database/connection.ts';
import { isBusy } from '../../database/sql-errors.ts';
import type { HomePaths } from '../../fs/paths.ts';
import { listSubfolders } from '../../lib/list-folder.ts';
import { isName } from '../../model/ids.ts';
import { getPersistentFiles } from '../../runs/run-files.ts';

/** Finds the files of rows that jobs have written (`output.only`) which cannot be read; never throws. */
export function findDamagedRows(paths: HomePaths): { jobId: string; file: string; message: string }[] {
  return listSubfolders(paths.runs)
    .filter(isName)
    .flatMap((jobId) => {
      const { knownRows: file } = getPersistentFiles(paths, jobId);
      try {
        if (statSync(file, { throwIfNoEntry: false }) === undefined) return [];
        const db = openReadOnly(file);
        try {
          db.exec('SELECT key FROM known LIMIT 1');
        } finally {
          db.close();
        }
        return [];
      } catch (error) {
        // A run holds it at the moment.
        if (isBusy(error)) return [];
        return [{ jobId, file, message: error instanceof Error ? error.message : String(error) }];
      }
    });
}

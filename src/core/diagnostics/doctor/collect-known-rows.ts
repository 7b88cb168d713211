import { statSync } from 'node:fs';
import { openReadOnly } from '../../database/connection.ts';
import { isBusy } from '../../database/sql-errors.ts';
import type { HomePaths } from '../../fs/paths.ts';
import { listSubfolders } from '../../lib/list-folder.ts';
import { isName } from '../../model/ids.ts';
import { getPersistentFiles } from '../../runs/run-files.ts';

/** Finds the files of rows that jobs have written (`output.only`) which cannot be read; never throws. */
export function findDamagedRows(paths: HomePaths): DamagedFile[] {
  return findDamaged(paths, 'knownRows', 'SELECT key FROM known LIMIT 1');
}

/** Finds the files of addresses that jobs have fetched (`urls_from` with `only: new`) which cannot be read; never throws. */
export function findDamagedAddresses(paths: HomePaths): DamagedFile[] {
  return findDamaged(paths, 'fetched', 'SELECT address FROM taken LIMIT 1');
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
      try {
        if (statSync(file, { throwIfNoEntry: false }) === undefined) return [];
        const db = openReadOnly(file);
        try {
          db.exec(sql);
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

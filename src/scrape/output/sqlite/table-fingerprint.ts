import { hash } from 'node:crypto';
import type Libsql from 'libsql';
import { query } from '../../../core/database/connection.ts';
import { quoteIdentifier, type TableRows } from './prepare-table.ts';

/** Of a table's rows, by their number and the last one; undefined where there is no such table, or it has no rowid. */
export function getTableFingerprint(db: Libsql.Database, file: string, table: string): string | undefined {
  try {
    const name = quoteIdentifier(table);
    const rows = query(db, `SELECT rowid AS _rowid, * FROM ${name} ORDER BY rowid DESC LIMIT 1`);
    const counted = query(db, `SELECT count(*) AS count FROM ${name}`);
    return `table ${hash('sha256', JSON.stringify([file, table, rows, counted]), 'hex')}`;
  } catch {
    return undefined;
  }
}

/** Notes the table as it is within the transaction, before others see it. */
export async function recordTable(
  db: Libsql.Database,
  file: string,
  { note, table }: Pick<TableRows, 'note' | 'table'>,
): Promise<void> {
  const fingerprint = note && getTableFingerprint(db, file, table);
  if (fingerprint !== undefined) await note?.write(fingerprint);
}

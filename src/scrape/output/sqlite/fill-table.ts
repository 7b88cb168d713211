import type Libsql from 'libsql';
import { query } from '../../../core/database/connection.ts';
import { throwIfCancelled } from '../../lib/scrape-error.ts';
import { type PlainValue, toPlainValue } from '../output-columns.ts';
import { type CellColumn, getCellValue } from '../price-cells.ts';
import { readStagedItems } from '../staging.ts';
import { prepareTable, quoteIdentifier, type TableRows } from './prepare-table.ts';

/**
 * Makes the table ready and puts the rows in, within the caller's transaction.
 * @returns what the user should know
 * @throws ScrapeError `output` or `cancelled`, what libsql throws
 */
export async function fillTable(db: Libsql.Database, file: string, rows: TableRows): Promise<string[]> {
  const { columns, warnings } = prepareTable(db, file, rows);
  const insert = db.prepare(createInsertSql(rows, columns));
  let keyless = 0;
  for await (const items of readStagedItems(rows.stagingFile)) {
    throwIfCancelled(rows.signal);
    for (const item of items) {
      insert.run(columns.map((column) => toSqlValue(getCellValue(item, column))));
      if (rows.key.some((name) => toPlainValue(item[name]) === null)) keyless += 1;
    }
  }
  if (keyless > 0) {
    const key = rows.key.join(', ');
    warnings.push(`${keyless} rows have no ${key}: they were added, and no later run can know them again`);
  }
  return warnings;
}

/** A row whose key is there already is updated: in its own columns, whatever else the table has. */
function createInsertSql({ table, key }: TableRows, columns: readonly CellColumn[]): string {
  const names = columns.map(({ name }) => quoteIdentifier(name));
  const values = names.map(() => '?').join(', ');
  const insert = `INSERT INTO ${quoteIdentifier(table)} (${names.join(', ')}) VALUES (${values})`;
  if (key.length === 0) return insert;
  const others = names.filter((name) => !key.map(quoteIdentifier).includes(name));
  const update = others.map((name) => `${name} = excluded.${name}`).join(', ');
  const conflict = `ON CONFLICT (${key.map(quoteIdentifier).join(', ')})`;
  return `${insert} ${conflict} ${update === '' ? 'DO NOTHING' : `DO UPDATE SET ${update}`}`;
}

/** libsql ends the process for a boolean, and takes a whole number for a fraction unless it is a bigint. */
function toSqlValue(value: PlainValue): string | number | bigint | null {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  // For SQLite's own functions a text ends at a NUL.
  return typeof value === 'string' ? value.replaceAll('\0', '') : null;
}

/** Whether a database holds QuickScrape's own runs. */
export function isOwnDatabase(db: Libsql.Database): boolean {
  const isOwn = query(
    db,
    "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name IN ('runs', 'scheduler')",
  );
  return isOwn.length === 2;
}

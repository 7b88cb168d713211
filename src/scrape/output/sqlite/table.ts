import { hash } from 'node:crypto';
import type Libsql from 'libsql';
import { query } from '../../../core/database/connection.ts';
import { pluralize, truncateList } from '../../../core/lib/text.ts';
import { ScrapeError, throwIfCancelled } from '../../lib/scrape-error.ts';
import type { PlacementRecord } from '../export-options.ts';
import {
  type CellColumn,
  type CellRules,
  type Column,
  createCellColumns,
  type FoundColumn,
  getCellValue,
  getColumnNames,
  type PlainValue,
  toPlainValue,
} from '../output-columns.ts';
import { readStagedItems } from '../staging.ts';

/**
 * Prepares the table for the rows: creates it, empties it, or adds columns.
 * @returns the columns to fill, and warnings for the user
 * @throws ScrapeError `output` if the table cannot be prepared; the errors of libsql
 */
function prepareTable(
  db: Libsql.Database,
  file: string,
  rows: TableRows,
): { columns: CellColumn[]; warnings: string[] } {
  refuseDuplicateColumns(rows.found);
  const present = readColumns(db, file, rows.table);
  const has = (name: string) => present?.has(toAsciiLowerCase(name)) === true;
  const columns = createCellColumns(rows.found, rows, rows.append ? has : undefined);
  const added = columns.filter(({ name }) => !has(name));
  const warnings: string[] = [];
  if (present === undefined) createTable(db, rows, columns);
  else if (rows.append) {
    for (const column of added) {
      db.exec(`ALTER TABLE ${quoteIdentifier(rows.table)} ADD COLUMN ${getColumnDefinition(column)}`);
    }
    if (added.length > 0)
      warnings.push(`table ${rows.table} of ${file} has new columns: ${truncateList(getColumnNames(added))}`);
  } else if (added.length === 0 && present.size === columns.length) {
    // Deleting the rows keeps indexes and triggers that users have created.
    db.exec(`DELETE FROM ${quoteIdentifier(rows.table)}`);
  } else {
    db.exec(`DROP TABLE ${quoteIdentifier(rows.table)}`);
    createTable(db, rows, columns);
  }
  if (rows.key.length > 0) ensureUniqueIndex(db, file, rows);
  return { columns, warnings };
}

/** Quotes a name for SQL. */
function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function createTable(db: Libsql.Database, { table }: TableRows, columns: readonly CellColumn[]): void {
  db.exec(`CREATE TABLE ${quoteIdentifier(table)} (${columns.map(getColumnDefinition).join(', ')})`);
}

/**
 * SQLite converts texts in a numeric column to numbers. A column with both has no type, which keeps each value
 * unchanged.
 */
function getColumnDefinition({ name, kinds }: Column): string {
  return `${quoteIdentifier(name)} ${getColumnType(kinds)}`.trimEnd();
}

function getColumnType(kinds: Column['kinds']): string {
  if (kinds.size === 0) return '';
  if (kinds.has('text')) return kinds.size === 1 ? 'TEXT' : '';
  return kinds.has('number') ? 'REAL' : 'INTEGER';
}

/** @returns the names in lower case, as SQLite compares them; `undefined` if the table does not exist */
function readColumns(db: Libsql.Database, file: string, table: string): Set<string> | undefined {
  const [found] = query<{ type: string }>(
    db,
    "SELECT type FROM sqlite_schema WHERE name = ? COLLATE NOCASE AND type IN ('table', 'view', 'index')",
    [table],
  );
  if (found === undefined) return undefined;
  if (found.type !== 'table') {
    throw new ScrapeError(
      'output',
      `"${table}" is not a table of ${file}: there is a ${found.type} of that name`,
      {
        hint: 'Name another one: output.table.',
      },
    );
  }
  return new Set(
    query<{ name: string }>(db, 'SELECT name FROM pragma_table_info(?)', [table]).map(({ name }) =>
      toAsciiLowerCase(name),
    ),
  );
}

/** Ensures a unique index on the key: an existing one of the table, or a new one. */
function ensureUniqueIndex(db: Libsql.Database, file: string, { table, key, found }: TableRows): void {
  const unknown = key.filter((name) => !found.some((column) => column.name === name));
  if (unknown.length > 0) {
    throw new ScrapeError('output', `the rows have no ${truncateList(unknown)}, which output.key names`, {
      hint: `Fields: ${found.map(({ name }) => name).join(', ')}.`,
    });
  }
  if (hasUniqueIndex(db, table, key)) return;
  const index = quoteIdentifier(`${table}_by_${key.join('_')}`);
  try {
    db.exec(
      `CREATE UNIQUE INDEX ${index} ON ${quoteIdentifier(table)} (${key.map(quoteIdentifier).join(', ')})`,
    );
  } catch (error) {
    if (!/UNIQUE/.test(String(error))) throw error;
    const hint = 'Remove the duplicate rows, add fields to output.key, or set append: false to start over.';
    const message = `table ${table} of ${file} has several rows with the same ${key.join(', ')}`;
    throw new ScrapeError('output', message, { hint, cause: error });
  }
}

function hasUniqueIndex(db: Libsql.Database, table: string, key: readonly string[]): boolean {
  const wanted = key.map(toAsciiLowerCase).sort().join('\0');
  const columnsOf = (sql: string, name: string) =>
    query<{ name: string }>(db, sql, [name])
      .map(({ name }) => toAsciiLowerCase(String(name)))
      .sort()
      .join('\0');
  if (columnsOf('SELECT name FROM pragma_table_info(?) WHERE pk > 0', table) === wanted) return true;
  const indexes = query<{ name: string }>(
    db,
    'SELECT name FROM pragma_index_list(?) WHERE "unique" = 1 AND partial = 0',
    [table],
  );
  return indexes.some(({ name }) => columnsOf('SELECT name FROM pragma_index_info(?)', name) === wanted);
}

/** SQLite compares column names without case: "Price" and "price" are the same. */
function refuseDuplicateColumns(columns: readonly Column[]): void {
  const seen = new Map<string, string>();
  for (const { name } of columns) {
    const twin = seen.get(toAsciiLowerCase(name));
    if (twin !== undefined) {
      throw new ScrapeError('output', `SQLite does not distinguish the fields "${twin}" and "${name}"`, {
        hint: 'Give one of them another name.',
      });
    }
    seen.set(toAsciiLowerCase(name), name);
  }
}

/** Only ASCII letters, as in SQLite's own comparison. */
function toAsciiLowerCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The rows to write into a table. */
export interface TableRows extends CellRules {
  stagingFile: string;
  table: string;
  /** The columns that identify a row. Empty: rows are only added. */
  key: readonly string[];
  /** Whether existing rows stay. */
  append: boolean;
  /** With `append` and no key: prevents adding the same rows twice. */
  note: PlacementRecord | undefined;
  found: readonly FoundColumn[];
  signal: AbortSignal;
  /** How long to wait while another program locks the database, in milliseconds. */
  busyWaitMs: number;
}

/**
 * Prepares the table and inserts the rows, within the caller's transaction.
 * @returns warnings for the user
 * @throws ScrapeError `output` or `cancelled`; the errors of libsql
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
    warnings.push(
      `${pluralize(keyless, 'row has', 'rows have')} no ${key}: ${keyless === 1 ? 'it was' : 'they were'} added, and later runs cannot recognize ${keyless === 1 ? 'it' : 'them'}`,
    );
  }
  return warnings;
}

/** A row whose key exists is updated, only in the row's own columns; other columns of the table stay unchanged. */
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

/** libsql ends the process for a boolean, and stores a whole number as REAL unless it is a bigint. */
function toSqlValue(value: PlainValue): string | number | bigint | null {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  // SQLite's own functions end a text at a NUL.
  return typeof value === 'string' ? value.replaceAll('\0', '') : null;
}

/** Whether the file is QuickScrape's own database of runs. */
export function isOwnDatabase(db: Libsql.Database): boolean {
  const isOwn = query(
    db,
    "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name IN ('runs', 'scheduler')",
  );
  return isOwn.length === 2;
}

/**
 * Fingerprint of a table's rows, from their number and the last row. Undefined if the table does not exist or has no
 * rowid.
 */
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

/** Records the table's fingerprint within the transaction, before others see the rows. */
export async function recordTable(
  db: Libsql.Database,
  file: string,
  { note, table }: Pick<TableRows, 'note' | 'table'>,
): Promise<void> {
  const fingerprint = note && getTableFingerprint(db, file, table);
  if (fingerprint !== undefined) await note?.write(fingerprint, { file, existing: undefined });
}

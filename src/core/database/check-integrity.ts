import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type Libsql from 'libsql';
import { BUSY_WAIT_MS, openToRead, query } from './connection.ts';
import { Sqlite } from './native-sqlite.ts';
import { isPossibleDamage, sqlCode } from './sql-errors.ts';

const HEADER_BYTES = 32;

/**
 * Whether the WAL beside a database has an invalid header. SQLite silently treats such a file as empty, so everything
 * committed into it would be lost. Opening the WAL here is safe: SQLite's locks are on the other two files.
 * @throws NodeJS.ErrnoException when the WAL cannot be read
 */
export function isWalUnusable(database: string): boolean {
  const header = Buffer.alloc(HEADER_BYTES);
  let fd: number | undefined;
  try {
    fd = openSync(`${database}-wal`, 'r');
    if (readSync(fd, header, 0, HEADER_BYTES, 0) < HEADER_BYTES) return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
  const magic = header.readUInt32BE(0);
  if (magic !== 0x377f0682 && magic !== 0x377f0683) return true;
  const [first, second] = checksum(header.subarray(0, 24), magic === 0x377f0683);
  return first !== header.readUInt32BE(24) || second !== header.readUInt32BE(28);
}

/** Whether the database is empty and its WAL is not. SQLite never leaves this state, and would drop the WAL. */
export function isEmptyWithWal(database: string): boolean {
  if (statSync(database, { throwIfNoEntry: false })?.size !== 0) return false;
  return (statSync(`${database}-wal`, { throwIfNoEntry: false })?.size ?? 0) > HEADER_BYTES;
}

/** Computes the checksum of a WAL header (sqlite.org/fileformat2.html, 4.2). */
function checksum(bytes: Buffer, bigEndian: boolean): [number, number] {
  const word = (at: number) => (bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at));
  let first = 0;
  let second = 0;
  for (let at = 0; at < bytes.length; at += 8) {
    first = (first + word(at) + second) >>> 0;
    second = (second + word(at + 4) + first) >>> 0;
  }
  return [first, second];
}

const REQUIRED_TABLES = ['runs', 'attempts', 'job_state', 'scheduler'];
/** Tables that exist only in later schema versions are checked when they are present. */
const TABLES = [...REQUIRED_TABLES, 'downtime', 'facts', 'set_back_watermarks', 'missing_job_files'];
const BATCH_SIZE = 500;

interface DatabaseCheck {
  ok: boolean;
  /** The problems, one sentence each. */
  problems: string[];
}

/**
 * Checks the whole database of a home and reports its problems. Changes nothing; a missing file is ok.
 * @param open opens the database for reading only
 */
export function checkIntegrity(
  file: string,
  open: () => Libsql.Database = () => openToRead(file),
): DatabaseCheck {
  if (!statSync(file, { throwIfNoEntry: false })) return { ok: true, problems: [] };
  try {
    const damage = findDamage(file, open);
    return { ok: damage.length === 0, problems: damage };
  } catch (error) {
    return {
      ok: false,
      problems: [`${file} cannot be checked: ${String(error)} (${sqlCode(error) ?? 'no SQLite error'})`],
    };
  }
}

/**
 * Returns the damage of a database that is suspected to be damaged; an empty list when there is none.
 * @throws the SQLite error for a file that another process holds or that cannot be read now, which proves no damage
 */
export function findDamage(file: string, open: () => Libsql.Database = () => openToCheck(file)): string[] {
  if (isEmptyWithWal(file)) return ['it is empty, and the WAL beside it is not'];
  if (isWalUnusable(file)) return ['the WAL beside it is not one'];
  if (statSync(file, { throwIfNoEntry: false })?.size === 0) return [];
  return findDamageIn(open);
}

/** Like {@link findDamage}, but checks only the content that a connection shows, not the files beside the database. */
export function findDamageIn(open: () => Libsql.Database): string[] {
  let connection: Libsql.Database | undefined;
  try {
    connection = open();
    const problems = readTexts(connection, 'integrity_check', 'pragma_integrity_check(5)').filter(
      (said) => said !== 'ok',
    );
    if (problems.length > 0) return problems;
    const present = new Set(readTexts(connection, 'name', 'sqlite_schema'));
    const missing = REQUIRED_TABLES.filter((name) => !present.has(name));
    if (missing.length > 0) return missing.map((name) => `the table ${name} is missing`);
    return findUnreadableValues(
      connection,
      TABLES.filter((name) => present.has(name)),
    );
  } catch (error) {
    if (isPossibleDamage(error)) return [(error as Error).message];
    throw error;
  } finally {
    connection?.close();
  }
}

/** Waits for other processes: the last one to close the database holds it for an instant. */
function openToCheck(file: string): Libsql.Database {
  const connection = new Sqlite(file);
  connection.exec(`PRAGMA busy_timeout = ${BUSY_WAIT_MS}`);
  return connection;
}

/**
 * Finds values that SQLite accepts and libsql does not. A text that is not UTF-8 ends the whole process, and an
 * integer beyond JavaScript's safe range is an error. A single wrong byte on the disk can cause either. Each batch of
 * rows is read as one blob, because each value costs more than its bytes.
 */
function findUnreadableValues(connection: Libsql.Database, tables: readonly string[]): string[] {
  return tables.flatMap((table) => {
    const columns = readTexts(connection, 'name', `pragma_table_info('${table}')`);
    if (!columns.every((name) => /^\w+$/.test(name)))
      return [`the table ${table} has columns of other names`];
    const select = `SELECT CAST(max(rowid) AS TEXT) AS last, CAST(group_concat(${toText(columns)}, '\n') AS BLOB) AS bytes,
      max(${hasLargeInteger(columns)}) AS "is large" FROM (SELECT rowid, * FROM ${table} NOT INDEXED
      WHERE rowid > CAST(? AS INTEGER) ORDER BY rowid LIMIT ${BATCH_SIZE})`;
    for (let after = MIN_ROWID; ; ) {
      const [batch] = query<Row>(connection, select, [after]);
      if (batch === undefined || batch['last'] === null) return [];
      if (batch['is large'] === 1 || !isUtf8(toBytes(batch['bytes']) ?? Buffer.alloc(0)))
        return [
          `a row of ${table} up to ${batch['last']} has a text that is not UTF-8, or a number that is too large`,
        ];
      after = String(batch['last']);
    }
  });
}

const MIN_ROWID = '-9223372036854775808';

type Row = Record<string, unknown>;

/** Joins columns with a line break, so that two halves of a character do not form a valid one. */
function toText(columns: readonly string[]): string {
  return columns.map((name) => `coalesce(${name}, '')`).join(` || '\n' || `);
}

function hasLargeInteger(columns: readonly string[]): string {
  const range = `${Number.MIN_SAFE_INTEGER} AND ${Number.MAX_SAFE_INTEGER}`;
  return columns.map((name) => `(typeof(${name}) = 'integer' AND ${name} NOT BETWEEN ${range})`).join(' OR ');
}

/** Returns the first column of a query as texts. It is read as bytes, the only safe way for damaged values. */
function readTexts(connection: Libsql.Database, expression: string, from: string): string[] {
  return query<Row>(connection, `SELECT CAST(${expression} AS BLOB) AS bytes FROM ${from}`).map(
    ({ bytes }) => toBytes(bytes)?.toString('utf8') ?? '',
  );
}

function toBytes(value: unknown): Buffer | undefined {
  if (Buffer.isBuffer(value)) return value;
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  return ArrayBuffer.isView(value)
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    : undefined;
}

import { statSync } from 'node:fs';
import Libsql from 'libsql';
import { BUSY_WAIT_MS, openToRead } from './connection.ts';
import { readUndamagedRows } from './recovery/read-undamaged-rows.ts';
import { isTextValid, texts } from './recovery/safe-text.ts';
import { isPossibleDamage, sqlCode } from './sql-errors.ts';
import { isEmptyWithWal, isWalUnusable } from './wal-header.ts';

const TABLES = ['runs', 'attempts', 'job_state', 'scheduler'];

export interface DatabaseCheck {
  ok: boolean;
  /** What is wrong, each a sentence for people. */
  problems: string[];
}

/**
 * Reads the whole database of a home and says what is wrong with it. Changes nothing; an absent one is fine.
 * @param open how to open it, to read only
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
 * What is wrong with a database that is suspected to be damaged: nothing, when it is not.
 * @throws what SQLite throws for a file that is held by somebody or cannot be read now: it says nothing of damage
 */
export function findDamage(file: string, open: () => Libsql.Database = () => openToCheck(file)): string[] {
  if (isEmptyWithWal(file)) return ['it is empty, and the WAL beside it is not'];
  if (isWalUnusable(file)) return ['the WAL beside it is not one'];
  if (statSync(file, { throwIfNoEntry: false })?.size === 0) return [];
  let connection: Libsql.Database | undefined;
  try {
    connection = open();
    const found = texts(connection, 'integrity_check', 'pragma_integrity_check(5)');
    const problems = found.filter((said) => said !== 'ok');
    if (problems.length > 0) return problems;
    const there = new Set(texts(connection, 'name', 'sqlite_schema'));
    const missing = TABLES.filter((name) => !there.has(name));
    if (missing.length > 0) return missing.map((name) => `the table ${name} is missing`);
    return findInvalidTexts(connection);
  } catch (error) {
    if (isPossibleDamage(error)) return [(error as Error).message];
    throw error;
  } finally {
    connection?.close();
  }
}

/** Others may use it meanwhile: whoever closes it as the last one holds it for an instant. */
function openToCheck(file: string): Libsql.Database {
  const connection = new Libsql(file);
  connection.exec(`PRAGMA busy_timeout = ${BUSY_WAIT_MS}`);
  return connection;
}

/** What SQLite takes no offence at, but ends our process. */
function findInvalidTexts(connection: Libsql.Database): string[] {
  return TABLES.flatMap((table) => {
    for (const row of readUndamagedRows(connection, table))
      if (!isTextValid(row)) return [`row ${row['rowid']} of ${table} has a text that is not UTF-8`];
    return [];
  });
}

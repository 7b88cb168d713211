import type Libsql from 'libsql';
import { query } from '../connection.ts';
import { isPossibleDamage, sqlCode } from '../sql-errors.ts';
import { readUndamagedRows } from './read-undamaged-rows.ts';
import { ROW_CHECKS } from './row-checks.ts';
import { type Row, withTexts } from './safe-text.ts';

/** Parents before children. */
const TABLES = [
  'runs',
  'attempts',
  'job_state',
  'scheduler',
  'downtime',
  'facts',
  'set_back_watermarks',
  'missing_job_files',
];

export interface SalvageResult {
  /** Runs that are in the new database. */
  runs: number;
  /** Runs that were there and are not in the new one; `null` when the damage hides how many. */
  unread: number | null;
}

/**
 * Writes what can be read of a damaged database into a new one, within the caller's transaction. Rows that our program
 * could not have written, or that the new tables refuse, are left behind.
 * @throws what SQLite throws for anything but damage, such as a full disk
 */
export function salvageRows(from: Libsql.Database, to: Libsql.Database): SalvageResult {
  const counts = new Map<string, { salvaged: number; refused: number }>();
  for (const table of TABLES) {
    const columns = columnsOf(to, table);
    const count = { salvaged: 0, refused: 0 };
    for (const read of readUndamagedRows(from, table)) {
      const row = withTexts(read);
      if (ROW_CHECKS[table]?.(row) && insert(to, table, columns, row)) count.salvaged += 1;
      else count.refused += 1;
    }
    counts.set(table, count);
  }
  const { salvaged = 0, refused = 0 } = counts.get('runs') ?? {};
  const total = totalRuns(from);
  return { runs: salvaged, unread: total === undefined ? null : Math.max(refused, total - salvaged) };
}

function columnsOf(connection: Libsql.Database, table: string): string[] {
  return query<{ name: string }>(connection, 'SELECT name FROM pragma_table_info(?)', [table]).map(
    ({ name }) => name,
  );
}

function insert(to: Libsql.Database, table: string, columns: readonly string[], row: Row): boolean {
  // An older schema has fewer columns: the others get their defaults.
  const known = columns.filter((name) => row[name] !== undefined);
  const places = known.map(() => '?').join(', ');
  try {
    query(
      to,
      `INSERT INTO ${table} (${known.join(', ')}) VALUES (${places}) RETURNING 1`,
      known.map((name) => row[name]),
    );
    return true;
  } catch (error) {
    if (error instanceof TypeError || sqlCode(error)?.startsWith('SQLITE_CONSTRAINT')) return false;
    throw error;
  }
}

/** Counted by an index, whose pages may be whole where the table's are not. */
function totalRuns(from: Libsql.Database): number | undefined {
  for (const source of ['runs INDEXED BY runs_by_time', 'runs INDEXED BY runs_by_job', 'runs NOT INDEXED']) {
    try {
      return query<{ n: number }>(from, `SELECT count(queued_at) AS n FROM ${source}`)[0]?.n;
    } catch (error) {
      if (!isPossibleDamage(error)) throw error;
    }
  }
  return undefined;
}

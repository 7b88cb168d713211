import type Libsql from 'libsql';
import { query } from '../connection.ts';
import { isPossibleDamage } from '../sql-errors.ts';
import { columnsAsBytes, type Row, texts } from './safe-text.ts';

const BATCH_SIZE = 100;
/** So many rows are looked for one by one between those that can be read in order. */
const MAX_PROBES = 50_000;
/** So far beyond the last one that was read, when the end of the table cannot be read either. */
const MAX_GAP = 2_000;

/**
 * The rows of a table of which some pages cannot be read: forwards until it fails, backwards until it fails, and what
 * lies between one by one. Texts are bytes.
 * @throws what SQLite throws for anything but damage, such as a disk's error
 */
export function* readUndamagedRows(connection: Libsql.Database, table: string): Generator<Row> {
  const columns = readable(() => texts(connection, 'name', `pragma_table_info('${table}')`)) ?? [];
  if (columns.length === 0 || !columns.every((name) => /^\w+$/.test(name))) return;
  const select = `SELECT rowid AS "rowid", ${columnsAsBytes(columns)} FROM ${table} NOT INDEXED`;
  let low: number | undefined;
  const forwards = inOrder((from, limit) =>
    from === undefined
      ? query<Row>(connection, `${select} ORDER BY rowid LIMIT ?`, [limit])
      : query<Row>(connection, `${select} WHERE rowid > ? ORDER BY rowid LIMIT ?`, [from, limit]),
  );
  let step = forwards.next();
  for (; !step.done; step = forwards.next()) {
    const id = Number(step.value['rowid']);
    if (low !== undefined && id <= low) break;
    low = id;
    yield step.value;
  }
  if (step.done && step.value === 'whole') return;
  let high: number | undefined;
  const backwards = inOrder((from, limit) =>
    from === undefined
      ? query<Row>(connection, `${select} ORDER BY rowid DESC LIMIT ?`, [limit])
      : query<Row>(connection, `${select} WHERE rowid < ? ORDER BY rowid DESC LIMIT ?`, [from, limit]),
  );
  for (const row of backwards) {
    const id = Number(row['rowid']);
    if ((high !== undefined && id >= high) || id <= (low ?? 0)) break;
    high = id;
    yield row;
  }
  const first = (low ?? 0) + 1;
  const last = Math.min(high ?? first + MAX_GAP, first + MAX_PROBES);
  for (let id = first; id < last; id += 1) {
    const [row] = readable(() => query<Row>(connection, `${select} WHERE rowid = ?`, [id])) ?? [];
    if (row) yield row;
  }
}

/** Reads in batches, then singly up to the row that cannot be read. */
function* inOrder(
  read: (from: number | undefined, limit: number) => Row[],
): Generator<Row, 'whole' | 'broken'> {
  let from: number | undefined;
  let limit = BATCH_SIZE;
  for (;;) {
    const rows = readable(() => read(from, limit));
    if (rows === undefined && limit === 1) return 'broken';
    if (rows === undefined) {
      limit = 1;
      continue;
    }
    const last = rows.at(-1);
    if (last === undefined) return 'whole';
    if (Number(last['rowid']) === from) return 'broken';
    yield* rows;
    from = Number(last['rowid']);
  }
}

function readable<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    // libsql refuses integers that JavaScript has no number for: nothing of ours is one.
    if (isPossibleDamage(error) || error instanceof RangeError) return undefined;
    throw error;
  }
}

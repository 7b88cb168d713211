import type Libsql from 'libsql';
import type { HistoryRules } from '../model/history-rules.ts';
import { type HistoryFile, identityOf } from './history-file.ts';
import { keyTextsOf } from './write-history.ts';

/** A value that was kept. */
export interface KeptValue {
  /** When the run ended, in epoch milliseconds. */
  at: number;
  runId: string;
  field: string;
  /** `null` for an empty value, and for a row that was not there. */
  value: unknown;
  isGone: boolean;
  /** The value as a number. */
  figure: number | null;
  /** How much it differs from the number before, in percent of that. */
  percent: number | null;
}

/** A row of a job. */
export interface HistoryItem {
  id: number;
  /** The values of its key, in the order of the key. */
  key: unknown[];
  /** Whether the last run had no such row. */
  isGone: boolean;
}

/** The figures of one field of a row. */
export interface FieldHistory {
  field: string;
  values: number;
  first: KeptValue;
  current: KeptValue;
  /** Of its numbers; `null` without one. */
  lowest: KeptValue | null;
  highest: KeptValue | null;
}

/** A change of some row. */
export interface HistoryChange extends KeptValue {
  key: unknown[];
  /** The value before; `undefined` for the first one. */
  before?: unknown;
}

export const HISTORY_SORTS = ['changed', 'rise', 'fall'] as const;
export type HistorySort = (typeof HISTORY_SORTS)[number];

/** A part of a history. */
export interface HistoryRange {
  /** Only these fields; default: all that have values. */
  fields?: readonly string[] | undefined;
  /** Only values of runs that ended then or later, in epoch milliseconds. */
  since?: number | undefined;
  /** Only values of runs up to this one: that of {@link HistoryReader.lastRun} when the first page was read. */
  until: number;
  limit: number;
  offset: number;
}

interface ValueRow {
  at: number;
  run_id: string;
  field: string;
  value: string | null;
  figure: number | null;
  percent: number | null;
}

/** At most this many changes are sorted after they were found by their time; more are walked by their size. */
const MAX_SORTED = 20_000;

/** Reads the history of the rows with the present key of the configuration. */
export class HistoryReader {
  readonly #file: HistoryFile;
  readonly #rules: HistoryRules;
  readonly #identity: number;
  /** Prepared on first use. */
  #change: Libsql.Statement | undefined;

  constructor(file: HistoryFile, rules: HistoryRules) {
    this.#file = file;
    this.#rules = rules;
    const found = file.isEmpty()
      ? []
      : file.query<{ id: number }>('SELECT id FROM identities WHERE rules = ?', [identityOf(rules)]);
    this.#identity = found[0]?.id ?? 0;
  }

  /** The names of all fields that have or had a history. */
  fields(): string[] {
    if (this.#identity === 0) return [];
    return this.#file
      .query<{ name: string }>(
        'SELECT name FROM fields WHERE EXISTS (SELECT 1 FROM changes WHERE field = fields.id) ORDER BY id',
      )
      .map(({ name }) => name);
  }

  /** The number of the newest run, by which a page is continued although runs end meanwhile. */
  lastRun(): number {
    return this.#file.query<{ id: number | null }>('SELECT max(id) AS id FROM runs')[0]?.id ?? 0;
  }

  /** The number of rows. */
  count(): number {
    if (this.#identity === 0) return 0;
    const [row] = this.#file.query<{ n: number }>('SELECT count(*) AS n FROM items WHERE identity = ?', [
      this.#identity,
    ]);
    return row?.n ?? 0;
  }

  /** @param key the values of the key, in its order */
  find(key: readonly (string | number)[]): HistoryItem | undefined {
    if (this.#identity === 0) return undefined;
    const [row] = this.#file.query<{ id: number; name: string; gone: number }>(
      'SELECT id, name, gone FROM items WHERE identity = ? AND key IN (SELECT value FROM json_each(?)) LIMIT 1',
      [this.#identity, JSON.stringify(keyTextsOf(key, this.#rules))],
    );
    return row && { id: row.id, key: JSON.parse(row.name), isGone: row.gone === 1 };
  }

  /** Yields the keys of all rows, for a search. */
  keys(): unknown[][] {
    if (this.#identity === 0) return [];
    return this.#file
      .query<{ name: string }>('SELECT name FROM items WHERE identity = ?', [this.#identity])
      .map(({ name }) => JSON.parse(name));
  }

  /** The values of a row, newest first, and how many there are. */
  values(
    item: HistoryItem,
    { fields, since, until, limit, offset }: HistoryRange,
  ): { values: KeptValue[]; total: number } {
    const where = `FROM changes JOIN fields ON fields.id = field JOIN runs ON runs.id = run
      WHERE item = ?1 AND (?2 IS NULL OR name IN (SELECT value FROM json_each(?2))) AND at >= ?3 AND run <= ?4`;
    const params = [item.id, listOrNull(fields), since ?? Number.MIN_SAFE_INTEGER, until];
    const [count] = this.#file.query<{ n: number }>(`SELECT count(*) AS n ${where}`, params);
    const rows = this.#file.query<ValueRow>(
      `SELECT at, run_id, name AS field, value, figure, percent ${where} ORDER BY run DESC, field LIMIT ?5 OFFSET ?6`,
      [...params, limit, offset],
    );
    return { values: rows.map(toKeptValue), total: count?.n ?? 0 };
  }

  /** The figures of a row's fields. */
  figures(item: HistoryItem, { fields, since }: Pick<HistoryRange, 'fields' | 'since'>): FieldHistory[] {
    const rows = this.#file.query<{
      field: string;
      values_: number;
      first: number;
      current: number;
      id: number;
    }>(
      `SELECT name AS field, fields.id, count(*) AS values_, min(run) AS first, max(run) AS current
       FROM changes JOIN fields ON fields.id = field JOIN runs ON runs.id = run
       WHERE item = ?1 AND (?2 IS NULL OR name IN (SELECT value FROM json_each(?2))) AND at >= ?3
       GROUP BY field ORDER BY field`,
      [item.id, listOrNull(fields), since ?? Number.MIN_SAFE_INTEGER],
    );
    const from = since ?? Number.MIN_SAFE_INTEGER;
    return rows.flatMap(({ field, id, values_: values, first, current }) => {
      const [one, last] = [this.#valueOf(item, id, first), this.#valueOf(item, id, current)];
      if (one === undefined || last === undefined) return [];
      const [lowest, highest] = (['ASC', 'DESC'] as const).map((order) =>
        this.#extreme(item, id, from, order),
      );
      return [{ field, values, first: one, current: last, lowest: lowest ?? null, highest: highest ?? null }];
    });
  }

  #valueOf(item: HistoryItem, field: number, run: number): KeptValue | undefined {
    return this.#one('run = ?3', '', [item.id, field, run]);
  }

  #extreme(item: HistoryItem, field: number, since: number, order: 'ASC' | 'DESC'): KeptValue | undefined {
    return this.#one('figure IS NOT NULL AND at >= ?3', `ORDER BY figure ${order}, run LIMIT 1`, [
      item.id,
      field,
      since,
    ]);
  }

  #one(where: string, order: string, params: readonly number[]): KeptValue | undefined {
    const [row] = this.#file.query<ValueRow>(
      `SELECT at, run_id, name AS field, value, figure, percent
       FROM changes JOIN fields ON fields.id = field JOIN runs ON runs.id = run
       WHERE item = ?1 AND field = ?2 AND ${where} ${order}`,
      params,
    );
    return row && toKeptValue(row);
  }

  /** The changes of all rows: the newest, or the largest in percent. */
  changes(
    sort: HistorySort,
    { fields, since, until, limit, offset }: HistoryRange,
  ): { changes: HistoryChange[]; isMore: boolean } {
    if (this.#identity === 0) return { changes: [], isMore: false };
    const chosen = this.#file.query<{ id: number }>(
      'SELECT id FROM fields WHERE ?1 IS NULL OR name IN (SELECT value FROM json_each(?1))',
      [listOrNull(fields)],
    );
    const from = this.#firstRunSince(since);
    if (from === undefined) return { changes: [], isMore: false };
    const wanted = offset + limit + 1;
    const found = chosen
      .flatMap(({ id }) => this.#changesOf(id, sort, { from, until, limit: wanted }))
      .sort((a, b) => comparePlaces(sort, a, b))
      .slice(offset, wanted);
    return {
      changes: found.slice(0, limit).map((place) => this.#toChange(place)),
      isMore: found.length > limit,
    };
  }

  /** Runs are numbered in the order of their outcomes. */
  #firstRunSince(since: number | undefined): number | undefined {
    if (since === undefined) return 0;
    const [row] = this.#file.query<{ id: number | null }>('SELECT min(id) AS id FROM runs WHERE at >= ?', [
      since,
    ]);
    return row?.id ?? undefined;
  }

  #changesOf(
    field: number,
    sort: HistorySort,
    { from, until, limit }: { from: number; until: number; limit: number },
  ): ChangePlace[] {
    const isIn = 'EXISTS (SELECT 1 FROM items WHERE items.id = item AND identity = ?3)';
    const params = [field, from, this.#identity, limit, until];
    if (sort === 'changed')
      return this.#file.query<ChangePlace>(
        `SELECT item, field, run, percent FROM changes INDEXED BY changes_by_run
         WHERE field = ?1 AND run BETWEEN ?2 AND ?5 AND ${isIn} ORDER BY run DESC, item LIMIT ?4`,
        params,
      );
    const [order, sign] = sort === 'rise' ? ['DESC', '>'] : ['ASC', '<'];
    const index = this.#isRecent(field, from) ? 'changes_by_run' : 'changes_by_percent';
    return this.#file.query<ChangePlace>(
      `SELECT item, field, run, percent FROM changes INDEXED BY ${index}
       WHERE field = ?1 AND run BETWEEN ?2 AND ?5 AND percent IS NOT NULL AND percent ${sign} 0 AND ${isIn}
       ORDER BY percent ${order}, run ${order}, item ${order} LIMIT ?4`,
      params,
    );
  }

  /** Whether so few changes are that new that they can be sorted. */
  #isRecent(field: number, from: number): boolean {
    if (from === 0) return false;
    const [recent] = this.#file.query<{ n: number }>(
      'SELECT count(*) AS n FROM (SELECT 1 FROM changes INDEXED BY changes_by_run WHERE field = ? AND run >= ? LIMIT ?)',
      [field, from, MAX_SORTED + 1],
    );
    return (recent?.n ?? 0) <= MAX_SORTED;
  }

  #toChange({ item, field, run }: ChangePlace): HistoryChange {
    this.#change ??= this.#file.prepare(
      `SELECT at, run_id, fields.name AS field, c.value, c.figure, c.percent, items.name AS key,
         before.value AS last, before.run IS NULL AS isFirst
       FROM changes AS c JOIN fields ON fields.id = c.field JOIN runs ON runs.id = c.run JOIN items ON items.id = c.item
       LEFT JOIN changes AS before ON before.item = c.item AND before.field = c.field AND before.run =
         (SELECT max(run) FROM changes WHERE item = c.item AND field = c.field AND run < c.run)
       WHERE c.item = ? AND c.field = ? AND c.run = ?`,
    );
    const statement = this.#change;
    const [row] = this.#file.wrap(
      () =>
        statement.all([item, field, run]) as (ValueRow & {
          key: string;
          last: string | null;
          isFirst: number;
        })[],
    );
    if (row === undefined) throw new Error('a value of the history is gone');
    return {
      ...toKeptValue(row),
      key: JSON.parse(row.key),
      ...(row.isFirst === 0 && { before: parseValue(row.last) }),
    };
  }
}

interface ChangePlace {
  item: number;
  field: number;
  run: number;
  percent: number | null;
}

/** The order of the indexes, by which each field is read. */
function comparePlaces(sort: HistorySort, a: ChangePlace, b: ChangePlace): number {
  if (sort === 'changed') return b.run - a.run || a.item - b.item || a.field - b.field;
  const order = (a.percent ?? 0) - (b.percent ?? 0) || a.run - b.run || a.item - b.item || a.field - b.field;
  return sort === 'fall' ? order : -order;
}

function toKeptValue({ at, run_id: runId, field, value, figure, percent }: ValueRow): KeptValue {
  return { at, runId, field, value: parseValue(value), isGone: value === null, figure, percent };
}

function parseValue(value: string | null): unknown {
  return value === null ? null : JSON.parse(value);
}

function listOrNull(fields: readonly string[] | undefined): string | null {
  return fields === undefined ? null : JSON.stringify(fields);
}

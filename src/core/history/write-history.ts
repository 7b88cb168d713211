import { hash } from 'node:crypto';
import type Libsql from 'libsql';
import { query } from '../database/connection.ts';
import { truncateUtf8 } from '../lib/truncate-values.ts';
import type { HistoryRules } from '../model/history-rules.ts';
import { canonicalJson, canonicalKey } from '../quality/comparison-key.ts';
import { type FoldText, foldText } from '../quality/counted-changes.ts';
import { toNumber, toText } from '../runs/item-values.ts';
import type { ConcealRow } from '../runs/row-concealer.ts';
import type { Item } from '../runs/run-files.ts';

/** A longer value is kept as its beginning. Whether it has changed is decided by the whole value. */
const MAX_VALUE_BYTES = 1_000;
/** A longer key, or a longer value, is compared by its hash. */
const MAX_COMPARED_CHARACTERS = 200;
/** Rows are looked up together. */
const BATCH_SIZE = 500;

/** What was done with the rows of a run. */
export interface WrittenHistory {
  /** The number of values that were kept. */
  values: number;
  /** Rows whose key is empty. */
  keyless: number;
  /** Rows whose key an earlier row of the run has. */
  shared: number;
}

/** By id of a field: what its last value is compared by; nothing for an empty value. */
type Now = Record<string, string>;

interface KnownItem {
  at: string;
  id: number;
  gone: number;
  now: string;
}

const EMPTY = 'null';

/** Writes the values of one run, within a transaction. */
export class HistoryWriter {
  readonly #connection: Libsql.Database;
  readonly #rules: HistoryRules;
  readonly #identity: number;
  readonly #fields: readonly { id: number; name: string }[];
  readonly #fold: FoldText | undefined;
  readonly #statements: Readonly<Record<'find' | 'add' | 'update' | 'keep', Libsql.Statement>>;
  #run = 0;
  readonly #seen = new Set<number>();
  #written: WrittenHistory = { values: 0, keyless: 0, shared: 0 };

  constructor(connection: Libsql.Database, rules: HistoryRules, identity: number) {
    this.#connection = connection;
    this.#rules = rules;
    this.#identity = identity;
    this.#fold = foldText(rules);
    this.#fields = rules.fields.map((name) => ({
      id: idOf(
        connection,
        'INSERT INTO fields (name) VALUES (?) ON CONFLICT DO UPDATE SET name = name RETURNING id',
        name,
      ),
      name,
    }));
    this.#statements = {
      find: connection.prepare(
        'SELECT wanted.value AS at, items.id, gone, now FROM json_each(?) AS wanted CROSS JOIN items ON identity = ? AND items.key = wanted.value',
      ),
      add: connection.prepare('INSERT INTO items (identity, key, name, gone, now) VALUES (?, ?, ?, 0, ?)'),
      update: connection.prepare('UPDATE items SET gone = ?, now = ? WHERE id = ?'),
      keep: connection.prepare(
        'INSERT INTO changes (item, field, run, value, figure, percent) VALUES (?, ?, ?, ?, ?, ?)',
      ),
    };
  }

  /**
   * Adds the values of a run that differ from those before. Rows that are no longer there get the value null.
   * @param at when the run ended, in epoch milliseconds
   */
  async add(
    { runId, at }: { runId: string; at: number },
    items: AsyncIterable<readonly { item: Item }[]>,
    conceal: ConcealRow | undefined,
  ): Promise<WrittenHistory> {
    this.#begin(runId, at);
    let count = 0;
    for await (const batch of items) {
      count += batch.length;
      for (let from = 0; from < batch.length; from += BATCH_SIZE)
        this.#addBatch(batch.slice(from, from + BATCH_SIZE).map(({ item }) => this.#pick(item, conceal)));
    }
    // Where no row has a key, the run is of another configuration: nothing is known of its rows.
    if (count === 0 || this.#seen.size > 0) this.#addGone();
    this.#connection
      .prepare('UPDATE runs SET number = ? WHERE id = ?')
      .run([this.#written.values, this.#run]);
    return this.#written;
  }

  #begin(runId: string, at: number): void {
    this.#seen.clear();
    this.#written = { values: 0, keyless: 0, shared: 0 };
    const { lastInsertRowid } = this.#connection
      .prepare('INSERT INTO runs (identity, run_id, at, number) VALUES (?, ?, ?, 0)')
      .run([this.#identity, runId, at]);
    this.#run = Number(lastInsertRowid);
  }

  #pick(item: Item, conceal: ConcealRow | undefined): Item {
    if (conceal === undefined) return item;
    const names = [...this.#rules.key, ...this.#rules.fields];
    return conceal(Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name))));
  }

  #addBatch(items: readonly Item[]): void {
    const keyed = items.map((item) => ({ item, key: keyText(item, this.#rules, this.#fold) }));
    const keys = keyed.flatMap(({ key }) => key ?? []);
    const rows = this.#statements.find.all([JSON.stringify(keys), this.#identity]) as KnownItem[];
    const known = new Map(rows.map((row) => [row.at, row]));
    const added = new Set<string>();
    for (const { item, key } of keyed) {
      const before = key === undefined ? undefined : known.get(key);
      if (key === undefined) this.#written.keyless += 1;
      else if (added.has(key) || (before !== undefined && this.#seen.has(before.id)))
        this.#written.shared += 1;
      else if (before === undefined) {
        added.add(key);
        this.#addItem(item, key);
      } else this.#updateItem(item, before);
    }
  }

  #addItem(item: Item, key: string): void {
    const now: Now = {};
    for (const { id, name } of this.#fields) {
      const compared = this.#compared(item, name);
      if (compared !== undefined && compared !== EMPTY) now[id] = compared;
    }
    const names = JSON.stringify(this.#rules.key.map((name) => shorten(item[name])));
    const { lastInsertRowid } = this.#statements.add.run([this.#identity, key, names, JSON.stringify(now)]);
    const id = Number(lastInsertRowid);
    this.#seen.add(id);
    for (const field of this.#fields)
      if (now[field.id] !== undefined) this.#keep(id, field.id, item[field.name], undefined);
  }

  #updateItem(item: Item, { id, gone, now: text }: KnownItem): void {
    this.#seen.add(id);
    const before = JSON.parse(text) as Now;
    const now = { ...before };
    let hasChanged = gone === 1;
    for (const { id: field, name } of this.#fields) {
      const compared = this.#compared(item, name);
      const last = before[field] ?? EMPTY;
      // An earlier configuration had no such field.
      if (compared === undefined || (gone === 0 && compared === last)) continue;
      // A row that is back has its values again.
      if (gone === 1 && compared === EMPTY && last === EMPTY) continue;
      hasChanged = true;
      if (compared === EMPTY) delete now[field];
      else now[field] = compared;
      this.#keep(id, field, item[name], before[field]);
    }
    if (hasChanged) this.#statements.update.run([0, JSON.stringify(now), id]);
  }

  #addGone(): void {
    const there = query<{ id: number; now: string }>(
      this.#connection,
      'SELECT id, now FROM items WHERE identity = ? AND gone = 0',
      [this.#identity],
    );
    for (const { id, now } of there) {
      if (this.#seen.has(id)) continue;
      const values = JSON.parse(now) as Now;
      for (const { id: field } of this.#fields)
        if (values[field] !== undefined) this.#store(id, field, null, null, null);
      this.#statements.update.run([1, now, id]);
    }
  }

  #compared(item: Item, name: string): string | undefined {
    if (!Object.hasOwn(item, name)) return undefined;
    return shortText(canonicalJson(item[name], this.#fold));
  }

  #keep(item: number, field: number, value: unknown, before: string | undefined): void {
    const figure = toNumber(value);
    const last = before === undefined || before.startsWith(HASHED) ? undefined : toNumber(JSON.parse(before));
    const percent =
      figure === undefined || last === undefined || last === 0 || last === figure
        ? null
        : ((figure - last) / Math.abs(last)) * 100;
    this.#store(item, field, JSON.stringify(shorten(value)), figure ?? null, percent);
  }

  #store(
    item: number,
    field: number,
    value: string | null,
    figure: number | null,
    percent: number | null,
  ): void {
    this.#statements.keep.run([item, field, this.#run, value, figure, percent]);
    this.#written.values += 1;
  }
}

/** Returns the text by which a row is found; `undefined` when its key is empty. */
function keyText(item: Item, { key }: HistoryRules, fold: FoldText | undefined): string | undefined {
  const text = canonicalKey(item, key, fold);
  return text === undefined ? undefined : shortText(text);
}

/** The texts by which a row with these values of its key may be found: a value may be a text or a number. */
export function keyTextsOf(values: readonly (string | number)[], rules: HistoryRules): string[] {
  const choices = values.map((value): unknown[] => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
    return Number.isFinite(number) ? [value, number] : [value];
  });
  const combinations = choices.reduce<unknown[][]>(
    (lists, each) => lists.flatMap((list) => each.map((value) => [...list, value])),
    [[]],
  );
  const texts = combinations.flatMap((list) => {
    const item = Object.fromEntries(rules.key.map((name, at) => [name, list[at]]));
    return keyText(item, rules, foldText(rules)) ?? [];
  });
  return [...new Set(texts)];
}

const HASHED = '#';

/** No JSON text begins with `#`. */
function shortText(canonical: string): string {
  return canonical.length <= MAX_COMPARED_CHARACTERS
    ? canonical
    : `${HASHED}${hash('sha256', canonical, 'base64url')}`;
}

/** The value as it is kept: the beginning of a long one, as text. */
function shorten(value: unknown): unknown {
  const text = value === undefined ? '' : JSON.stringify(value);
  if (text.length <= MAX_VALUE_BYTES && Buffer.byteLength(text) <= MAX_VALUE_BYTES) return value ?? null;
  return truncateUtf8(toText(value), MAX_VALUE_BYTES);
}

function idOf(connection: Libsql.Database, sql: string, name: string): number {
  return query<{ id: number }>(connection, sql, [name])[0]?.id ?? 0;
}

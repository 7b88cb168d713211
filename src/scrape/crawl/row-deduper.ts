import { createHash } from 'node:crypto';
import type { Dedupe } from '../config/dedupe.ts';
import { isEmpty } from '../extract/field-value.ts';
import type { Item } from '../extract/item.ts';

/** Leaves out rows of a run that were there before. Remembers 22 characters a row. */
export class RowDeduper {
  readonly #keys: Dedupe;
  readonly #facts: ReadonlySet<string>;
  readonly #seen = new Set<string>();

  /** @param facts fields that say where and when a row was found, and nothing of what it is */
  constructor(keys: Dedupe, facts: readonly string[] = []) {
    this.#keys = keys;
    this.#facts = new Set(facts);
  }

  /** Whether a row is new. One whose key fields are all empty cannot be told from others, and is. */
  isNew(row: Item): boolean {
    const keys = this.#keys === true ? Object.keys(row).filter((key) => !this.#facts.has(key)) : this.#keys;
    const values = keys.map((key) => row[key] ?? null);
    if (values.every(isEmpty)) return true;
    const hash = createHash('sha256').update(JSON.stringify(values)).digest('base64').slice(0, 22);
    const before = this.#seen.size;
    return this.#seen.add(hash).size > before;
  }
}

/** Whether rows can be told apart before their own pages are fetched, which saves the fetching. */
export function canDedupeBeforeFollowing(keys: Dedupe, ownFields: readonly string[]): boolean {
  return keys !== true && keys.every((key) => ownFields.includes(key));
}

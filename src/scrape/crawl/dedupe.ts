import { createHash } from 'node:crypto';
import type { Dedupe } from '../config/config-schema.ts';
import { isEmpty } from '../extract/field-text.ts';
import type { Item } from '../lib/page.ts';

/** Removes duplicate rows of a run. Stores 22 characters per row. */
export class RowDeduper {
  readonly #keys: Dedupe;
  readonly #facts: ReadonlySet<string>;
  readonly #seen = new Set<string>();

  /** @param facts fields that describe where and when a row was found, not the row itself */
  constructor(keys: Dedupe, facts: readonly string[] = []) {
    this.#keys = keys;
    this.#facts = new Set(facts);
  }

  /** Whether a row is new. A row whose key fields are all empty cannot be compared, and counts as new. */
  isNew(row: Item): boolean {
    const keys = this.#keys === true ? Object.keys(row).filter((key) => !this.#facts.has(key)) : this.#keys;
    const values = keys.map((key) => row[key] ?? null);
    if (values.every(isEmpty)) return true;
    const hash = createHash('sha256').update(JSON.stringify(values)).digest('base64').slice(0, 22);
    const before = this.#seen.size;
    return this.#seen.add(hash).size > before;
  }
}

/** Whether duplicates can be detected before their detail pages are fetched, which saves those requests. */
export function canDedupeBeforeFollowing(keys: Dedupe, ownFields: readonly string[]): boolean {
  return keys !== true && keys.every((key) => ownFields.includes(key));
}

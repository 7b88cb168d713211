import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** The most bytes of pages that are remembered. A parsed page takes about thirty times as much. */
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_PAGES = 4;

/** Remembers what was made of the last pages. Larger ones are not remembered. */
export class PageMemory<T extends object> {
  readonly #pages = new LRUCache<string, T>({ max: MAX_PAGES, maxSize: MAX_BYTES });

  /**
   * Returns what was made of a page with the same content and the same facts, or makes it.
   * @param facts everything else that decides what is made, such as the values that are concealed
   */
  recall(body: Buffer, facts: readonly unknown[], make: () => T): T {
    const key = hash('sha256', `${hash('sha256', body, 'hex')} ${JSON.stringify(facts)}`, 'hex');
    const known = this.#pages.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#pages.set(key, made, { size: Math.max(1, body.length) });
    return made;
  }
}

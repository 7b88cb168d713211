import { statSync } from 'node:fs';
import type { Item } from '../../core/model/parse-item.ts';
import { ItemFile } from '../../core/runs/item-file.ts';
import type { ByteRange } from '../../core/runs/row-index.ts';

/** Items of a run that lie together. */
export interface ItemPage {
  /** The number of the first one, from 0. */
  readonly first: number;
  readonly items: readonly Item[];
  /** How many the run has. */
  readonly total: number;
}

/** More than this of one page is not taken into memory, in bytes; an item may hold a whole web page. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;
/** A longer item is not read at all. */
const MAX_ITEM_BYTES = 1024 * 1024;

/** The items of a run by their number: the file is gone through once while it stays as it is, then read where they lie. */
export class ItemReader {
  readonly #file: string;
  #places: readonly ByteRange[] = [];
  #mark = '';

  /** @param file `items.jsonl` of a run; one that is not there has no items */
  constructor(file: string) {
    this.#file = file;
  }

  /** @throws QuickscrapeError `store_unavailable` */
  async read(first: number, count: number): Promise<ItemPage> {
    const file = await ItemFile.open(this.#file);
    if (file === undefined) return { first: 0, items: [], total: 0 };
    try {
      const { ino, size, mtimeMs } = statSync(this.#file);
      const mark = `${ino} ${size} ${mtimeMs}`;
      if (mark !== this.#mark) this.#places = await placesIn(file);
      this.#mark = mark;
      const items: Item[] = [];
      let bytes = 0;
      for (const place of this.#places.slice(first, first + count)) {
        bytes += place.length;
        if (bytes > MAX_PAGE_BYTES) break;
        items.push(place.length > MAX_ITEM_BYTES ? TOO_LONG : await file.read(place));
      }
      return { first, items, total: this.#places.length };
    } finally {
      await file.close();
    }
  }
}

const TOO_LONG: Item = { '…': 'an item of more than a megabyte' };

async function placesIn(file: ItemFile): Promise<ByteRange[]> {
  const places: ByteRange[] = [];
  for await (const batch of file.items()) for (const { place } of batch) places.push(place);
  return places;
}

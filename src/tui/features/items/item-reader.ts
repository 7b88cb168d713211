import { statSync } from 'node:fs';
import { ItemFile } from '../../../core/runs/item-file.ts';
import type { ByteRange } from '../../../core/runs/item-hash-index.ts';
import { type Item, runFiles } from '../../../core/runs/run-files.ts';
import { toFailure } from '../../kernel/call.ts';
import type { EffectOf } from '../../kernel/model.ts';
import type { EffectContext } from '../../runtime/effect-context.ts';
import type { ItemPage } from './model.ts';

/** The maximum bytes of a page that are kept in memory. One item may hold a whole web page. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;
/** Longer items are not read. */
const MAX_ITEM_BYTES = 1024 * 1024;

/**
 * Reads the items of a run by number. It scans the file once while the file is unchanged, then reads items at their
 * offsets.
 */
export class ItemReader {
  readonly #file: string;
  #places: readonly ByteRange[] = [];
  #mark = '';

  /** @param file `items.jsonl` of a run; a missing file has no items */
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

/** The run whose items were read last, with the offsets of its items. */
const last = new WeakMap<EffectContext, { runId: string; reader: ItemReader }>();

/** Reads items of a run. */
export function readItems(effect: EffectOf<'read_items'>, context: EffectContext): void {
  const { jobId, runId, first, count } = effect;
  const { workspace, send } = context;
  const known = last.get(context);
  const reader =
    known?.runId === runId ? known.reader : new ItemReader(runFiles(workspace.paths, jobId, runId).items);
  last.set(context, { runId, reader });
  reader.read(first, count).then(
    (page) => send({ kind: 'items', runId, event: { kind: 'page', page } }),
    (error: unknown) =>
      send({ kind: 'items', runId, event: { kind: 'problem', text: toFailure(error).message } }),
  );
}

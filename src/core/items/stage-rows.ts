import { readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { isSystemError, unavailable } from '../fs/system-errors.ts';
import { fieldOf } from '../runs/item-values.ts';
import { type Item, parseItem } from '../runs/run-files.ts';
import { type DamagedLines, DamageList, NO_DAMAGE } from './damaged-lines.ts';
import { placeOf, type RowQuery, type SelectedRows, selectRows } from './select-rows.ts';

/** Lines are written together until they are this long, in characters. */
const BATCH_LENGTH = 1 << 18;

/** Which rows of an item file are written elsewhere, and which of their fields. */
export interface RowSelection extends RowQuery {
  /** In this order; a row without one of them gets `null`. Default: all that each row has. */
  readonly fields?: readonly string[] | undefined;
  /** The first of the rows, at most; default: all. */
  readonly limit?: number | undefined;
}

/** How many rows were written, and the lines that were left out because they are no items. */
export interface StagedRows {
  readonly count: number;
  readonly damaged: DamagedLines;
}

/**
 * Writes selected rows of an item file, in the order of the selection, to a new file with a JSON object a line. Rows
 * are read one after the other, so that their number is not limited by memory.
 * @param onProgress called with the share of the work that is done, from 0 to 1
 * @throws QuickscrapeError `store_unavailable` when a row was changed meanwhile; errors of the file system
 */
export async function stageRows(
  file: string,
  stagingFile: string,
  selection: RowSelection,
  onProgress: (share: number) => void = () => undefined,
): Promise<StagedRows> {
  const source = await open(file, 'r').catch((error: unknown) => {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined;
    throw error;
  });
  const target = await open(stagingFile, 'wx', 0o600);
  try {
    if (source === undefined) return { count: 0, damaged: NO_DAMAGE };
    const size = Math.max(1, (await source.stat()).size);
    const selected = await selectRows(source, selection, (bytes) =>
      onProgress(Math.min(1, bytes / size) / 2),
    );
    const { limit = Number.POSITIVE_INFINITY, fields } = selection;
    const all = selected.rows.length;
    const damaged = new DamageList();
    let batch = '';
    let count = 0;
    for (let shown = 0; shown < all && count < limit; shown += 1) {
      const line = readRow(source.fd, selected, shown);
      if (line === undefined)
        throw unavailable(`cannot read ${file}`, new Error('it has been shortened meanwhile'));
      const item = parseItem(line);
      if (item === undefined) {
        damaged.add(selected.rows[shown] ?? 0);
        continue;
      }
      count += 1;
      batch += `${JSON.stringify(fields === undefined ? item : pick(item, fields))}\n`;
      if (batch.length < BATCH_LENGTH) continue;
      await target.writeFile(batch);
      batch = '';
      onProgress((1 + shown / all) / 2);
    }
    await target.writeFile(batch);
    return { count, damaged: selected.damaged.count > 0 ? selected.damaged : damaged.end() };
  } finally {
    await Promise.all([source?.close(), target.close()]);
  }
}

/** A line; `undefined` if the file is shorter now. Reads synchronously: a million rows in any order are a million short reads. */
function readRow(fd: number, selected: SelectedRows, shown: number): string | undefined {
  const { offset, length } = placeOf(selected, shown);
  const bytes = Buffer.allocUnsafe(length);
  const count = readSync(fd, bytes, 0, length, offset);
  return count < length ? undefined : bytes.toString('utf8');
}

function pick(item: Item, fields: readonly string[]): Item {
  const entries = fields.map((field) => [field, fieldOf(item, field) ?? null] as const);
  return Object.fromEntries(entries);
}

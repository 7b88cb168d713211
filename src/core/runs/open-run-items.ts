import type { HomePaths } from '../fs/paths.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import type { RunRecord } from '../model/run-record.ts';
import { ItemFile, type ItemSource } from './item-file.ts';
import { runFiles } from './run-files.ts';

/** Items that are held open until they are closed. */
export interface OpenItems extends ItemSource {
  close(): Promise<void>;
}

const NO_ITEMS: OpenItems = {
  async *items() {},
  read: () => Promise.reject(new Error('there are no items')),
  close: () => Promise.resolve(),
};

/**
 * The items that a run staged, good or not.
 * @throws QuickscrapeError `conflict` when they are gone; `store_unavailable`
 */
export async function openRunItems(
  paths: HomePaths,
  run: Pick<RunRecord, 'jobId' | 'runId' | 'items'>,
): Promise<OpenItems> {
  const { items } = runFiles(paths, run.jobId, run.runId);
  const file = await ItemFile.open(items);
  if (file !== undefined) return file;
  if (run.items === 0) return NO_ITEMS;
  throw new QuickscrapeError('conflict', `the items of run ${run.runId} are gone (${run.items}): ${items}`, {
    hint: 'Its folder was removed. Choose another run.',
  });
}

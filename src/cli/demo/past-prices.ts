import { makePrivateFolder } from '../../core/fs/private-folder.ts';
import { HistoryFile } from '../../core/history/history-file.ts';
import { readHistoryRules } from '../../core/history/settle-history.ts';
import { HistoryWriter } from '../../core/history/write-history.ts';
import { getPersistentFiles } from '../../core/runs/run-files.ts';
import type { Workspace } from '../../core/workspace.ts';
import { makeBooks } from '../../sandbox/books.ts';
import { priceAt } from '../../sandbox/drift.ts';
import { BOOKS_PER_PAGE, formatPrice } from '../../sandbox/shop-pages.ts';

/** How long to wait for another process that writes the same history. */
const WAIT_MS = 5_000;

/**
 * Writes the prices of the shop's first page, as the shop had them at the time of each run, into a job's history. Does
 * nothing where its configuration keeps no history.
 * @param runs that succeeded, oldest first; `at` in epoch ms
 */
export async function recordPastPrices(
  { paths, configs }: Workspace,
  job: { id: string; configName: string },
  runs: readonly { runId: string; at: number }[],
): Promise<void> {
  const rules = readHistoryRules(configs, job.configName);
  if (rules === undefined || runs.length === 0) return;
  makePrivateFolder(getPersistentFiles(paths, job.id).folder);
  const file = HistoryFile.open(paths, job.id, WAIT_MS);
  if (file === undefined) return;
  const books = makeBooks().slice(0, BOOKS_PER_PAGE);
  try {
    await file.write(async () => {
      const writer = new HistoryWriter(file.connection, rules, file.identify(rules).id);
      for (const run of runs) await writer.add(run, rowsAt(run.at), undefined);
    });
  } finally {
    file.close();
  }

  async function* rowsAt(at: number) {
    yield books.map((book) => ({
      item: { title: book.title, price: formatPrice(priceAt(book, new Date(at))) },
    }));
  }
}

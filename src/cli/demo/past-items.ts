import { writeFileSync } from 'node:fs';
import { makePrivateFolder } from '../../core/fs/private-folder.ts';
import { HistoryFile } from '../../core/history/history-file.ts';
import { readHistoryRules } from '../../core/history/settle-history.ts';
import { HistoryWriter } from '../../core/history/write-history.ts';
import { getPersistentFiles, runFiles } from '../../core/runs/run-files.ts';
import type { Workspace } from '../../core/workspace.ts';
import { type Book, makeBooks } from '../../sandbox/books.ts';
import { priceAt } from '../../sandbox/drift.ts';
import { availabilityWord, BOOKS_PER_PAGE, formatPrice, ratingWord } from '../../sandbox/shop-pages.ts';

/** How long to wait for another process that writes the same history. */
const WAIT_MS = 5_000;

interface PastItems {
  /** Those that succeeded, oldest first; `at` in epoch ms. */
  readonly runs: readonly { readonly runId: string; readonly at: number }[];
  /** The address of the shop's start page. */
  readonly url: string;
}

/**
 * Writes the prices of the shop's first page, as the shop had them at the time of each run, into a job's history, and
 * the items of the newest run, so that the next one is compared with them. Does nothing where the job's configuration
 * keeps no history.
 */
export async function recordPastItems(
  { paths, configs }: Workspace,
  job: { id: string; configName: string },
  { runs, url }: PastItems,
): Promise<void> {
  const rules = readHistoryRules(configs, job.configName);
  const newest = runs.at(-1);
  if (rules === undefined || newest === undefined) return;
  makePrivateFolder(getPersistentFiles(paths, job.id).folder);
  const file = HistoryFile.open(paths, job.id, WAIT_MS);
  if (file === undefined) return;
  const books = makeBooks().slice(0, BOOKS_PER_PAGE);
  try {
    await file.write(async () => {
      const writer = new HistoryWriter(file.connection, rules, file.identify(rules).id);
      for (const run of runs) await writer.add(run, itemsAt(run.at), undefined);
    });
  } finally {
    file.close();
  }
  const { folder, items } = runFiles(paths, job.id, newest.runId);
  makePrivateFolder(folder);
  const lines = books.map((book) => `${JSON.stringify(itemOf(book, new Date(newest.at), url))}\n`);
  writeFileSync(items, lines.join(''), { mode: 0o600 });

  async function* itemsAt(at: number) {
    yield books.map((book) => ({ item: itemOf(book, new Date(at), url) }));
  }
}

/** A row as the configuration of the demo finds it. */
function itemOf(book: Book, at: Date, url: string) {
  return {
    title: book.title,
    price: formatPrice(priceAt(book, at)),
    rating: `star-rating ${ratingWord(book)}`,
    availability: availabilityWord(book, at),
    link: new URL(`.${book.path}`, url).href,
  };
}

import { writeFileSync } from 'node:fs';
import { makePrivateFolder } from '../../core/fs/private-folder.ts';
import { HistoryFile } from '../../core/history/history-file.ts';
import { readHistoryRules } from '../../core/history/settle-history.ts';
import { HistoryWriter } from '../../core/history/write-history.ts';
import { once } from '../../core/lib/once.ts';
import { getPersistentFiles, makeRunFolder, runFiles } from '../../core/runs/run-files.ts';
import type { Workspace } from '../../core/workspace.ts';
import { type Book, makeBooks } from '../../sandbox/books.ts';
import { priceAt } from '../../sandbox/drift.ts';
import { availabilityWord, BOOKS_PER_PAGE, formatPrice, ratingWord } from '../../sandbox/shop-pages.ts';

/** How long to wait for another process that writes the same history. */
const WAIT_MS = 5_000;

interface PastItems {
  /** Those that succeeded, oldest first; `at` in epoch ms. */
  readonly runs: readonly { readonly runId: string; readonly at: number; readonly items: number }[];
  /** How many of the newest ones get their items. */
  readonly kept: number;
  /** The address of the shop's start page. */
  readonly url: string;
}

/**
 * Writes the items of the newest runs, as the shop had them at the time of each, so that each run is compared with the
 * one before, and the median of a field is a curve. Where the job's configuration keeps a history, it gets the prices of
 * the shop's first page for all runs.
 */
export async function recordPastItems(
  workspace: Workspace,
  job: { id: string; configName: string },
  { runs, kept, url }: PastItems,
): Promise<void> {
  const rows = shopRows().map((row) => ({ ...row, link: new URL(`.${row.book.path}`, url).href }));
  await recordHistory(workspace, job, runs, rows.slice(0, BOOKS_PER_PAGE));
  for (const { runId, at, items } of runs.slice(Math.max(0, runs.length - kept))) {
    const files = runFiles(workspace.paths, job.id, runId);
    makeRunFolder(files);
    const lines = itemsAt(at, rows.slice(0, items)).map((item) => `${JSON.stringify(item)}\n`);
    writeFileSync(files.items, lines.join(''), { mode: 0o600 });
  }
}

async function recordHistory(
  { paths, configs }: Workspace,
  job: { id: string; configName: string },
  runs: PastItems['runs'],
  rows: readonly ShopRow[],
): Promise<void> {
  const rules = readHistoryRules(configs, job.configName);
  if (rules === undefined) return;
  makePrivateFolder(getPersistentFiles(paths, job.id).folder);
  const file = HistoryFile.open(paths, job.id, WAIT_MS);
  if (file === undefined) return;
  try {
    await file.write(async () => {
      const writer = new HistoryWriter(file.connection, rules, file.identify(rules).id);
      for (const run of runs) await writer.add(run, writtenAt(run.at), undefined);
    });
  } finally {
    file.close();
  }

  async function* writtenAt(at: number) {
    yield itemsAt(at, rows).map((item) => ({ item }));
  }
}

interface ShopRow {
  readonly book: Book;
  readonly rating: string;
  readonly link: string;
}

/** The books of the shop. A thousand are made once: for each of hundreds of runs, they would be a wait of seconds. */
const shopRows = once(() => makeBooks().map((book) => ({ book, rating: `star-rating ${ratingWord(book)}` })));

/** Rows as the configurations of the demo find them at a time, in epoch ms. */
function itemsAt(at: number, rows: readonly ShopRow[]) {
  const time = new Date(at);
  return rows.map(({ book, rating, link }) => ({
    title: book.title,
    price: formatPrice(priceAt(book, time)),
    rating,
    availability: availabilityWord(book, time),
    link,
  }));
}

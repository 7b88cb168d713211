import { writeFileSync } from 'node:fs';
import { makePrivateFolder } from '../../core/fs/private-folder.ts';
import { HistoryFile } from '../../core/history/history-file.ts';
import { readHistoryRules } from '../../core/history/settle-history.ts';
import { HistoryWriter } from '../../core/history/write-history.ts';
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
 * one before. Where the job's configuration keeps a history, it gets the prices of the shop's first page for all runs.
 */
export async function recordPastItems(
  workspace: Workspace,
  job: { id: string; configName: string },
  { runs, kept, url }: PastItems,
): Promise<void> {
  await recordHistory(workspace, job, runs, url);
  for (const { runId, at, items } of runs.slice(Math.max(0, runs.length - kept))) {
    const files = runFiles(workspace.paths, job.id, runId);
    makeRunFolder(files);
    const lines = booksAt(new Date(at), items, url).map((item) => `${JSON.stringify(item)}\n`);
    writeFileSync(files.items, lines.join(''), { mode: 0o600 });
  }
}

async function recordHistory(
  { paths, configs }: Workspace,
  job: { id: string; configName: string },
  runs: PastItems['runs'],
  url: string,
): Promise<void> {
  const rules = readHistoryRules(configs, job.configName);
  if (rules === undefined) return;
  makePrivateFolder(getPersistentFiles(paths, job.id).folder);
  const file = HistoryFile.open(paths, job.id, WAIT_MS);
  if (file === undefined) return;
  try {
    await file.write(async () => {
      const writer = new HistoryWriter(file.connection, rules, file.identify(rules).id);
      for (const run of runs) await writer.add(run, itemsAt(run.at), undefined);
    });
  } finally {
    file.close();
  }

  async function* itemsAt(at: number) {
    yield booksAt(new Date(at), BOOKS_PER_PAGE, url).map((item) => ({ item }));
  }
}

/** The first `count` books of the shop, as the configurations of the demo find them. */
function booksAt(at: Date, count: number, url: string) {
  return makeBooks()
    .slice(0, count)
    .map((book) => itemOf(book, at, url));
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

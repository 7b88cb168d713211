import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { HomePaths } from '../fs/paths.ts';
import { readRegularFile } from '../fs/read-regular-file.ts';
import { unavailable } from '../fs/system-errors.ts';
import { once } from '../lib/once.ts';
import { isRunId } from '../model/ids.ts';
import { getPersistentFiles, runFiles } from './run-files.ts';

/** Larger pages are not saved, in bytes. */
export const MAX_SAVED_PAGE_BYTES = 2 * 1024 * 1024;
const MAX_NOTE_BYTES = 64 * 1024;
const PAGE_NAME = /^([1-9]\d{0,5})\.html$/;

/** The note beside a saved page, `N.json`. */
const noteSchema = once(() =>
  z.object({
    url: z.string(),
    content_type: z.string(),
    status: z.int(),
    fetched_at: z.iso.datetime(),
    role: z.enum(['rows', 'detail']).default('rows'),
    level: z.int().positive().optional(),
    variables: z.array(z.string()).optional(),
    held: z.array(z.string()).optional(),
  }),
);
/** A note as it is written; the role is omitted when it has the default value. */
export type PageNote = z.input<ReturnType<typeof noteSchema>>;
type ParsedPageNote = z.infer<ReturnType<typeof noteSchema>>;
/** Whether a page holds rows, or describes one row (`follow`). */
export type PageRole = ParsedPageNote['role'];

/**
 * A page on which a run's selectors found nothing, or a first page of a job's newest good run, saved as the parser
 * received it.
 */
export interface SavedPage {
  /** Its content: decompressed, in the page's own character set. */
  file: string;
  /** Its URL after redirects; secret values are replaced by `${NAME}`. */
  url: string;
  /** The value of the header, such as `text/html; charset=Shift_JIS`; empty when there was none. */
  contentType: string;
  /** The HTTP status of the response. */
  status: number;
  /** Epoch milliseconds. */
  fetchedAt: number;
  role: PageRole;
  /** Of a detail page that another one links to: its level of `follow`, from 2. */
  level?: number | undefined;
  /**
   * The names of the variables that were inserted to fetch it: the page may contain their values. Older notes lack
   * this.
   */
  variables: readonly string[] | undefined;
  /** Those of them whose values the page holds. Older notes lack this. */
  held: readonly string[] | undefined;
}

/**
 * Lists the pages that a run saved, first to last: those that show what it did not find, else those of a good run.
 * Damaged files, and files that the run did not save, are left out.
 */
export function listSavedPages(paths: HomePaths, jobId: string, runId: string): SavedPage[] {
  const own = listPages(runFiles(paths, jobId, runId).pages);
  if (own.length > 0 || !isRunId(runId)) return own;
  return listPages(join(getPersistentFiles(paths, jobId).goodPages, runId));
}

/** The pages of a job's newest good run that has saved some: the first page of rows, and of details if there are any. */
export function findGoodPages(
  paths: HomePaths,
  jobId: string,
): { runId: string; pages: SavedPage[] } | undefined {
  const folder = getPersistentFiles(paths, jobId).goodPages;
  const found = listPageFolder(folder)
    .filter(isRunId)
    .map((runId) => ({ runId, pages: listPages(join(folder, runId)) }))
    .filter(({ pages }) => pages.length > 0);
  const newest = (pages: readonly SavedPage[]) => Math.max(...pages.map(({ fetchedAt }) => fetchedAt));
  // A killed run may have left its folder beside the newest one.
  return found.sort((a, b) => newest(b.pages) - newest(a.pages))[0];
}

function listPages(folder: string): SavedPage[] {
  const numbers = listPageFolder(folder).flatMap((name) => PAGE_NAME.exec(name)?.[1] ?? []);
  return numbers.sort((a, b) => Number(a) - Number(b)).flatMap((number) => toSavedPage(folder, number) ?? []);
}

/**
 * Reads the content of a saved page.
 * @throws QuickscrapeError `store_unavailable` when it is gone meanwhile, or cannot be read
 */
export function readSavedPage({ file }: Pick<SavedPage, 'file'>): Buffer {
  try {
    return readRegularFile(file, MAX_SAVED_PAGE_BYTES);
  } catch (error) {
    throw unavailable(`cannot read the saved page ${file}`, error);
  }
}

function toSavedPage(folder: string, number: string): SavedPage | undefined {
  const file = join(folder, `${number}.html`);
  if (!isOwnFile(file, MAX_SAVED_PAGE_BYTES)) return undefined;
  const note = readNote(join(folder, `${number}.json`));
  if (!note) return undefined;
  const { content_type: contentType, fetched_at, ...noted } = note;
  const { url, status, role, level, variables, held } = noted;
  return { file, url, contentType, status, fetchedAt: Date.parse(fetched_at), role, level, variables, held };
}

function readNote(file: string): ParsedPageNote | undefined {
  if (!isOwnFile(file, MAX_NOTE_BYTES)) return undefined;
  try {
    return noteSchema().parse(JSON.parse(readRegularFile(file, MAX_NOTE_BYTES).toString('utf8')));
  } catch {
    return undefined;
  }
}

/** Runs save regular files only, so a link is foreign. */
function isOwnFile(file: string, largest: number): boolean {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.size <= largest;
}

function listPageFolder(folder: string): string[] {
  try {
    return lstatSync(folder).isDirectory() ? readdirSync(folder) : [];
  } catch {
    return [];
  }
}

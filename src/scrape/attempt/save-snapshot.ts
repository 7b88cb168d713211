import { lstatSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeFileDurably } from '../../core/fs/atomic-file.ts';
import { makePrivateFolder } from '../../core/fs/private-folder.ts';
import { refuseLink } from '../../core/fs/symlinks.ts';
import { listSubfolders } from '../../core/lib/list-folder.ts';
import type { Redact } from '../../core/lib/redact.ts';
import { type Check, getLinkLevel } from '../../core/model/check.ts';
import { getPersistentFiles, type RunFiles, runFiles } from '../../core/runs/run-files.ts';
import { MAX_SAVED_PAGE_BYTES, type PageNote } from '../../core/runs/saved-pages.ts';
import type { ScrapeStats, VisitedPage } from '../crawl/scrape-stats.ts';
import { decodeBody } from '../extract/load-page.ts';
import { toPageUrl } from '../lib/page-url.ts';
import type { Attempt } from './run-log.ts';

/**
 * Chooses the page that best shows what went wrong. This is the first page on which an expected field is empty, or the
 * last one when pages are missing after it. When there are too few items, or a selector has matched nothing, it is the
 * first page.
 */
export function chooseSnapshot(stats: ScrapeStats, checks: readonly Check[]): VisitedPage | undefined {
  const failed = checks.filter(({ passed }) => !passed);
  for (const { suspect } of failed) {
    // The link of a further level is on the detail page above it.
    const page = stats.firstDetails.get(getLinkLevel(suspect?.field ?? '') - 1);
    if (page) return page;
  }
  for (const { field } of failed) {
    const page = field === null ? undefined : stats.gaps.get(field);
    if (page) return page;
  }
  for (const { suspect } of failed) {
    const page = suspect && suspect.part !== 'field' ? stats.signs.get(suspect.part) : undefined;
    if (page) return page;
  }
  if (failed.some(({ suspect }) => suspect?.part === 'pagination') && stats.lastPage) return stats.lastPage;
  if (failed.length === 0 && stats.hasMatchedAll()) return undefined;
  return stats.firstSource && { url: stats.firstUrl, source: stats.firstSource };
}

/** Only this many runs of a job keep their pages: the newest. */
const MAX_RUNS_WITH_SNAPSHOTS = 5;

/**
 * Saves a page of an attempt in the run's folder, as the parser received it, and removes the pages of older runs beyond
 * the limit.
 * @param number the page's number among the saved ones
 * @param variables names of the variables that were filled in to fetch it
 * @returns its file; `undefined` when it is too large
 * @throws QuickscrapeError `store_unavailable`; `not_allowed` where a link would lead out of the home
 */
export async function saveSnapshot(
  attempt: Attempt,
  page: VisitedPage,
  number = 1,
  variables: readonly string[] = [],
): Promise<string | undefined> {
  const { workspace, run, log } = attempt;
  const size = page.source.body.length;
  if (size > MAX_SAVED_PAGE_BYTES) {
    log.line('warn', `the page is not kept: it has ${size} bytes of at most ${MAX_SAVED_PAGE_BYTES}`);
    return undefined;
  }
  const files = runFiles(workspace.paths, run.jobId, run.runId);
  openPrivateFolders([dirname(files.folder), files.folder, files.pages]);
  const { file, note } = await writePage(attempt, files.pages, page, number, variables);
  log.line('info', `the page ${note.url} is kept: ${file}`);
  await removeOlderSnapshots(files);
  return file;
}

/**
 * Saves the first pages of a good attempt, of rows and of details, in the folder of its job, for comparison with later
 * runs. They replace those of the good run before. Nothing is saved when the first page is unknown or too large: then
 * the pages before stay.
 * @param variables names of the variables that were filled in to fetch them
 * @throws as {@link saveSnapshot}
 */
export async function saveGoodPages(
  attempt: Attempt,
  stats: Pick<ScrapeStats, 'firstUrl' | 'firstSource' | 'listFirstDetails'>,
  variables: readonly string[] = [],
): Promise<void> {
  const { workspace, run } = attempt;
  const { firstUrl, firstSource } = stats;
  if (firstSource === undefined || firstSource.body.length > MAX_SAVED_PAGE_BYTES) return;
  const { folder: ofJob, goodPages } = getPersistentFiles(workspace.paths, run.jobId);
  const folder = join(goodPages, run.runId);
  openPrivateFolders([ofJob, goodPages, folder]);
  await writePage(attempt, folder, { url: firstUrl, source: firstSource }, 1, variables);
  for (const [index, detail] of stats.listFirstDetails().entries())
    if (detail.source.body.length <= MAX_SAVED_PAGE_BYTES)
      await writePage(attempt, folder, detail, 2 + index, variables);
  for (const name of listSubfolders(goodPages))
    if (name !== run.runId) await rm(join(goodPages, name), { recursive: true, force: true });
}

/** Creates the folders that do not exist yet, outermost first. @throws QuickscrapeError `not_allowed` for a link */
function openPrivateFolders(folders: readonly string[]): void {
  for (const folder of folders) {
    refuseLink(folder);
    makePrivateFolder(folder);
  }
}

/** Writes a page and its note, as `NUMBER.html` and `NUMBER.json`. */
async function writePage(
  { log }: Pick<Attempt, 'log'>,
  folder: string,
  { url, source, role = 'rows', level = 1 }: VisitedPage,
  number: number,
  variables: readonly string[],
): Promise<{ file: string; note: PageNote }> {
  const { body, contentType, status, fetchedAt } = source;
  const file = join(folder, `${number}.html`);
  const note: PageNote = {
    url: log.redact(toPageUrl(url)),
    content_type: contentType,
    status,
    fetched_at: new Date(fetchedAt).toISOString(),
    ...(role === 'detail' && { role, ...(level > 1 && { level }) }),
    variables: [...variables],
    ...(variables.length > 0 && { held: findHeld(source, variables, log.redact) }),
  };
  // The old note is removed first, so that a page never has the note of another attempt's page.
  await rm(join(folder, `${number}.json`), { force: true });
  await writeFileDurably(file, body, { sync: false });
  const text = `${JSON.stringify(note, null, 2)}\n`;
  await writeFileDurably(join(folder, `${number}.json`), text, { sync: false });
  return { file, note };
}

/** The variables whose values a page holds, also if a value spans several elements. */
function findHeld(
  { body, contentType }: Pick<VisitedPage['source'], 'body' | 'contentType'>,
  variables: readonly string[],
  redact: Redact,
): string[] {
  const text = decodeBody(body, contentType);
  const shown = redact(text) + redact(text.replaceAll(/<[^>]*>/g, ''));
  return variables.filter((name) => shown.includes(`\${${name}}`));
}

async function removeOlderSnapshots(own: RunFiles): Promise<void> {
  const ofJob = dirname(own.folder);
  const others = listSubfolders(ofJob).flatMap((name) => {
    const folder = join(ofJob, name, 'pages');
    const stats = lstatSync(folder, { throwIfNoEntry: false });
    return folder !== own.pages && stats?.isDirectory() ? [{ folder, at: stats.mtimeMs }] : [];
  });
  others.sort((a, b) => b.at - a.at);
  for (const { folder } of others.slice(MAX_RUNS_WITH_SNAPSHOTS - 1))
    await rm(folder, { recursive: true, force: true });
}

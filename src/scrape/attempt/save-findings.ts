import { hash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeFileDurably } from '../../core/fs/atomic-file.ts';
import { makePrivateFolder } from '../../core/fs/private-folder.ts';
import { refuseLink } from '../../core/fs/symlinks.ts';
import { listSubfolders } from '../../core/lib/list-folder.ts';
import type { Check, SelectorPart } from '../../core/model/check.ts';
import { baselineMatches, earlierFindings, selectorKey } from '../../core/quality/selector-history.ts';
import { type RunFiles, runFiles } from '../../core/runs/run-files.ts';
import { MAX_SAVED_PAGE_BYTES, type PageNote } from '../../core/runs/saved-pages.ts';
import type { SelectorFindings } from '../../core/runs/selector-findings.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import type { ScrapeRequest } from '../crawl/pipeline.ts';
import type { ScrapeStats, VisitedPage } from '../crawl/scrape-stats.ts';
import { collectSelectorMatches } from '../crawl/selector-matches.ts';
import { toPageUrl } from '../lib/page-url.ts';
import type { Attempt, RunLog } from './run-log.ts';

/** At most this many warnings of this many characters are saved; the log has all of them. */
const MAX_WARNINGS = 50;
const MAX_WARNING_CHARACTERS = 1_000;

/**
 * Saves what an attempt's selectors found. Also saves one of its pages when a selector found nothing or a check failed.
 * A failure to save is only logged: it does not change the attempt's outcome.
 * @returns the saved page's file
 */
export async function saveFindings(
  attempt: Attempt,
  config: SelectorConfig,
  stats: ScrapeStats,
  checks: readonly Check[],
): Promise<string | undefined> {
  const { workspace, run, log } = attempt;
  await tryOrLog(log, 'what the selectors matched', async () => {
    const findings = collectFindings(attempt, config, stats);
    logStopped(log, findings);
    const { selectors: file } = runFiles(workspace.paths, run.jobId, run.runId);
    // Only for people and agents, so it need not wait for the disk.
    await writeFileDurably(file, `${JSON.stringify(findings, null, 2)}\n`, { sync: false });
  });
  const page = stats.pages === 0 ? undefined : chooseSnapshot(stats, checks);
  if (page === undefined) return undefined;
  const file = await tryOrLog(log, 'the page', () => saveSnapshot(attempt, page, 1, config.variables));
  const detail = page.role === 'detail' ? undefined : stats.firstDetail;
  if (detail)
    await tryOrLog(log, 'the detail page', () => saveSnapshot(attempt, detail, 2, config.variables));
  return file;
}

/** @returns `undefined` when `save` failed, which is logged */
export async function tryOrLog<T>(
  log: Pick<RunLog, 'line'>,
  what: string,
  save: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await save();
  } catch (error) {
    log.line('warn', `${what} could not be saved: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** The parts of a configuration that are needed to count its selectors' matches. */
export type SelectorConfig = Pick<
  ScrapeConfig,
  'selectors' | 'follow' | 'item' | 'pagination' | 'sitemap' | 'urls' | 'dedupe'
> &
  Pick<ScrapeRequest, 'variables'>;

/** Collects what the selectors of an attempt matched, with what they usually match. */
export function collectFindings(
  { workspace, run, log }: Attempt,
  config: SelectorConfig,
  stats: ScrapeStats,
): SelectorFindings {
  const { pages, items, filled: filledRows } = stats;
  const all = collectSelectorMatches(config, stats);
  const usually = baselineMatches(
    all.map(({ part, field }) => ({ part, field })),
    pages,
    earlierFindings(workspace, run),
  );
  const shape = { ...stats.pagination.shape(), extent: formatExtent(config), sitemap: stats.sitemap };
  const filled: Record<Exclude<SelectorPart, 'field'>, number> = {
    item: shape.rows,
    follow: shape.links,
    pagination: shape.inner + shape.steps,
    sitemap: stats.sitemap?.pages ?? 0,
  };
  const findings = all.map(({ part, field, selector, matched, pages }) => {
    const usual = usually.get(selectorKey({ part, field })) ?? null;
    // A missing next page alone is not suspicious.
    const stopped = matched === 0 && usual !== null && usual > 0 && part !== 'pagination';
    const found = part === 'field' ? (filledRows[field] ?? 0) : filled[part];
    const finding = { selector: log.redact(selector), matched, pages, filled: found, usual, stopped };
    return { part, field, finding };
  });
  const isOfFields = (part: SelectorPart) => part === 'field' || part === 'follow';
  const warnings = stats.warnings().slice(0, MAX_WARNINGS);
  return {
    pages,
    items,
    shape,
    parts: Object.fromEntries(
      findings.flatMap((one) => (isOfFields(one.part) ? [] : [[one.part, one.finding]])),
    ),
    selectors: Object.fromEntries(
      findings.flatMap((one) => (isOfFields(one.part) ? [[one.field, one.finding]] : [])),
    ),
    warnings: warnings.map((text) => formatWarning(log, text)),
  };
}

function formatWarning(log: RunLog, text: string): string {
  const shown = log.redactPages(text);
  return shown.length > MAX_WARNING_CHARACTERS ? `${shown.slice(0, MAX_WARNING_CHARACTERS - 1)}…` : shown;
}

/**
 * Returns a hash that is equal for configurations of the same extent: where they begin, how far they go, and what they
 * leave out. Selectors are not part of it, so that a rewritten selector is compared with the one that it replaced. The
 * hash is short, because an address may contain a secret.
 */
export function formatExtent({
  urls,
  sitemap,
  pagination,
  follow,
  dedupe,
}: Pick<ScrapeConfig, 'urls' | 'sitemap' | 'pagination' | 'follow' | 'dedupe'>): string {
  const { selector: _, ...settings } = { selector: '', ...pagination };
  const details = follow && { on_error: follow.on_error, max_pages: follow.max_pages };
  const text = JSON.stringify([urls, sitemap, settings, details, dedupe]);
  return hash('sha256', text, 'hex').slice(0, 8);
}

function logStopped(log: RunLog, { selectors, parts }: SelectorFindings): void {
  for (const [field, found] of [...Object.entries(parts), ...Object.entries(selectors)])
    if (found?.stopped)
      log.line('warn', `selector ${field} (${found.selector}) matched nothing; usually ${found.usual}`);
}

/**
 * Chooses the page that best shows what went wrong. This is the first page on which an expected field is empty, or the
 * last one when pages are missing after it. When there are too few items, or a selector has matched nothing, it is the
 * first page.
 */
function chooseSnapshot(stats: ScrapeStats, checks: readonly Check[]): VisitedPage | undefined {
  const failed = checks.filter(({ passed }) => !passed);
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
  { workspace, run, log }: Attempt,
  { url, source, role = 'rows' }: VisitedPage,
  number = 1,
  variables: readonly string[] = [],
): Promise<string | undefined> {
  const { body, contentType, status, fetchedAt } = source;
  if (body.length > MAX_SAVED_PAGE_BYTES) {
    log.line('warn', `the page is not kept: it has ${body.length} bytes of at most ${MAX_SAVED_PAGE_BYTES}`);
    return undefined;
  }
  const files = runFiles(workspace.paths, run.jobId, run.runId);
  for (const folder of [dirname(files.folder), files.folder, files.pages]) refuseLink(folder);
  makePrivateFolder(files.pages);
  const file = join(files.pages, `${number}.html`);
  const note: PageNote = {
    url: log.redact(toPageUrl(url)),
    content_type: contentType,
    status,
    fetched_at: new Date(fetchedAt).toISOString(),
    ...(role === 'detail' && { role }),
    variables: [...variables],
  };
  // The old note is removed first, so that a page never has the note of another attempt's page.
  await rm(join(files.pages, `${number}.json`), { force: true });
  await writeFileDurably(file, body, { sync: false });
  const text = `${JSON.stringify(note, null, 2)}\n`;
  await writeFileDurably(join(files.pages, `${number}.json`), text, { sync: false });
  log.line('info', `the page ${note.url} is kept: ${file}`);
  await removeOlderSnapshots(files);
  return file;
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

import { hash } from 'node:crypto';
import { writeFileDurably } from '../../core/fs/atomic-file.ts';
import { type Check, SELECTOR_PATHS, type SelectorPart } from '../../core/model/check.ts';
import { baselineMatches, earlierFindings, selectorKey } from '../../core/quality/selector-history.ts';
import { runFiles } from '../../core/runs/run-files.ts';
import { describeEmptyField, type SelectorFindings } from '../../core/runs/selector-findings.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import type { Follow } from '../config/follow.ts';
import type { ScrapeRequest } from '../crawl/pipeline.ts';
import type { ScrapeStats } from '../crawl/scrape-stats.ts';
import { collectSelectorMatches } from '../crawl/selector-matches.ts';
import type { Attempt, RunLog } from './run-log.ts';
import { chooseSnapshot, saveGoodPages, saveSnapshot } from './save-snapshot.ts';

/** At most this many warnings of this many characters are saved; the log has all of them. */
const MAX_WARNINGS = 50;
const MAX_WARNING_CHARACTERS = 1_000;

/**
 * Saves what an attempt's selectors found. Also saves one of its pages when a selector found nothing or a check failed,
 * and its first pages when it is good. A failure to save is only logged: it does not change the attempt's outcome.
 * @param succeeded whether its rows were written out
 * @returns the file of the page that shows what was not found
 */
export async function saveFindings(
  attempt: Attempt,
  config: SelectorConfig,
  stats: ScrapeStats,
  checks: readonly Check[],
  succeeded: boolean,
): Promise<string | undefined> {
  const { workspace, run, log } = attempt;
  let isGood = succeeded;
  await tryOrLog(log, 'what the selectors matched', async () => {
    const findings = collectFindings(attempt, config, stats);
    logStopped(log, findings);
    logMisses(log, findings);
    isGood &&= listStopped(findings).length === 0;
    const { selectors: file } = runFiles(workspace.paths, run.jobId, run.runId);
    // Only for people and agents, so it need not wait for the disk.
    await writeFileDurably(file, `${JSON.stringify(findings, null, 2)}\n`, { sync: false });
  });
  if (isGood)
    await tryOrLog(log, 'the page for comparison', () => saveGoodPages(attempt, stats, config.variables));
  const page = stats.pages === 0 ? undefined : chooseSnapshot(stats, checks);
  if (page === undefined) return undefined;
  const file = await tryOrLog(log, 'the page', () => saveSnapshot(attempt, page, 1, config.variables));
  const details = page.role === 'detail' ? [] : stats.listFirstDetails();
  for (const [index, detail] of details.entries())
    await tryOrLog(log, 'the detail page', () => saveSnapshot(attempt, detail, 2 + index, config.variables));
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
  'selectors' | 'follow' | 'item' | 'pagination' | 'sitemap' | 'crawl' | 'urls' | 'urls_from' | 'dedupe'
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
    const isFurther = part === 'follow' && field !== SELECTOR_PATHS.follow;
    const found = part === 'field' ? (filledRows[field] ?? 0) : isFurther ? pages : filled[part];
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
    misses: Object.fromEntries(
      findings.flatMap(({ field, finding: { matched, usual } }) => {
        const miss = stats.misses[field] ?? '';
        // What is always empty needs no reason.
        return matched > 0 || usual === 0 || miss === '' ? [] : [[field, formatWarning(log, miss)]];
      }),
    ),
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
  urls_from,
  crawl,
  pagination,
  follow,
  dedupe,
}: Pick<
  ScrapeConfig,
  'urls' | 'sitemap' | 'urls_from' | 'crawl' | 'pagination' | 'follow' | 'dedupe'
>): string {
  const { selector: _, ...settings } = { selector: '', ...pagination };
  const details = follow && formatFollow(follow);
  const starts = urls_from === undefined ? [urls, sitemap] : [urls_from, null];
  const links = crawl === undefined ? [] : [crawl];
  const text = JSON.stringify([...starts, settings, details, dedupe, ...links]);
  return hash('sha256', text, 'hex').slice(0, 8);
}

/** Of a single level, the hash stays that of earlier versions. */
function formatFollow({ on_error, max_pages, follow }: Follow): unknown {
  return { on_error, max_pages, ...(follow && { follow: formatFollow(follow) }) };
}

function listStopped({ selectors, parts }: SelectorFindings) {
  return [...Object.entries(parts), ...Object.entries(selectors)].flatMap(([field, found]) =>
    found?.stopped ? [{ field, ...found }] : [],
  );
}

function logMisses(log: RunLog, { selectors, misses }: SelectorFindings): void {
  for (const [field, miss] of Object.entries(misses))
    log.line('warn', describeEmptyField(field, selectors[field]?.selector ?? '', miss), true);
}

function logStopped(log: RunLog, findings: SelectorFindings): void {
  for (const { field, selector, usual } of listStopped(findings))
    log.line('warn', `selector ${field} (${selector}) matched nothing; usually ${usual}`);
}

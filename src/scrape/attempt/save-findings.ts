import { hash } from 'node:crypto';
import { writeFileDurably } from '../../core/fs/atomic-file.ts';
import type { Check } from '../../core/model/check.ts';
import type { RunRecord } from '../../core/model/run-record.ts';
import type { SelectorPart } from '../../core/model/selector-part.ts';
import { baselineMatches, earlierFindings, selectorKey } from '../../core/quality/selector-history.ts';
import { runFiles } from '../../core/runs/run-files.ts';
import type { SelectorFindings } from '../../core/runs/selector-findings.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import type { ScrapeRequest } from '../crawl/pipeline.ts';
import type { ScrapeStats } from '../crawl/scrape-stats.ts';
import { collectSelectorMatches } from '../crawl/selector-matches.ts';
import { logLine, redactForLog, redactPagesForLog } from './run-log.ts';
import { chooseSnapshot, saveSnapshot } from './save-snapshot.ts';

/**
 * The same for configurations that ask for as much: where they begin, how far they go, what they leave out. Selectors are no
 * part of it: one that was rewritten is held against the one that it replaced. Short, as an address may hold a secret.
 */
export function formatExtent({
  urls,
  sitemap,
  pagination,
  follow,
  dedupe,
}: Pick<ScrapeConfig, 'urls' | 'sitemap' | 'pagination' | 'follow' | 'dedupe'>): string {
  const { selector: _, ...walk } = { selector: '', ...pagination };
  const details = follow && { on_error: follow.on_error, max_pages: follow.max_pages };
  const text = JSON.stringify([urls, sitemap, walk, details, dedupe]);
  return hash('sha256', text, 'hex').slice(0, 8);
}

/** So many warnings are kept, of so many characters; the log has them all. */
const MAX_WARNINGS = 50;
const MAX_WARNING_CHARACTERS = 1_000;

/**
 * Writes down what an attempt's selectors found, and keeps a page of it when one of them found nothing, or a check has
 * failed. What cannot be written is a line in the log: the attempt's outcome is the same without it.
 * @returns the kept page's file
 */
export async function saveFindings(
  workspace: Workspace,
  run: RunRecord,
  config: SelectorConfig,
  stats: ScrapeStats,
  checks: readonly Check[],
): Promise<string | undefined> {
  await tryOrLog('what the selectors matched', async () => {
    const findings = collectFindings(workspace, run, config, stats);
    logStopped(findings);
    const { selectors: file } = runFiles(workspace.paths, run.jobId, run.runId);
    // For people and agents: worth no wait for the disk.
    await writeFileDurably(file, `${JSON.stringify(findings, null, 2)}\n`, { sync: false });
  });
  const page = stats.pages === 0 ? undefined : chooseSnapshot(stats, checks);
  if (page === undefined) return undefined;
  const file = await tryOrLog('the page', () =>
    saveSnapshot(workspace.paths, run, page, 1, config.variables),
  );
  const detail = page.role === 'detail' ? undefined : stats.firstDetail;
  if (detail)
    await tryOrLog('the detail page', () => saveSnapshot(workspace.paths, run, detail, 2, config.variables));
  return file;
}

/** @returns `undefined` when it could not be done, which the log says */
export async function tryOrLog<T>(what: string, save: () => Promise<T>): Promise<T | undefined> {
  try {
    return await save();
  } catch (error) {
    logLine('warn', `${what} could not be kept: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** A configuration as far as its selectors are counted. */
export type SelectorConfig = Pick<
  ScrapeConfig,
  'selectors' | 'follow' | 'item' | 'pagination' | 'sitemap' | 'urls' | 'dedupe'
> &
  Pick<ScrapeRequest, 'variables'>;

/** What the selectors of an attempt matched, against what they usually do. */
export function collectFindings(
  workspace: Workspace,
  run: RunRecord,
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
  const shape = { ...stats.walks.shape(), extent: formatExtent(config), sitemap: stats.sitemap };
  const filled: Record<Exclude<SelectorPart, 'field'>, number> = {
    item: shape.rows,
    follow: shape.links,
    pagination: shape.inner + shape.steps,
    sitemap: stats.sitemap?.pages ?? 0,
  };
  const findings = all.map(({ part, field, selector, matched, pages }) => {
    const usual = usually.get(selectorKey({ part, field })) ?? null;
    // That there is no next page says nothing by itself.
    const stopped = matched === 0 && usual !== null && usual > 0 && part !== 'pagination';
    const found = part === 'field' ? (filledRows[field] ?? 0) : filled[part];
    const finding = { selector: redactForLog(selector), matched, pages, filled: found, usual, stopped };
    return { part, field, finding };
  });
  const isOfFields = (part: SelectorPart) => part === 'field' || part === 'follow';
  const warnings = stats.warnings().slice(0, MAX_WARNINGS);
  return {
    ...{ pages, items, shape },
    parts: Object.fromEntries(
      findings.flatMap((one) => (isOfFields(one.part) ? [] : [[one.part, one.finding]])),
    ),
    selectors: Object.fromEntries(
      findings.flatMap((one) => (isOfFields(one.part) ? [[one.field, one.finding]] : [])),
    ),
    warnings: warnings.map(formatWarning),
  };
}

function formatWarning(text: string): string {
  const shown = redactPagesForLog(text);
  return shown.length > MAX_WARNING_CHARACTERS ? `${shown.slice(0, MAX_WARNING_CHARACTERS - 1)}…` : shown;
}

function logStopped({ selectors, parts }: SelectorFindings): void {
  for (const [field, found] of [...Object.entries(parts), ...Object.entries(selectors)])
    if (found?.stopped)
      logLine('warn', `selector ${field} (${found.selector}) matched nothing; usually ${found.usual}`);
}

import { type Check, describeFailedChecks } from '../../core/model/check.ts';
import { needsBaseline } from '../../core/model/expectations.ts';
import { checkNotEmpty } from '../../core/quality/check-run.ts';
import { findDrop, MIN_BASELINE_RUNS, type SelectorPaths } from '../../core/quality/likely-broken.ts';
import { comparableRuns, loadBaseline } from '../../core/quality/selector-history.ts';
import { addSuspects } from '../../core/quality/suspect.ts';
import type { SelectorFindings } from '../../core/runs/selector-findings.ts';
import { getPageSelectors } from '../config/config-fields.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { evaluateChecks } from '../crawl/evaluate-checks.ts';
import type { ScrapeStats } from '../crawl/scrape-stats.ts';
import type { Attempt, RunLog } from './run-log.ts';
import { collectFindings, formatExtent, type SelectorConfig, tryOrLog } from './save-findings.ts';

/** The parts of a configuration that checks need; `expect` holds the expectations of this run. */
type CheckedConfig = SelectorConfig &
  Pick<ScrapeConfig, 'expect'> & {
    /** Good runs since then define what is usual, epoch milliseconds. */
    usualSince: number;
  };

/** Checks an attempt's results against its expectations, and against the job's good runs. */
export async function runChecks(
  attempt: Attempt,
  config: CheckedConfig,
  stats: ScrapeStats,
): Promise<Check[]> {
  const expected = runExpectedChecks(attempt, config, stats);
  const likely = await runLikelyBrokenCheck(attempt, config, stats);
  const checks = [...expected, ...likely];
  logChecks(attempt.log, checks);
  return checks;
}

function runExpectedChecks(attempt: Attempt, config: CheckedConfig, stats: ScrapeStats): Check[] {
  const { likely_broken: _, ...expect } = config.expect;
  // Most jobs have no expectations; their outcome must not depend on reading earlier runs.
  if (Object.keys(expect).length === 0) return [];
  const usual = loadBaseline(attempt.workspace, attempt.run, config.usualSince);
  const findings = collectFindings(attempt, config, stats);
  const { items, filled } = stats;
  const checks = evaluateChecks(config.expect, config, { items, filled, rules: [] }, usual);
  return [
    ...attachSuspects(attempt.log, checks, findings, usual, config),
    // Its selector has found the value, so it is not suspected.
    ...stats.rules.map((check) => ({ ...check, message: attempt.log.redactPages(check.message) })),
  ];
}

/**
 * Checks for a run that found less than half of the usual items. The result is a failed check when something has
 * probably broken, else a warning. When earlier runs cannot be read, there is no such check.
 */
async function runLikelyBrokenCheck(
  attempt: Attempt,
  config: CheckedConfig,
  stats: ScrapeStats,
): Promise<Check[]> {
  if (!needsBaseline(config.expect)) return [];
  if (stats.items === 0 && config.expect.allow_empty === true) return [];
  const { workspace, run, log } = attempt;
  const fall = await tryOrLog(log, 'the comparison with earlier runs', async () => {
    const past = comparableRuns(workspace, run, formatExtent(config), config.usualSince);
    if (past.length < MIN_BASELINE_RUNS) return undefined;
    const { shape, ...findings } = collectFindings(attempt, config, stats);
    return shape === null ? undefined : findDrop({ ...findings, shape }, past, getPlaces(log, config));
  });
  if (fall === undefined) return [];
  const { message, items, runs, cause, doubt } = fall;
  if (cause === null) {
    const warning = log.redact(`${message}; ${doubt}`);
    stats.addWarning(warning);
    log.line('warn', warning);
    return [];
  }
  return [
    {
      check: 'likely_broken',
      field: null,
      passed: false,
      found: stats.items,
      usual: items,
      expected: Math.ceil(items / 2),
      good_runs: runs,
      suspect: cause.suspect,
      message: log.redact(`${message}; ${cause.message}`),
    },
  ];
}

function getPlaces({ redact }: RunLog, { item, pagination, follow, sitemap }: CheckedConfig): SelectorPaths {
  const selectors = new Map(
    getPageSelectors({ pagination, ...(item !== undefined && { item }), ...(sitemap && { sitemap }) }).map(
      ({ part, selector }) => [part, redact(selector)],
    ),
  );
  const key = { url_param: 'param_name', page_number: 'url_template' } as Record<string, string>;
  const selector = selectors.get('pagination') ?? null;
  return {
    item: selectors.get('item') ?? null,
    sitemap: selectors.get('sitemap') ?? null,
    follow: follow === undefined ? null : redact(follow.selector),
    pagination:
      pagination.type === 'none'
        ? null
        : { field: `pagination.${key[pagination.type] ?? 'selector'}`, selector },
  };
}

/** Returns the checks of an attempt without a single item. */
export function runEmptyResultChecks(attempt: Attempt, config: CheckedConfig, stats: ScrapeStats): Check[] {
  const usual = loadBaseline(attempt.workspace, attempt.run, config.usualSince);
  return attachSuspects(
    attempt.log,
    [checkNotEmpty(usual)],
    collectFindings(attempt, config, stats),
    usual,
    config,
  );
}

function attachSuspects(
  { redact }: RunLog,
  checks: readonly Check[],
  findings: SelectorFindings,
  { pages }: Pick<ReturnType<typeof loadBaseline>, 'pages'>,
  { item, pagination }: CheckedConfig,
): Check[] {
  return addSuspects(checks, findings, pages, {
    item: item === undefined ? null : redact(item),
    nextPage: pagination.type === 'next_button' ? redact(pagination.selector) : null,
  }).map((check) => ({ ...check, message: redact(check.message) }));
}

function logChecks(log: RunLog, checks: readonly Check[]): void {
  const passed = checks.filter((check) => check.passed).length;
  if (passed > 0) log.line('info', `${passed} of ${checks.length} checks passed`);
  const failed = describeFailedChecks(checks);
  if (failed !== '') log.line('warn', `checks failed: ${failed}`);
}

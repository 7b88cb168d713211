import { type Check, describeFailedChecks } from '../../core/model/check.ts';
import { type Expectations, expectedFields, needsBaseline } from '../../core/model/expectations.ts';
import { type BaselineMetrics, checkRun, NO_BASELINE } from '../../core/quality/check-run.ts';
import { getFieldNames } from '../config/config-fields.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import type { ScrapeStats, StatsOptions } from './scrape-stats.ts';

/**
 * Returns the options that make {@link ScrapeStats} remember the page on which an expectation was not met, for a
 * snapshot.
 */
export function getStatsOptions(expect: Expectations): StatsOptions {
  const { min_items, max_drop_percent } = expect;
  return {
    fields: expectedFields(expect),
    items: min_items !== undefined || max_drop_percent !== undefined || needsBaseline(expect),
  };
}

/** Compares the results of a scrape with its expectations. */
export function evaluateChecks(
  expect: Expectations,
  config: Pick<ScrapeConfig, 'selectors' | 'follow'>,
  { items, filled, rules }: Pick<ScrapeStats, 'items' | 'filled' | 'rules'>,
  usual: BaselineMetrics = NO_BASELINE,
): Check[] {
  return [...checkRun(expect, { items, filled, fields: getFieldNames(config) }, usual), ...rules];
}

/**
 * @param hint what happened to the items, and what to do
 * @throws ScrapeError `check_failed` if a check has failed
 */
export function assertChecksPassed(checks: readonly Check[], hint: string): void {
  if (checks.every(({ passed }) => passed)) return;
  throw new ScrapeError('check_failed', describeFailedChecks(checks), { hint });
}

import type { HomePaths } from '../fs/paths.ts';
import { median } from '../lib/median.ts';
import type { SelectorPart } from '../model/check.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { RunStore } from '../runs/run-store.ts';
import { readSelectorFindings, type SelectorFindings } from '../runs/selector-findings.ts';
import type { Baseline, BaselineMetrics } from './check-run.ts';
import { BASELINE_RUNS, type ShapedFindings } from './likely-broken.ts';

/** The baseline uses this many good runs. */
const GOOD_RUNS = 10;
/** The search stops after this many runs. */
const MAX_LOOKBACK_RUNS = 100;

/**
 * Returns how many elements a selector usually matches, by field. The value is the median of its matches per page in
 * the last ten good runs, times `pages`, rounded. Fields without such a run are absent. Totals are not compared: a run
 * that ended early, or a site with more pages, would resemble a change of the markup. For a field, a run is good if its
 * selector still worked in it. A permanently broken selector therefore does not become the baseline. Selectors are
 * compared by field, so a rewritten selector is compared with its predecessor.
 * @param asked the requested selectors
 * @param before the earlier runs, newest first; only as many as needed are read
 */
export function baselineMatches(
  asked: readonly SelectorName[],
  pages: number,
  before: Iterable<SelectorFindings>,
): Map<string, number> {
  const perPage = asked.map((name) => ({ name, values: [] as number[] }));
  for (const findings of before) {
    for (const { name, values } of perPage) {
      const found = findingOf(name, findings);
      const places = lookupCount(name, findings.pages);
      if (found && !found.stopped && places > 0 && values.length < GOOD_RUNS)
        values.push(found.matched / places);
    }
    if (perPage.every(({ values }) => values.length === GOOD_RUNS)) break;
  }
  const known = perPage.filter(({ values }) => values.length > 0 && pages > 0);
  return new Map(
    known.map(({ name, values }) => [
      selectorKey(name),
      Math.round(median(values) * lookupCount(name, pages)),
    ]),
  );
}

/**
 * Returns the number of documents in which a selector is applied. A sitemap is read once, however many pages it lists.
 */
function lookupCount({ part }: SelectorName, pages: number): number {
  return part === 'sitemap' ? 1 : pages;
}

/** Identifies a selector of a configuration. The part is included because a field can have the name of a part. */
export interface SelectorName {
  part: SelectorPart;
  field: string;
}

/** Returns the key of a selector in the result of {@link baselineMatches}. */
export function selectorKey({ part, field }: SelectorName): string {
  return `${part} ${field}`;
}

function findingOf({ part, field }: SelectorName, { selectors, parts }: SelectorFindings) {
  if (part !== 'field' && part !== 'follow') return parts[part];
  return Object.hasOwn(selectors, field) ? selectors[field] : undefined;
}

/** Yields the findings of earlier successful runs of the same job and configuration, newest first, read one by one. */
export function* earlierFindings(
  { paths, runs }: { paths: HomePaths; runs: RunStore },
  run: RunRecord,
): Generator<SelectorFindings> {
  for (const { jobId, runId } of runs.succeededBefore(run, {
    configName: run.configName,
    limit: MAX_LOOKBACK_RUNS,
  })) {
    const findings = readSelectorFindings(paths, jobId, runId);
    if (findings) yield findings;
  }
}

/**
 * Returns in how many of 100 items a field is usually filled: the median of the last ten good runs. Good runs are
 * defined as in {@link baselineMatches}; a run without items is ignored.
 * @param before the earlier runs, newest first; only as many as needed are read
 */
export function baselineFill(field: string, before: Iterable<SelectorFindings>): Baseline {
  const percents: number[] = [];
  for (const { items, selectors } of before) {
    const found = Object.hasOwn(selectors, field) ? selectors[field] : undefined;
    if (found && !found.stopped && items > 0) percents.push((100 * found.filled) / items);
    if (percents.length === GOOD_RUNS) break;
  }
  return medianOf(percents);
}

/**
 * Loads the baseline of a run: the items and pages of the last ten good runs before it, and how full their fields were.
 * @param since only runs that were queued at or after this instant, epoch milliseconds; does not apply to fields
 */
export function loadBaseline(
  workspace: { paths: HomePaths; runs: RunStore },
  run: RunRecord,
  since = 0,
): BaselineMetrics & { pages: Baseline } {
  const { configName } = run;
  const good = workspace.runs
    .succeededBefore(run, { configName, limit: GOOD_RUNS })
    .filter(({ queuedAt }) => queuedAt >= since);
  return {
    items: medianOf(good.map(({ items }) => items)),
    pages: medianOf(good.map(({ pages }) => pages)),
    fill: (field) => baselineFill(field, earlierFindings(workspace, run)),
  };
}

function medianOf(values: readonly number[]): Baseline {
  return values.length === 0 ? null : { value: median(values), runs: values.length };
}

/**
 * Returns the last good runs to compare a run with (likely-broken.ts), newest first: runs of the same job,
 * configuration and extent.
 * @param since only those that were queued at or after this instant, epoch milliseconds
 */
export function comparableRuns(
  { paths, runs }: { paths: HomePaths; runs: RunStore },
  run: RunRecord,
  extent: string,
  since: number,
): ShapedFindings[] {
  const found: ShapedFindings[] = [];
  for (const { jobId, runId, queuedAt } of runs.succeededBefore(run, {
    configName: run.configName,
    limit: GOOD_RUNS,
  })) {
    if (queuedAt < since || found.length === BASELINE_RUNS) break;
    const findings = readSelectorFindings(paths, jobId, runId);
    if (findings?.shape?.extent === extent) found.push({ ...findings, shape: findings.shape });
  }
  return found;
}

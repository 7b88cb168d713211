import type { HomePaths } from '../fs/paths.ts';
import { median } from '../model/median.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { SelectorPart } from '../model/selector-part.ts';
import type { RunStore } from '../runs/run-store.ts';
import { readSelectorFindings, type SelectorFindings } from '../runs/selector-findings.ts';
import type { Baseline, BaselineMetrics } from './check-run.ts';
import { BASELINE_RUNS, type ShapedFindings } from './likely-broken.ts';

/** So many good runs say what is usual. */
const GOOD_RUNS = 10;
/** Beyond so many runs nobody looks for them. */
const MAX_LOOKBACK_RUNS = 100;

/**
 * How many elements a selector usually matches, by field: the median of its matches a page in the last ten good runs,
 * times `pages`, rounded; fields without such a run are absent. A total would not do: a run that ends half-way, or a site
 * with more pages than last week, would look like a change of the markup. Good for a field is a run in which its selector
 * had not stopped, so that a site that stays as it has become does not become what is usual. Selectors are compared by
 * their field, so that one that was rewritten is held against the one that it replaced.
 * @param asked those that are asked for
 * @param before the runs before, newest first; no more of them are taken than are needed
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

/** In how many places a selector is looked for: a sitemap is read once, however many pages it leads to. */
function lookupCount({ part }: SelectorName, pages: number): number {
  return part === 'sitemap' ? 1 : pages;
}

/** Which selector of a configuration; a field may be called as a part is. */
export interface SelectorName {
  part: SelectorPart;
  field: string;
}

/** What {@link baselineMatches} answers by. */
export function selectorKey({ part, field }: SelectorName): string {
  return `${part} ${field}`;
}

function findingOf({ part, field }: SelectorName, { selectors, parts }: SelectorFindings) {
  if (part !== 'field' && part !== 'follow') return parts[part];
  return Object.hasOwn(selectors, field) ? selectors[field] : undefined;
}

/** What the runs of the same job and configuration found that succeeded before a run, newest first; read one by one. */
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
 * In how many of 100 items a field is usually filled: the median of the last ten good runs. Good is what it is for
 * {@link baselineMatches}; a run without items says nothing.
 * @param before the runs before, newest first; no more of them are taken than are needed
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
 * How many items and pages the last ten good runs before a run had, and how full their fields were.
 * @param since only those that were queued at or after this instant, epoch milliseconds; of fields all
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
 * The last good runs of a run's job and configuration that are to be compared with it (likely-broken.ts), newest first: those
 * of the same extent.
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

import type { HomePaths } from '../paths.ts';
import type { RunRecord } from './record.ts';
import type { RunStore } from './run-store.ts';
import { readSelectorCounts, type SelectorCounts } from './selector-counts.ts';

/** So many good runs before it say what is usual. */
const GOOD_RUNS = 10;

/** One selector of a run against the runs before it. */
export interface SelectorFinding {
  field: string;
  selector: string;
  /** Elements that it matched, over all pages. */
  matched: number;
  /** Rows in which its field is not empty. */
  filled: number;
  /** How many it would have matched on as many pages in the good runs before; `null` when there is nothing to go by. */
  usual: number | null;
  /** It matched nothing, though it usually does. */
  stopped: boolean;
}

/**
 * What a run's selectors matched against what they usually do: the median of the matches a page in the runs before,
 * times this run's pages. A total would not do: a run that ends half-way, or a site with more pages than last week,
 * would look like a change of the markup. Selectors are compared by their field, so that one that was rewritten is held
 * against the one that it replaced.
 */
export function judgeSelectors(now: SelectorCounts, before: readonly SelectorCounts[]): SelectorFinding[] {
  return Object.entries(now.selectors).map(([field, { selector, matched, filled }]) => {
    const perPage = before.flatMap(({ pages, selectors }) => {
      const then = Object.hasOwn(selectors, field) ? selectors[field] : undefined;
      return then === undefined || pages === 0 ? [] : [then.matched / pages];
    });
    const usual = perPage.length === 0 || now.pages === 0 ? null : Math.round(median(perPage) * now.pages);
    return { field, selector, matched, filled, usual, stopped: matched === 0 && usual !== null && usual > 0 };
  });
}

/** The same for a run by its files: the good runs are the last ten of its job and configuration that succeeded before. */
export function selectorHistory(
  { paths, runs }: { paths: HomePaths; runs: RunStore },
  run: RunRecord,
): SelectorFinding[] {
  const now = readSelectorCounts(paths, run.jobId, run.runId);
  if (now === undefined) return [];
  const good = runs.succeededBefore(run, { configName: run.configName, limit: GOOD_RUNS });
  return judgeSelectors(
    now,
    good.flatMap(({ jobId, runId }) => readSelectorCounts(paths, jobId, runId) ?? []),
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

import type { CompareResponse } from '../configs/scraper-protocol.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { BrokenSelector } from './broken-selectors.ts';
import type { Baseline } from './check-run.ts';
import type { ConfigEdit } from './config-edit.ts';

/** Why a run ended as it did. */
export const CAUSES = [
  'good',
  'unfinished',
  'page_changed',
  'config_changed',
  'shows_less',
  'rules_broken',
  'empty_list',
  'selectors_stopped',
  'sign_in',
  'captcha',
  'blocked',
  'consent',
  'moved',
  'not_a_page',
  'error_page',
  'needs_browser',
  'http',
  'network',
  'robots',
  'timeout',
  'memory',
  'disk',
  'output',
  'configuration',
  'browser',
  'worker',
  'cancelled',
  'skipped',
  'missed',
  'other',
] as const;
export type Cause = (typeof CAUSES)[number];

/** Causes by which another page came in place of the one with the rows. */
export const NOT_BY_SELECTORS: ReadonlySet<Cause> = new Set<Cause>([
  'sign_in',
  'captcha',
  'blocked',
  'consent',
  'moved',
  'not_a_page',
  'error_page',
  'empty_list',
]);

/** A run beside the explained one. */
export type RunFact = Pick<RunRecord, 'runId' | 'jobId' | 'status' | 'queuedAt' | 'items' | 'error'>;

/** All that is known about a run when it is explained. */
export interface RunFacts {
  run: RunRecord;
  /** What keeps an unfinished run from starting. */
  waitsFor: string | null;
  /** How its configuration was edited since the last good run; `null` if it was not, as far as is known. */
  edit: ConfigEdit | null;
  /** The revision of its configuration; `null` if it does not exist. */
  revision: string | null;
  lastGood: RunFact | null;
  /** The bad runs since the last good one, up to this run, newest first; `isCut`: there may be more. */
  bad: { runs: readonly RunFact[]; isCut: boolean };
  /** The first good run after this one. */
  laterGood: RunFact | null;
  /** The usual number of items. */
  usual: Baseline;
  /** Selectors that matched nothing though they usually do. */
  stopped: readonly string[];
  /** Selectors that matched nothing, of which no earlier run says whether they should. */
  unproven: readonly string[];
  /** Fields whose selectors matched nothing, and are not in the configuration any more: it was changed since. */
  replaced: readonly string[];
  /** By field that reads data and is empty: where its path stops. */
  misses: Readonly<Record<string, string>>;
  /** Its broken selectors, with what is proposed for them. */
  broken: readonly BrokenSelector[];
  /** The number of the compared page among the kept ones, from 1 (`get_page`). */
  pageNumber: number;
  /** The newest run of each other job on the same host, in the day before and after. */
  neighbours: readonly RunFact[];
  /** The content type of its first kept page; `null` when none was kept. */
  contentType: string | null;
  /** Its page compared with that of the last good run, or why it is not. */
  page: CompareResponse | string;
}

/**
 * Whether the configuration was changed since a run, so that nothing of what was broken is known to be: the next run
 * tells.
 */
export function isReplacedSince({ replaced, broken }: RunFacts, cause: Cause): boolean {
  return replaced.length > 0 && broken.length === 0 && MAY_BE_REPLACED.has(cause);
}

const MAY_BE_REPLACED: ReadonlySet<Cause> = new Set<Cause>(['selectors_stopped', 'config_changed']);

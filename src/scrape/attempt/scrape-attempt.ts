import { rmSync } from 'node:fs';
import { pluralize } from '../../core/lib/text.ts';
import type { Check } from '../../core/model/check.ts';
import type { JobDefinition } from '../../core/model/definition.ts';
import { formatDifferences, hasDifferences, type RunDifferences } from '../../core/model/differences.ts';
import { mergeExpectations } from '../../core/model/expectations.ts';
import type { AttemptResult } from '../../core/model/run-record.ts';
import { compareWithLast } from '../../core/quality/compare-with-last.ts';
import { brokenRowsFile } from '../../core/runs/run-files.ts';
import { getChangeRules } from '../config/changes.ts';
import { getFetchTimeFields } from '../config/config-fields.ts';
import { assertChecksPassed, getStatsOptions } from '../crawl/evaluate-checks.ts';
import { type ScrapeRequest, type ScrapeResult, scrape } from '../crawl/pipeline.ts';
import { ScrapeStats } from '../crawl/scrape-stats.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { runChecks, runEmptyResultChecks } from './run-checks.ts';
import type { Attempt } from './run-log.ts';
import { saveFindings, tryOrLog } from './save-findings.ts';

/** Larger runs are not compared when the job has no `on_change` command. */
const MAX_COMPARED_ITEMS = 100_000;

/**
 * Scrapes, checks the results, and writes them out if they pass. What the selectors matched is saved in any case.
 * @param overdue settles when the attempt should no longer be waited for
 * @param execute fetches and exports the rows; default: {@link scrape}
 * @returns `undefined` in that case
 * @throws the error that ended it, unless the results themselves are the failure
 */
export async function runAttempt(
  attempt: Attempt,
  definition: Pick<JobDefinition, 'expect' | 'on_change'>,
  request: ScrapeRequest,
  overdue: Promise<void>,
  execute: (request: ScrapeRequest, stats: ScrapeStats) => Promise<ScrapeResult> = scrape,
): Promise<AttemptResult | undefined> {
  const { log } = attempt;
  const expect = mergeExpectations(request.config.expect, definition.expect);
  const usualSince = Date.parse(definition.expect?.usual_since ?? '') || 0;
  const { variables = [] } = request;
  const config = { ...request.config, expect, usualSince, variables };
  const stats = new ScrapeStats(getStatsOptions(expect));
  // Those of an earlier attempt are not of this one.
  rmSync(brokenRowsFile(request.stagingFile), { force: true });
  let checks: Check[] = [];
  let changes: RunDifferences | null = null;
  const beforeOutput = async () => {
    checks = await runChecks(attempt, config, stats);
    assertChecksPassed(checks, describeNextSteps(checks));
    changes = await compareWithPreviousRun(attempt, stats.items, definition, request);
  };
  try {
    const result = await Promise.race([
      execute({ ...request, config, beforeOutput }, stats),
      overdue.then(() => undefined),
    ]);
    await saveFindings(attempt, config, stats, checks, result !== undefined);
    if (result === undefined) return undefined;
    const { items, pages, output_path: outputPath, output_format: outputFormat } = result;
    log.line(
      'info',
      `${pluralize(items, 'item')} from ${pluralize(pages, 'page')} → ${outputPath ?? 'no file'}`,
    );
    return { outcome: 'succeeded', error: null, outputPath, outputFormat, checks, changes };
  } catch (error) {
    const page = await saveFindings(attempt, config, stats, checks, false);
    if (!(error instanceof ScrapeError) || !FINDING_KINDS.includes(error.kind)) throw error;
    if (error.kind === 'no_items') {
      const empty = () => Promise.resolve(runEmptyResultChecks(attempt, config, stats));
      checks = (await tryOrLog(log, 'the check', empty)) ?? [];
    }
    // A retry would find the same data a minute later, and would delay the alert.
    const isFinal = error.kind === 'check_failed' && definition.expect?.retry !== true;
    return { ...log.toFailure(withSavedPage(error, page)), checks, isFinal };
  }
}

/** Failures that the results themselves cause. */
const FINDING_KINDS: readonly string[] = ['no_items', 'check_failed'];

/** Adds the saved page's path to a failure that the page may explain. */
function withSavedPage(error: ScrapeError, file: string | undefined): ScrapeError {
  if (file === undefined) return error;
  const { kind, message, url, hint = '' } = error;
  return new ScrapeError(kind, message, {
    ...(url !== undefined && { url }),
    hint: `${hint} The page as it was received: ${file}`.trim(),
  });
}

/** Names no command: the message is stored, and is shown by programs that know other ones. */
function describeNextSteps(checks: readonly Check[]): string {
  const isDrop = checks.some(
    ({ check, passed }) => (check === 'max_drop_percent' || check === 'likely_broken') && !passed,
  );
  const accept = isDrop ? ' If this is normal from now on, set expect.usual_since of the job to now.' : '';
  const areRules = checks.some(({ check, passed }) => check === 'fields' && !passed);
  const rows = areRules
    ? ' The run keeps the rows that break rules; expect.max_broken_percent lets some pass.'
    : '';
  return `The output was not written and stays unchanged.${rows}${accept}`;
}

/** A failed comparison is only logged: the run is valid without it. */
async function compareWithPreviousRun(
  { workspace, run, log }: Attempt,
  items: number,
  { on_change }: Pick<JobDefinition, 'on_change'>,
  { config, signal }: Pick<ScrapeRequest, 'config' | 'signal'>,
): Promise<RunDifferences | null> {
  const maxItems = on_change === null ? MAX_COMPARED_ITEMS : Number.POSITIVE_INFINITY;
  try {
    const found = await compareWithLast(
      workspace,
      { ...run, items },
      { rules: getChangeRules(config), fetchTimes: getFetchTimeFields(config), maxItems, signal },
    );
    if (found === null) return null;
    const { changes, doubts } = found;
    const description = hasDifferences(changes) ? formatDifferences(changes) : 'nothing has changed';
    log.line('info', `since run ${changes.with_run_id}: ${description}`);
    for (const doubt of doubts) log.line('warn', doubt);
    return changes;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!signal.aborted) log.line('warn', `the changes since the last run cannot be determined: ${message}`);
    return null;
  }
}

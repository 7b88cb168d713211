import { type Check, failedWords } from '../../core/run/check.ts';
import { emptyRunCheck } from '../../core/run/check-run.ts';
import type { RunRecord } from '../../core/run/record.ts';
import type { SelectorFindings } from '../../core/run/selector-findings.ts';
import { usuallyFound } from '../../core/run/selector-history.ts';
import { withSuspects } from '../../core/run/suspect.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { ScrapeConfig } from '../config/schema.ts';
import { checksOf } from '../judge.ts';
import type { Tally } from '../tally.ts';
import { findingsOf } from './keep-findings.ts';
import { fitForLog, logLine } from './run-log.ts';

/** A configuration as far as it is judged, with what holds for the run in `expect`. */
type Judged = Pick<ScrapeConfig, 'selectors' | 'follow' | 'item' | 'pagination' | 'expect'> & {
  /** Since when good runs say what is usual, epoch milliseconds. */
  usualSince: number;
};

/** Holds what an attempt has found against what is expected of it, and against what the job's good runs found. */
export function judgeRun(workspace: Workspace, run: RunRecord, config: Judged, tally: Tally): Check[] {
  // Most jobs expect nothing: their outcome hangs on no look at earlier runs.
  if (Object.keys(config.expect).length === 0) return [];
  const usual = usuallyFound(workspace, run, config.usualSince);
  const findings = findingsOf(workspace, run, config, tally);
  const checks = suspecting(checksOf(config.expect, config, tally, usual), findings, usual, config);
  logChecks(checks);
  return checks;
}

/** The same for an attempt without a single item. */
export function judgeEmptyRun(workspace: Workspace, run: RunRecord, config: Judged, tally: Tally): Check[] {
  const usual = usuallyFound(workspace, run, config.usualSince);
  return suspecting([emptyRunCheck(usual)], findingsOf(workspace, run, config, tally), usual, config);
}

function suspecting(
  checks: readonly Check[],
  findings: SelectorFindings,
  { pages }: Pick<ReturnType<typeof usuallyFound>, 'pages'>,
  { item, pagination }: Judged,
): Check[] {
  return withSuspects(checks, findings, pages, {
    item: item === undefined ? null : fitForLog(item),
    nextPage: pagination.type === 'next_button' ? fitForLog(pagination.selector) : null,
  }).map((check) => ({ ...check, message: fitForLog(check.message) }));
}

function logChecks(checks: readonly Check[]): void {
  const passed = checks.filter((check) => check.passed).length;
  if (passed > 0) logLine('info', `${passed} of ${checks.length} checks passed`);
  const failed = failedWords(checks);
  if (failed !== '') logLine('warn', `checks failed: ${failed}`);
}

import type { AttemptResult, RunError } from '../../core/model/run-record.ts';
import type { ScrapeErrorKind } from '../lib/scrape-error.ts';
import type { RunLog } from './run-log.ts';
import type { StopReason } from './stop-signal.ts';

/** Failures that the site caused, and not this process. */
const ORDINARY_FAILURES: readonly string[] = [
  ...(['network', 'http', 'robots', 'sign_in', 'blocked_address', 'too_large'] satisfies ScrapeErrorKind[]),
  ...(['timeout', 'redirect', 'no_items', 'check_failed'] satisfies ScrapeErrorKind[]),
];

/** Whether a failure says nothing about this process, which may execute further runs. */
export function isOrdinaryFailure(error: RunError | null): boolean {
  return ORDINARY_FAILURES.includes(error?.kind ?? '');
}

/** The outcome of an attempt that was asked to stop. */
export function toStopResult(log: Pick<RunLog, 'createFailure'>, reason: StopReason): AttemptResult {
  if (reason === 'timeout')
    return {
      outcome: 'timed_out',
      error: { kind: 'timeout', message: 'the run took longer than the job allows (timeout)' },
    };
  // If the run was cancelled, its row says so, and the outcome becomes `cancelled`.
  return log.createFailure('terminated', 'the worker was asked to stop before the run had finished');
}

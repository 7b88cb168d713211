import type { RunOutput } from '../../../core/operations/run-output.ts';

/**
 * The failed checks of a run, one line each. Empty when they are the run's error, because the error already states
 * them.
 */
export function describeFailedChecks({ error, checks }: Pick<RunOutput, 'error' | 'checks'>): string[] {
  if (error?.kind === 'check_failed') return [];
  return checks.filter(({ passed }) => !passed).map(({ message }) => message);
}

/** The results of a run's checks against the job's expectations; `null` when it has no checks. */
export function describeChecks(checks: RunOutput['checks']): string | null {
  if (checks.length === 0) return null;
  const failed = checks.filter(({ passed }) => !passed);
  if (failed.length === 0) return checks.length === 1 ? '1 passed' : `all ${checks.length} passed`;
  const names = failed.map(({ check, field }) => (field === null ? check : `${check} of ${field}`));
  return `${failed.length} of ${checks.length} failed: ${names.join(', ')}`;
}

import type { RunOutput } from '../../../core/operations/run-output.ts';

/** What is wrong by the checks of a run, a line each. Where they are why it failed, its error says it already. */
export function describeFailedChecks({ error, checks }: Pick<RunOutput, 'error' | 'checks'>): string[] {
  if (error?.kind === 'check_failed') return [];
  return checks.filter(({ passed }) => !passed).map(({ message }) => message);
}

/** How a run held up against what its job expects; `null` when that is nothing. */
export function describeChecks(checks: RunOutput['checks']): string | null {
  if (checks.length === 0) return null;
  const failed = checks.filter(({ passed }) => !passed);
  if (failed.length === 0) return checks.length === 1 ? '1 passed' : `all ${checks.length} passed`;
  const names = failed.map(({ check, field }) => (field === null ? check : `${check} of ${field}`));
  return `${failed.length} of ${checks.length} failed: ${names.join(', ')}`;
}

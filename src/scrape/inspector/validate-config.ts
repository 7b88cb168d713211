import { readHomeEnvironment } from '../../core/configs/home-environment.ts';
import type { CheckRequest, CheckResponse } from '../../core/configs/scraper-protocol.ts';
import { resolveHome } from '../../core/fs/paths.ts';
import type { Issue } from '../../core/lib/errors.ts';
import { changeConfig } from '../config/change-config.ts';
import { type ConfigIssue, examineConfig, invalidConfig } from '../config/parse-config.ts';

/** A hostile text could have thousands. */
const MAX_WARNINGS = 100;

/**
 * Validates a configuration. A problem that exists only with the current values of variables is a warning, as an unset
 * variable is: the run may have other values. Such an error could also reveal a value to a client that may not see it.
 * Changes are made first, so that exactly the text that is stored or tried is validated.
 * @throws QuickscrapeError `invalid_config` with all errors, in the order of their lines; `invalid_params` for a change
 *   that cannot be made
 */
export function validateConfig({
  changes,
  name,
  home,
  for_run: forRun,
  ...given
}: CheckRequest): CheckResponse {
  const yaml = changes === undefined ? given.yaml : changeConfig(given.yaml, name, changes);
  const env = home === undefined ? process.env : readHomeEnvironment(resolveHome({ home })).env;
  const { issues, facts } = examineConfig(yaml, name, env, { forRun });
  const found = onlyErrors(issues);
  const errors =
    facts?.variables.length && found.length > 0 ? errorsWithoutValues(yaml, name, forRun) : found;
  if (facts === null || errors.length > 0) throw invalidConfig(name, errors);
  const warnings = issues.map(toIssue).slice(0, MAX_WARNINGS);
  return { warnings, facts, ...(changes !== undefined && { yaml }) };
}

function errorsWithoutValues(yaml: string, name: string, forRun?: boolean): Issue[] {
  return onlyErrors(examineConfig(yaml, name, {}, { forRun }).issues);
}

function onlyErrors(issues: readonly ConfigIssue[]): Issue[] {
  return issues.filter(({ severity }) => severity === 'error').map(toIssue);
}

function toIssue({ severity: _, isUnsetVariable: __, ...issue }: ConfigIssue): Issue {
  return issue;
}

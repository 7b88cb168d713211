import { resolve, sep } from 'node:path';
import { readHomeEnvironment } from '../../core/configs/home-environment.ts';
import type { CheckRequest, CheckResponse } from '../../core/configs/scraper-protocol.ts';
import { type HomePaths, resolveHome } from '../../core/fs/paths.ts';
import { realPath } from '../../core/fs/symlinks.ts';
import type { Issue } from '../../core/lib/errors.ts';
import { type SurveyedText, surveyUrlsFrom } from '../addresses/survey-urls-from.ts';
import { changeConfig } from '../config/change-config.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { type ConfigIssue, examineConfig, invalidConfig } from '../config/parse-config.ts';
import { filesOf } from '../config/urls-from.ts';
import { getPrivateHosts } from '../lib/address-policy.ts';

/** A hostile text could have thousands. */
const MAX_WARNINGS = 100;

/**
 * Validates a configuration. A problem that exists only with the current values of variables is a warning, as an unset
 * variable is: the run may have other values. Such an error could also reveal a value to a client that may not see it.
 * Changes are made first, so that exactly the text that is stored or tried is validated.
 * @throws QuickscrapeError `invalid_config` with all errors, in the order of their lines; `invalid_params` for a change
 *   that cannot be made
 */
export async function validateConfig({
  changes,
  name,
  home,
  for_run: forRun,
  ...given
}: CheckRequest): Promise<CheckResponse> {
  const yaml = changes === undefined ? given.yaml : changeConfig(given.yaml, name, changes);
  const paths = home === undefined ? undefined : resolveHome({ home });
  const env = paths === undefined ? process.env : readHomeEnvironment(paths).env;
  const { issues, facts, config, redact } = examineConfig(yaml, name, env, { forRun });
  const own = onlyErrors(issues);
  const errors = facts?.variables.length && own.length > 0 ? errorsWithoutValues(yaml, name, forRun) : own;
  if (facts === null || errors.length > 0) throw invalidConfig(name, errors);
  const found = await surveyOwnFiles(config, paths, { yaml, file: name, redact });
  const warnings = [...issues.map(toIssue), ...found.warnings].slice(0, MAX_WARNINGS);
  // Addresses with variables are redacted, so that hosts with values of these are left to the run.
  const hosts = facts.variables.length > 0 ? [] : getPrivateHosts(found.origins, []);
  const privateHosts = [...new Set([...facts.privateHosts, ...hosts])];
  return { warnings, facts: { ...facts, privateHosts }, ...(changes !== undefined && { yaml }) };
}

/**
 * Lists the addresses of a file in the folder of the configurations. A client may not know whether there are other
 * files, and what they hold.
 */
async function surveyOwnFiles(
  config: ScrapeConfig | undefined,
  paths: HomePaths | undefined,
  text: SurveyedText,
): Promise<{ origins: string[]; warnings: Issue[] }> {
  const { urls_from: source } = config ?? {};
  if (source === undefined || paths === undefined) return { origins: [], warnings: [] };
  const configs = realPath(paths.configs) + sep;
  const isOwn = (file: string) => realPath(resolve(paths.configs, file)).startsWith(configs);
  if (!filesOf(source).every(isOwn)) return { origins: [], warnings: [] };
  return surveyUrlsFrom({ urls_from: source }, { folders: { folder: paths.configs, paths } }, text);
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

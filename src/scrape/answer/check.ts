import type { CheckAnswer } from '../../core/config/scraper-questions.ts';
import type { Issue } from '../../core/errors.ts';
import { type ConfigIssue, examineConfig, invalidConfig } from '../config/parse.ts';

/** A hostile text could have thousands. */
const MOST_WARNINGS = 100;

/** @throws QuickscrapeError `invalid_config` with all that is wrong, in the order of the lines */
export function checkedConfig(yaml: string, name: string): CheckAnswer {
  const { issues, facts } = examineConfig(yaml, name);
  const found = (wanted: ConfigIssue['severity']): Issue[] =>
    issues.filter(({ severity }) => severity === wanted).map(({ severity: _, ...issue }) => issue);
  const errors = found('error');
  if (facts === null || errors.length > 0) throw invalidConfig(name, errors);
  return { warnings: found('warning').slice(0, MOST_WARNINGS), facts };
}

import { type Issue, QuickscrapeError } from '../../core/errors.ts';
import { type Redact, redactIssue, redactor } from '../redact.ts';
import { advise, eitherOr } from './cross-checks.ts';
import { type Environment, fillIn } from './environment.ts';
import { explain } from './explain.ts';
import { type Finding, formatIssue, formatPath } from './place.ts';
import { completeConfig, configSchema, type ScrapeConfig } from './schema.ts';
import { readYamlText } from './yaml-text.ts';

/** An issue of {@link checkConfig}: a warning does not keep the configuration from running. */
export interface ConfigIssue extends Issue {
  severity: 'error' | 'warning';
}

/**
 * Reads a configuration for a run.
 * @param yaml the text, at most 64 KB of YAML 1.2
 * @param file name shown in messages; it is not read
 * @param env where `${NAME}` in text values comes from
 * @throws QuickscrapeError `invalid_config`, whose message is the first problem (`books.yaml:11:9: pagination.type: …`)
 *   and whose `issues` are all of them. A variable that is not set is one. No message holds a variable's value.
 */
export function parseConfig(
  yaml: string,
  file: string,
  env: Environment = process.env,
): { config: ScrapeConfig; warnings: Issue[]; redact: Redact } {
  const { config, errors, unset, warnings, redact } = inspect(yaml, file, env);
  const issues = [...unset, ...errors].sort(byPlace);
  if (config !== undefined && issues.length === 0) return { config, warnings, redact };
  const [first] = issues;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  const summary = first === undefined ? `${file}: cannot be used` : formatIssue(first);
  throw new QuickscrapeError('invalid_config', `${summary}${more}`, {
    ...(first !== undefined && { field: first.path }),
    ...(first?.hint !== undefined && { hint: first.hint }),
    issues,
  });
}

/**
 * Everything that can be said about a configuration without running it, in the order of the lines. A variable that is
 * not set is a warning here: the run may have it.
 */
export function checkConfig(yaml: string, file: string, env: Environment = process.env): ConfigIssue[] {
  const { errors, unset, warnings } = inspect(yaml, file, env);
  return [
    ...errors.map((issue) => ({ ...issue, severity: 'error' as const })),
    ...[...unset, ...warnings].map((issue) => ({ ...issue, severity: 'warning' as const })),
  ].sort(byPlace);
}

interface Inspection {
  config?: ScrapeConfig;
  errors: Issue[];
  /** Variables that are not set; what is wrong with their values is not in `errors`. */
  unset: Issue[];
  warnings: Issue[];
  /** Takes what was filled in for variables out of a text. */
  redact: Redact;
}

function inspect(yaml: string, file: string, env: Environment): Inspection {
  const text = readYamlText(yaml, file);
  const { value: raw, locate, warnings } = text;
  if (raw === undefined) return { errors: text.issues, unset: [], warnings, redact: (text) => text };
  const filled = fillIn(raw, env);
  const redact = redactor(filled.used);
  const told = (finding: Finding) => redactIssue(locate(finding), redact);
  const parsed = configSchema.safeParse(filled.value);
  const unknown = new Set([...filled.unset, ...filled.invalid].map(({ path }) => formatPath(path)));
  const findings: Finding[] = [
    ...filled.invalid,
    ...eitherOr(raw),
    ...(parsed.error?.issues ?? [])
      .flatMap((issue) => explain(issue, raw))
      .filter(({ path }) => !unknown.has(formatPath(path))),
  ];
  const found = { errors: findings.map(told), unset: filled.unset.map(locate), warnings, redact };
  if (parsed.data === undefined || findings.length > 0) return found;
  const config = completeConfig(parsed.data);
  return { ...found, config, warnings: [...warnings, ...advise(config).map(told)] };
}

function byPlace(a: Issue, b: Issue): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

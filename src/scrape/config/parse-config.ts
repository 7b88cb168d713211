import type { ConfigAccess } from '../../core/configs/config-access.ts';
import type { Environment } from '../../core/configs/home-environment.ts';
import { type Issue, QuickscrapeError } from '../../core/lib/errors.ts';
import { asRecord } from '../../core/lib/json.ts';
import type { Redact } from '../../core/lib/redact.ts';
import {
  type ParamDeclarations,
  type ParamValues,
  readDeclarations,
  resolveParams,
  sampleParam,
} from '../../core/model/params.ts';
import { redactIssue } from '../lib/redact.ts';
import { checkChanges, checkOnlyRows, warnChanges } from './changes.ts';
import { checkCrawl, warnCrawl } from './check-crawl.ts';
import { checkDataSelectors } from './check-data.ts';
import { checkHistory } from './check-history.ts';
import { warnPlaceholders } from './check-placeholders.ts';
import { checkRequest } from './check-request.ts';
import { checkTable } from './check-table.ts';
import { checkUrlsFrom } from './check-urls-from.ts';
import { checkValueRules } from './check-value-rules.ts';
import { listChoiceAddresses } from './choice-hosts.ts';
import { collectFacts } from './config-facts.ts';
import { createConfigRedactors, isWithin } from './config-redactors.ts';
import { completeConfig, configSchema, type ScrapeConfig } from './config-schema.ts';
import { checkExclusiveKeys, checkRowFields, findOneWordHosts, findWarnings } from './cross-checks.ts';
import { explainIssue } from './explain-issue.ts';
import { type Finding, formatIssue, formatPath, type Path } from './issue-location.ts';
import { checkOutputParams, type ExpandedTree, expandVariables } from './variables.ts';
import { parseYamlText } from './yaml-text.ts';

/** An issue of {@link checkConfig}. A configuration with only warnings can be saved and run. */
export interface ConfigIssue extends Issue {
  severity: 'error' | 'warning';
  /** It is a variable that is not set here; it may be set for the run. */
  isUnsetVariable?: true;
}

/** Values of parameters, as a job gives them. */
type GivenParams = Readonly<Record<string, unknown>>;

/** A configuration that can run. */
interface Parsed {
  config: ScrapeConfig;
  warnings: Issue[];
  /** Removes variables' values and passwords from a text. */
  redact: Redact;
  /**
   * The same for texts shown to the author of the configuration. The author's own words stay: otherwise a missing word
   * would confirm a guessed secret.
   */
  redactSparing: Redact;
  /** Removes variables' values and passwords from addresses in rows, which keep other secrets of the text. */
  unfill: Redact;
  /** Values filled in, by variable. */
  values: Record<string, string>;
  /** Secrets that are written in the text, by a name that stands for each. */
  written: Record<string, string>;
  /** Whether a variable is named where a selector or a pattern may be, and not only in what requests send. */
  hasFilledPatterns: boolean;
}

/**
 * Parses a configuration for a run.
 * @param yaml the text, at most 2 MB of YAML 1.2
 * @param file name for messages; it is not read
 * @param env values of `${NAME}` in text values
 * @param given values of `${params.name}`; those that are left out have their defaults
 * @throws QuickscrapeError `invalid_config`. Its message is the first problem (`books.yaml:11:9: pagination.type: …`),
 *   its `issues` are all of them. A variable that is not set is a problem, too. No message contains a variable's value.
 *   `invalid_params` for values that do not fit the declared parameters.
 */
export function parseConfig(
  yaml: string,
  file: string,
  env: Environment = process.env,
  given: GivenParams = {},
): Parsed {
  const {
    config,
    errors,
    unset,
    unsaved,
    redact,
    redactSparing,
    unfill = redact,
    values = {},
    written = {},
    hasFilledPatterns = false,
    ...text
  } = inspect(yaml, file, env, { fill: (declared) => resolveParams(declared, given) });
  const issues = [...unset, ...errors].sort(compareLocations);
  const warnings = [...unsaved, ...text.warnings];
  if (config !== undefined && issues.length === 0)
    return { config, warnings, redact, redactSparing, unfill, values, written, hasFilledPatterns };
  throw invalidConfig(file, issues);
}

/**
 * Parses the parts of a configuration that extract from a page, for a page that is already there. Where pages come from
 * and how they are fetched is not checked, and no variable is filled in. A parameter without a value has a made-up one.
 * @throws QuickscrapeError `invalid_config` like {@link parseConfig}
 */
export function parseExtraction(
  yaml: string,
  file: string,
  given: GivenParams = {},
): { config: ScrapeConfig; warnings: Issue[] } {
  const { config, errors, unset, warnings } = inspect(
    yaml,
    file,
    {},
    {
      partOf: keepExtractionKeys,
      fill: (declared) => resolveParams(declared, { ...sampleParams(declared), ...given }),
    },
  );
  const issues = [...unset.map(withoutVariables), ...errors].sort(compareLocations);
  if (config !== undefined && issues.length === 0) return { config, warnings };
  throw invalidConfig(file, issues);
}

/** Returns the values that a configuration fills in, by variable, whether or not it can run. */
export function getVariableValues(yaml: string, file: string, env: Environment): Record<string, string> {
  return inspect(yaml, file, env).values ?? {};
}

/** How a text is checked. */
interface CheckOptions {
  /** Check the text for a run and not for saving: problems that prevent only saving become warnings. */
  forRun?: boolean | undefined;
}

/**
 * Returns all issues that can be found without running a configuration, in the order of the lines. An unset variable is
 * only a warning here, because it may be set for the run.
 */
export function checkConfig(
  yaml: string,
  file: string,
  env: Environment = process.env,
  options: CheckOptions = {},
): ConfigIssue[] {
  return examineConfig(yaml, file, env, options).issues;
}

/**
 * Like {@link checkConfig}, and also returns what the configuration would reach; null if it cannot be parsed. `config` is
 * what a run would have now, and `redact` removes its secrets from texts.
 */
export function examineConfig(
  yaml: string,
  file: string,
  env: Environment = process.env,
  { forRun = false }: CheckOptions = {},
): { issues: ConfigIssue[]; facts: ConfigAccess | null; config?: ScrapeConfig; redact: Redact } {
  const { errors, unset, unsaved, warnings, facts = null, config, redact } = inspect(yaml, file, env);
  const refused = forRun ? errors : [...errors, ...unsaved];
  const allowed = forRun ? [...unsaved, ...warnings] : warnings;
  const issues = [
    ...refused.map((issue) => ({ ...issue, severity: 'error' as const })),
    ...unset.map((issue) => ({ ...issue, severity: 'warning' as const, isUnsetVariable: true as const })),
    ...allowed.map((issue) => ({ ...issue, severity: 'warning' as const })),
  ];
  const isReady = config !== undefined && unset.length === 0;
  return { issues: issues.sort(compareLocations), facts, redact, ...(isReady && { config }) };
}

/** Creates the error for an unusable configuration: its message is the first issue, its `issues` are all of them. */
export function invalidConfig(file: string, issues: Issue[]): QuickscrapeError {
  const [first] = issues;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  const summary = first === undefined ? `${file}: cannot be used` : formatIssue(first);
  return new QuickscrapeError('invalid_config', `${summary}${more}`, {
    ...(first !== undefined && { field: first.path }),
    ...(first?.hint !== undefined && { hint: first.hint }),
    issues,
  });
}

interface Inspection {
  config?: ScrapeConfig;
  facts?: ConfigAccess;
  errors: Issue[];
  /** Variables that are not set. `errors` holds no problems about their values. */
  unset: Issue[];
  /** Problems that prevent saving, but not running. */
  unsaved: Issue[];
  warnings: Issue[];
  redact: Redact;
  redactSparing: Redact;
  /** Values filled in, by variable. */
  unfill?: Redact;
  values?: Record<string, string>;
  written?: Record<string, string>;
  hasFilledPatterns?: boolean;
}

type Tree = Record<string, unknown>;

interface InspectOptions {
  /** The part of the tree that counts. */
  partOf?(tree: Tree): Tree;
  /** Gives the declared parameters their values; default: made-up ones, because each job has its own. */
  fill?(declared: ParamDeclarations): ParamValues;
}

function sampleParams(declared: ParamDeclarations): ParamValues {
  return Object.fromEntries(Object.entries(declared).map(([name, one]) => [name, sampleParam(one)]));
}

function inspect(
  yaml: string,
  file: string,
  env: Environment,
  { partOf = (tree) => tree, fill = sampleParams }: InspectOptions = {},
): Inspection {
  const text = parseYamlText(yaml, file);
  const { locate, warnings } = text;
  const raw = text.value && partOf(text.value);
  const same = (text: string) => text;
  if (raw === undefined)
    return { errors: text.issues, unset: [], unsaved: [], warnings, redact: same, redactSparing: same };
  // A wrong declaration is reported by the schema.
  const declared = readDeclarations(raw['params']);
  const params = { declared, values: fill(declared ?? {}) };
  const filled = expandVariables(raw, env, params);
  const { redact, redactSparing, redactAt, unfill, written } = createConfigRedactors(raw, yaml, filled.used);
  const told = (finding: Finding) =>
    redactIssue(locate(finding), isFilledIn(finding.path, filled) ? redact : redactAt(finding.path));
  const parsed = parseFilled(filled);
  const unknown = new Set([...filled.unset, ...filled.invalid].map(({ path }) => formatPath(path)));
  const findings: Finding[] = [
    ...filled.invalid,
    ...checkOutputParams(raw, declared),
    ...checkExclusiveKeys(raw),
    ...checkRowFields(raw),
    ...checkChanges(raw),
    ...checkOnlyRows(raw),
    ...checkHistory(raw),
    ...checkDataSelectors(raw),
    ...checkTable(raw),
    ...checkUrlsFrom(raw),
    ...checkRequest(raw),
    ...checkValueRules(raw),
    ...checkCrawl(raw),
    ...(parsed.error?.issues ?? [])
      .flatMap((issue) => explainIssue(issue, raw))
      .filter(({ path }) => !unknown.has(formatPath(path))),
  ];
  const facts = collectFacts(raw, filled, redact, yaml, listChoiceAddresses(raw, env, params));
  const found = {
    errors: findings.map(told),
    unset: filled.unset.map(locate),
    unsaved: findOneWordHosts(raw).map(told),
    warnings,
    redact,
    redactSparing,
    facts,
    values: filled.used,
    written,
    unfill,
    hasFilledPatterns: filled.references.some(({ path }) => mayBePattern(path)),
  };
  if (parsed.data === undefined || findings.length > 0) return found;
  const filled_headers = getFilledHeaders(filled, parsed.data.user_agent !== undefined);
  const config = {
    ...completeConfig(parsed.data),
    ...(Object.keys(params.values).length > 0 && { params: params.values }),
    ...(filled_headers.length > 0 && { filled_headers }),
  };
  return {
    ...found,
    config,
    warnings: [
      ...warnings,
      ...[
        ...findWarnings(config, raw),
        ...warnChanges(config),
        ...warnPlaceholders(config, raw),
        ...warnCrawl(config, raw),
      ].map(told),
    ],
  };
}

/** Where a number or a boolean does not fit, the parameter was meant as a text. */
function parseFilled({ value, typed }: ExpandedTree) {
  const parsed = configSchema.safeParse(value);
  const misfits = typed.filter(({ path }) =>
    parsed.error?.issues.some((issue) => issue.path.every((step, at) => path[at] === step)),
  );
  if (misfits.length === 0) return parsed;
  const texts = new Map(misfits.map(({ path, text }) => [formatPath(path), text]));
  const withTexts = (tree: unknown, path: Path): unknown => {
    const text = texts.get(formatPath(path));
    if (text !== undefined) return text;
    if (Array.isArray(tree)) return tree.map((entry, index) => withTexts(entry, [...path, index]));
    if (typeof tree !== 'object' || tree === null) return tree;
    return Object.fromEntries(
      Object.entries(tree).map(([key, entry]) => [key, withTexts(entry, [...path, key])]),
    );
  };
  const again = configSchema.safeParse(withTexts(value, []));
  return again.success ? again : parsed;
}

/** Of the two places for a User-Agent, `user_agent` counts. */
function getFilledHeaders({ references }: Pick<ExpandedTree, 'references'>, hasUserAgent: boolean): string[] {
  return references.flatMap(({ path: [first, second, third] }) => {
    if (first === 'user_agent') return ['user-agent'];
    if (first === 'request') return second === 'headers' ? [String(third).toLowerCase()] : [];
    const name = String(second).toLowerCase();
    return first === 'headers' && !(hasUserAgent && name === 'user-agent') ? [name] : [];
  });
}

/** Keys whose values are sent with requests, or locate files. */
const REQUEST_KEYS = [
  'url',
  'urls',
  'urls_from',
  'headers',
  'request',
  'user_agent',
  'proxy',
  'ca',
  'authentication',
  'output',
];

function mayBePattern(path: Path): boolean {
  const isSent = REQUEST_KEYS.includes(String(path[0]));
  return !isSent || (path[0] !== 'request' && String(path.at(-1)).endsWith('selector'));
}

/** Whether a variable is named at the path, within it or around it. */
function isFilledIn(path: Path, { references }: Pick<ExpandedTree, 'references'>): boolean {
  return references.some((reference) => isWithin(reference.path, path));
}

/** Keys that say what to take from a page. */
const EXTRACTION_KEYS = [
  'params',
  'embedded',
  'table',
  'item',
  'selectors',
  'follow',
  'locale',
  'dedupe',
  'data_cleaning',
  'expect',
];

/**
 * The schema requires an address, but it is never fetched. Of the paginations only those are kept whose selector
 * reads the page.
 */
function keepExtractionKeys(tree: Tree): Tree {
  return {
    url: 'https://example.com/',
    ...Object.fromEntries(Object.entries(tree).filter(([key]) => EXTRACTION_KEYS.includes(key))),
    ...(readsPage(tree['pagination']) && { pagination: tree['pagination'] }),
    ...keyOfOutput(asRecord(tree['output'])),
  };
}

/** Its key names fields; where rows are written does not matter, and no variable is filled in. */
function keyOfOutput({ key }: Tree): Tree {
  return key === undefined || JSON.stringify(key).includes('${') ? {} : { output: { key } };
}

function readsPage(pagination: unknown): boolean {
  return ['next_button', 'cursor'].includes(String(asRecord(pagination)['type']));
}

function withoutVariables(issue: Issue): Issue {
  const hint = 'Write the value itself, or try the configuration on the live page.';
  return { ...issue, message: 'variables are not filled in for a saved page', hint };
}

function compareLocations(a: Issue, b: Issue): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

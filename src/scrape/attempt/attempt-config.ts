import { ClientRevisions } from '../../core/configs/client-revisions.ts';
import type { Environment } from '../../core/configs/home-environment.ts';
import type { Issue } from '../../core/lib/errors.ts';
import { type Conceal, createConcealer, type Redact } from '../../core/lib/redact.ts';
import type { ParamValues } from '../../core/model/params.ts';
import type { Settings } from '../../core/settings/settings.ts';
import type { Workspace } from '../../core/workspace.ts';
import { applySettings, type CompleteConfig } from '../config/config-schema.ts';
import { formatIssue } from '../config/issue-location.ts';
import { parseConfig } from '../config/parse-config.ts';
import { createConcealment, describeConcealment } from '../source/pages-request.ts';
import type { RunLog } from './run-log.ts';

/** The text of a configuration, as an attempt uses it. */
export interface ConfigSource {
  yaml: string;
  /** The file's name, for messages. */
  file: string;
  /** Whether a program saved it, whose selectors must not see the values of variables. */
  isClientText: boolean;
}

/** A configuration that is ready for an attempt. */
export interface AttemptConfig {
  config: CompleteConfig;
  /** Names of the variables that it uses, and of the secrets that are written in it. */
  variables: string[];
  /** Their values. */
  values: Record<string, string>;
  /** Whether a variable's value is part of a selector or pattern. */
  hasFilledPatterns: boolean;
  /** Replaces the values of variables by references. */
  unfill: Redact;
  /** Removes the values of variables from messages. */
  redact: Redact;
  /** Defined when the values of variables are concealed from the configuration's selectors. */
  concealment: ReturnType<typeof createConcealment>;
  /** Conceals the written secrets from these selectors, if nothing else is concealed. */
  concealPages: Conceal | undefined;
  /** Lines for the log: what is doubtful in the configuration, and how the values are concealed. */
  notes: { level: 'info' | 'warn'; text: string }[];
}

/**
 * Reads a configuration of the home.
 * @throws QuickscrapeError `config_not_found`, `store_unavailable`
 */
export function readConfigSource(workspace: Workspace, name: string): ConfigSource {
  const { yaml, file } = workspace.configs.read(name);
  // A client reads the results of its own configuration, so its selectors must not see the values of variables. What
  // a person's configuration takes from pages is not restricted.
  return { yaml, file, isClientText: new ClientRevisions(workspace.paths).hasText(yaml) };
}

/**
 * Parses a configuration and fills in its variables, its parameters and the settings. From then on, the log redacts the values.
 * @throws QuickscrapeError `invalid_config`; `invalid_params` for values that do not fit the declared parameters
 */
export function loadAttemptConfig(
  { yaml, file, isClientText }: ConfigSource,
  { env, doubts }: { env: Environment; doubts: readonly Issue[] },
  settings: Pick<Settings, 'get'>,
  log: Pick<RunLog, 'redactWith'>,
  params: ParamValues = {},
): AttemptConfig {
  const { config, warnings, values, written, hasFilledPatterns, ...text } = parseConfig(
    yaml,
    file,
    env,
    params,
  );
  const concealment = isClientText ? createConcealment(values, text.redactSparing, written) : undefined;
  const concealPages = isClientText && concealment === undefined ? createConcealer(written) : undefined;
  const redact = isClientText ? text.redactSparing : text.redact;
  log.redactWith(redact, concealment !== undefined || concealPages !== undefined);
  const notes: AttemptConfig['notes'] = [...doubts, ...warnings].map((issue) => ({
    level: 'warn',
    text: formatIssue(issue),
  }));
  if (concealment !== undefined || concealPages !== undefined)
    notes.push({ level: 'info', text: describeConcealment({ ...values, ...written }) });
  return {
    config: applySettings(config, settings),
    variables: Object.keys({ ...values, ...written }),
    values: { ...values, ...written },
    hasFilledPatterns,
    unfill: text.unfill,
    redact,
    concealment,
    concealPages,
    notes,
  };
}

export function logConfigNotes(log: Pick<RunLog, 'line'>, { notes }: AttemptConfig): void {
  for (const { level, text } of notes) log.line(level, text);
}

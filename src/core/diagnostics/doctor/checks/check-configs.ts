import { plainCommand } from '../../../lib/hints.ts';
import { formatLocation, pluralize, withField } from '../../../lib/text.ts';
import { createFindings, type Finding } from '../finding.ts';

export interface SettingsFacts {
  file: string;
  exists: boolean;
  /** Its error, with file, line and column. */
  error: string | undefined;
  /** Keys that are unknown to this version. */
  unknown: readonly string[];
}

/** Checks whether `settings.yaml` is valid and has only known keys. */
export function checkSettings(
  { file: where, exists, error, unknown }: SettingsFacts,
  command = plainCommand,
): Finding[] {
  const { ok, warning, problem } = createFindings('settings');
  if (error !== undefined) {
    return [
      problem(error, {
        where,
        fix: 'fix the file in an editor, or delete it to restore the defaults',
      }),
    ];
  }
  if (unknown.length > 0) {
    return [
      warning(`${unknown.join(', ')}: not known to this version, and without effect`, {
        where,
        fix: `${command('config list')} shows the settings that there are`,
      }),
    ];
  }
  return [exists ? ok('can be used', { where }) : ok('all settings have their defaults')];
}

/** A problem of a configuration, as the scraper reports it. */
export interface ConfigIssueFact {
  severity: 'error' | 'warning';
  /** The field, such as `output.format`; empty: the whole file. */
  path: string;
  message: string;
  line?: number | undefined;
  column?: number | undefined;
  hint?: string | undefined;
  /** It is a variable that is not set here. */
  isUnsetVariable?: boolean | undefined;
}

export interface ConfigFact {
  name: string;
  /** Relative to the home: `configs/books.yaml`. */
  file: string;
  /** Why it cannot be read. */
  error?: string | undefined;
  issues: readonly ConfigIssueFact[];
  /** Whether an enabled job uses it. */
  used: boolean;
}

/** Checks whether every configuration can run. An error in one that no enabled job uses is only a warning. */
export function checkConfigs(configs: readonly ConfigFact[], command = plainCommand): Finding[] {
  const { ok, warning, problem } = createFindings('configs');
  const findings = configs.flatMap((config): Finding[] => {
    const report = config.used ? problem : warning;
    if (config.error !== undefined) {
      return [report(config.error, { where: config.file, fix: 'fix the file, or move it away' })];
    }
    const errors = config.issues.filter(({ severity }) => severity === 'error');
    const [first] = errors;
    if (first) {
      const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
      const where = formatLocation(config.file, first.line, first.column);
      return [
        report(`${withField(first.path, first.message)}${more}`, {
          where,
          fix: first.hint ?? command(`validate ${config.name}`),
        }),
      ];
    }
    return config.issues
      .filter(({ isUnsetVariable }) => isUnsetVariable)
      .map(({ message, line, column, hint }) => {
        const where = formatLocation(config.file, line, column);
        return warning(`${message} here; the scheduler needs it too`, {
          where,
          fix: hint ?? 'set it before the scheduler starts',
        });
      });
  });
  return findings.length > 0 ? findings : [ok(pluralize(configs.length, 'valid configuration'))];
}

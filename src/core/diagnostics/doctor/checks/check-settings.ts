import { createFindings, type Finding } from '../finding.ts';

export interface SettingsFacts {
  file: string;
  exists: boolean;
  /** What is wrong with it, with file, line and column. */
  error: string | undefined;
  /** Keys that this version does not know. */
  unknown: readonly string[];
}

/** Whether `settings.yaml` says what it is meant to say. */
export function checkSettings({ file: where, exists, error, unknown }: SettingsFacts): Finding[] {
  const { ok, warning, problem } = createFindings('settings');
  if (error !== undefined) {
    return [
      problem(error, {
        where,
        fix: 'mend the file with an editor, or move it away to go back to the defaults',
      }),
    ];
  }
  if (unknown.length > 0) {
    return [
      warning(`${unknown.join(', ')}: not known to this version, and without effect`, {
        where,
        fix: 'quickscrape config list shows the settings that there are',
      }),
    ];
  }
  return [exists ? ok('can be used', { where }) : ok('all settings have their defaults')];
}

import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { HomePaths } from '../../fs/paths.ts';
import { SETTING_KEYS } from '../../settings/setting-rules.ts';
import { Settings } from '../../settings/settings.ts';
import type { SettingsFacts } from './checks/check-configs.ts';

/**
 * Reads `settings.yaml`; `minFreeMiB` is undefined when the file cannot be used. Requires libsql, because the code that
 * writes settings does.
 */
export function collectSettings(paths: HomePaths): {
  facts: SettingsFacts;
  minFreeMiB: number | undefined;
  browserPath: string | null;
} {
  const file = paths.settings;
  const exists = existsSync(file);
  try {
    const settings = new Settings(paths);
    const minFreeMiB = settings.get('min_free_space');
    return {
      facts: { file, exists, error: undefined, unknown: exists ? unknownKeys(file) : [] },
      minFreeMiB,
      browserPath: settings.get('browser_path'),
    };
  } catch (error) {
    return {
      facts: { file, exists, error: (error as Error).message, unknown: [] },
      minFreeMiB: undefined,
      browserPath: null,
    };
  }
}

function unknownKeys(file: string): string[] {
  const content: unknown = parse(readFileSync(file, 'utf8'), { logLevel: 'error' });
  const keys = typeof content === 'object' && content !== null ? Object.keys(content) : [];
  return keys.filter((key) => !(SETTING_KEYS as readonly string[]).includes(key));
}

import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { HomePaths } from '../../fs/paths.ts';
import { SETTING_KEYS } from '../../settings/setting-rules.ts';
import { Settings } from '../../settings/settings.ts';
import type { SettingsFacts } from './checks/check-configs.ts';
import type { WorkersFacts } from './checks/check-workers.ts';

/** The settings about workers on other machines. */
type ExecutorSettings = NonNullable<WorkersFacts['settings']> & { lostAfterMs: number };

/**
 * Reads `settings.yaml`; `minFreeMiB` is undefined when the file cannot be used. Requires libsql, because the code that
 * writes settings does.
 */
export function collectSettings(paths: HomePaths): {
  facts: SettingsFacts;
  minFreeMiB: number | undefined;
  browserPath: string | null;
  /** `undefined` when the file cannot be used. */
  executor: ExecutorSettings | undefined;
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
      executor: {
        executor: settings.get('executor'),
        redis: settings.get('executor_redis'),
        slots: settings.get('max_concurrent_runs'),
        lostAfterMs: settings.get('worker_lost_after') * 1000,
      },
    };
  } catch (error) {
    return {
      facts: { file, exists, error: (error as Error).message, unknown: [] },
      minFreeMiB: undefined,
      browserPath: null,
      executor: undefined,
    };
  }
}

function unknownKeys(file: string): string[] {
  const content: unknown = parse(readFileSync(file, 'utf8'), { logLevel: 'error' });
  const keys = typeof content === 'object' && content !== null ? Object.keys(content) : [];
  return keys.filter((key) => !(SETTING_KEYS as readonly string[]).includes(key));
}

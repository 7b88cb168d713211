import { basename } from 'node:path';
import { parse } from 'yaml';
import { ConfigStore } from '../../configs/config-store.ts';
import type { HomePaths } from '../../fs/paths.ts';
import type { ConfigFact, ConfigIssueFact } from './checks/check-configs.ts';

/** Validates a configuration. The scraper provides it, because the core does not validate configurations. */
export type ConfigValidator = (yaml: string, file: string) => readonly ConfigIssueFact[];

export interface CollectedConfigs {
  configs: ConfigFact[];
  /** Names of the configurations that need a browser. */
  browsers: string[];
}

/** @param used names of the configurations that enabled jobs need */
export function collectConfigs(
  paths: HomePaths,
  used: ReadonlySet<string>,
  validate: ConfigValidator,
): CollectedConfigs {
  const store = new ConfigStore(paths);
  const browsers: string[] = [];
  const configs = store.list().map(({ name, file }): ConfigFact => {
    const base = { name, file: `${basename(paths.configs)}/${basename(file)}`, used: used.has(name) };
    try {
      const { yaml } = store.read(name);
      if (usesBrowser(yaml)) browsers.push(name);
      return { ...base, issues: validate(yaml, file) };
    } catch (error) {
      return { ...base, issues: [], error: (error as Error).message };
    }
  });
  return { configs, browsers };
}

function usesBrowser(yaml: string): boolean {
  try {
    const config: unknown = parse(yaml);
    if (typeof config !== 'object' || config === null) return false;
    const { backend, pagination } = config as { backend?: unknown; pagination?: { type?: unknown } | null };
    return (
      ['browser', 'playwright'].includes(String(backend)) ||
      ['load_more', 'infinite_scroll'].includes(String(pagination?.type))
    );
  } catch {
    return false;
  }
}

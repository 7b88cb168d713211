import { basename } from 'node:path';
import { parse } from 'yaml';
import type { HomePaths } from '../paths.ts';
import { ConfigStore } from '../store/configs.ts';
import type { ConfigFact, ConfigIssueFact } from './check-configs.ts';

/** How the scraper judges a configuration; the core does not know. */
export type JudgeConfig = (yaml: string, file: string) => readonly ConfigIssueFact[];

export interface FoundConfigs {
  configs: ConfigFact[];
  /** Those that want a browser. */
  browsers: string[];
}

/** @param used names of the configurations that enabled jobs need */
export function lookAtConfigs(paths: HomePaths, used: ReadonlySet<string>, judge: JudgeConfig): FoundConfigs {
  const store = new ConfigStore(paths);
  const browsers: string[] = [];
  const configs = store.list().map(({ name, file }): ConfigFact => {
    const about = { name, file: `${basename(paths.configs)}/${basename(file)}`, used: used.has(name) };
    try {
      const { yaml } = store.read(name);
      if (wantsBrowser(yaml)) browsers.push(name);
      return { ...about, issues: judge(yaml, file) };
    } catch (error) {
      return { ...about, issues: [], error: (error as Error).message };
    }
  });
  return { configs, browsers };
}

function wantsBrowser(yaml: string): boolean {
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

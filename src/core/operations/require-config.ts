import type { Workspace } from '../workspace.ts';

/** @throws QuickscrapeError `config_not_found` with the closest names when the configuration does not exist */
export function requireConfig(workspace: Workspace, configName: string): void {
  if (!workspace.configs.has(configName)) throw workspace.configs.notFound(configName);
}

import { QuickscrapeError } from '../lib/errors.ts';
import type { Workspace } from '../workspace.ts';

/** @throws QuickscrapeError `config_not_found` with the closest names when the configuration does not exist */
export function requireConfig(workspace: Workspace, configName: string): void {
  if (workspace.configs.has(configName)) return;
  const near = workspace.configs.closest(configName);
  throw new QuickscrapeError('config_not_found', `there is no configuration "${configName}"`, {
    field: 'config_name',
    hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : { id: 'list_configs' },
  });
}

import type { RunRecord } from '../model/run-record.ts';
import type { Workspace } from '../workspace.ts';

/** The configuration of a run as it is now; an empty text if it is gone. */
export function readRunConfig(
  { configs }: Pick<Workspace, 'configs'>,
  { configName }: Pick<RunRecord, 'configName'>,
): string {
  try {
    return configs.read(configName).yaml;
  } catch {
    return '';
  }
}

import { type WriteItemsRequest, type WrittenItems, writeItems } from '../items/write-items.ts';
import type { RunRecord } from '../model/run-record.ts';
import { runFiles } from '../runs/run-files.ts';
import type { Workspace } from '../workspace.ts';
import { readRunConfig } from './run-config.ts';

interface RunItemsRequest extends Omit<WriteItemsRequest, 'paths' | 'itemsFile' | 'yaml'> {
  /** The rows that break a rule on their values, instead of all. */
  broken?: boolean;
  /** Another file of rows, such as those of two runs side by side. */
  itemsFile?: string | undefined;
}

/**
 * Writes items of a run to a file that a person named. No operation: a client of the home writes no files of the person.
 * @throws QuickscrapeError as {@link writeItems}
 */
export function writeRunItems(
  workspace: Workspace,
  run: Pick<RunRecord, 'jobId' | 'runId' | 'configName'>,
  { broken = false, itemsFile, ...request }: RunItemsRequest,
): Promise<WrittenItems> {
  const files = runFiles(workspace.paths, run.jobId, run.runId);
  return writeItems({
    ...request,
    paths: workspace.paths,
    itemsFile: itemsFile ?? (broken ? files.broken : files.items),
    yaml: readRunConfig(workspace, run),
  });
}

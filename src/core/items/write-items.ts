import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exportRows } from '../configs/scraper-client.ts';
import { sweepTempFiles } from '../fs/atomic-file.ts';
import type { HomePaths } from '../fs/paths.ts';
import type { OutputFormat } from '../model/output-format.ts';
import { makeProcessTempFolder } from '../process/process-temp-folder.ts';
import { resolveItemDestination } from './item-destination.ts';
import type { RowSelection } from './stage-rows.ts';

export interface WriteItemsRequest {
  paths: HomePaths;
  /** `items.jsonl` of a run. */
  itemsFile: string;
  selection: RowSelection;
  /** The columns of a file without rows. */
  fields: readonly string[];
  /** The configuration of the run, if it is known: which fields are dates and prices. */
  yaml?: string | undefined;
  /** As the person wrote it: {@link resolveItemDestination}. */
  to: string;
  /** Replace an existing file. */
  force: boolean;
  isHomeReadOnly?: boolean | undefined;
  signal?: AbortSignal | undefined;
  /** Called with the share of the rows that were collected; 1 while the file is written. */
  onProgress?: ((share: number) => void) | undefined;
}

export interface WrittenItems {
  /** Absolute. */
  file: string;
  format: OutputFormat;
  items: number;
  bytes: number;
  warnings: string[];
}

/**
 * Writes items of a run to a file, as a job writes its output. The file is complete or not there. A process of the
 * scraper does it, so that this one answers meanwhile and needs no memory for the rows.
 * @throws QuickscrapeError as {@link resolveItemDestination}; `invalid_params` for a file that cannot be written;
 *   `store_unavailable` without space or when the items cannot be read; `internal` when it is cancelled
 */
export async function writeItems({
  paths,
  to,
  force,
  isHomeReadOnly = false,
  signal,
  onProgress,
  ...rows
}: WriteItemsRequest): Promise<WrittenItems> {
  const { file, format } = resolveItemDestination(paths, to, { force, isHomeReadOnly });
  const folder = makeProcessTempFolder('quickscrape-export-');
  try {
    const { items, bytes, warnings } = await exportRows(
      {
        name: file,
        home: paths.home,
        jobs_dir: paths.jobs,
        items_file: rows.itemsFile,
        staging_file: join(folder, 'items.jsonl'),
        selection: rows.selection,
        fields: [...rows.fields],
        yaml: rows.yaml,
        force,
        home_read_only: isHomeReadOnly,
      },
      { signal, onShare: onProgress },
    );
    return { file, format, items, bytes, warnings };
  } catch (error) {
    // A process that was ended could not remove what it had begun.
    sweepTempFiles(dirname(file));
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

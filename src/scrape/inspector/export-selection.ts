import { statSync } from 'node:fs';
import { readHomeEnvironment } from '../../core/configs/home-environment.ts';
import type { ExportRequest, ExportResponse } from '../../core/configs/scraper-protocol.ts';
import { type HomePaths, resolveHome } from '../../core/fs/paths.ts';
import { describeLeftOut } from '../../core/items/damaged-lines.ts';
import { resolveItemDestination } from '../../core/items/item-destination.ts';
import { type RowSelection, stageRows } from '../../core/items/stage-rows.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { getColumns, getDateColumns, getPriceColumns } from '../config/config-fields.ts';
import { parseConfig } from '../config/parse-config.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { exportItems } from '../output/export-items.ts';

/** Between two reports of the progress. */
const REPORT_SHARE = 0.01;

/**
 * Writes selected rows of a run to a file, as a run writes its output. In a workbook, amounts with a currency are numbers:
 * a person is going to add them up, while programs read a run's output and rely on its texts.
 * @param onShare called with the share of the rows that were collected, from 0 to 1
 * @throws QuickscrapeError as the destination's check; `invalid_params` for a file that cannot be written;
 *   `store_unavailable` for a disk that is full, and for items that cannot be read
 */
export async function exportSelection(
  { name, items_file, staging_file, force, fields, ...request }: ExportRequest,
  onShare: (share: number) => void,
): Promise<ExportResponse> {
  const paths = resolveHome({ home: request.home, jobsDir: request.jobs_dir });
  const isHomeReadOnly = request.home_read_only;
  const { file, format, mayWrite } = resolveItemDestination(paths, name, { force, isHomeReadOnly });
  let reported = 0;
  const selection = request.selection as RowSelection;
  const { count: items, damaged } = await stageRows(items_file, staging_file, selection, (share) => {
    if (share - reported < REPORT_SHARE) return;
    reported = share;
    onShare(share);
  });
  const leftOut = damaged.count === 0 ? [] : [describeLeftOut(damaged)];
  onShare(1);
  try {
    const warnings = await exportItems({
      stagingFile: staging_file,
      file,
      format,
      mayWrite,
      append: false,
      moneyAsNumbers: true,
      fields,
      ...typesOf(request.yaml, paths),
      signal: new AbortController().signal,
    });
    return { items, bytes: statSync(file).size, warnings: [...leftOut, ...warnings] };
  } catch (error) {
    throw toExportError(error);
  }
}

/** The fields that hold dates and prices. A configuration that cannot be read any more has none. */
function typesOf(yaml: string | undefined, paths: HomePaths) {
  if (yaml === undefined) return {};
  try {
    const { config } = parseConfig(yaml, 'the configuration', readHomeEnvironment(paths).env);
    const dates = config.data_cleaning.convert_dates ? getColumns(config) : getDateColumns(config);
    return { dates: new Set(dates), prices: new Set(getPriceColumns(config)) };
  } catch {
    return {};
  }
}

function toExportError(error: unknown): unknown {
  if (!(error instanceof ScrapeError)) return error;
  const { message, hint, cause } = error;
  const isFull =
    cause instanceof Error && 'code' in cause && ['ENOSPC', 'EDQUOT'].includes(String(cause.code));
  return new QuickscrapeError(isFull ? 'store_unavailable' : 'invalid_params', `to: ${message}`, {
    field: 'to',
    ...(hint !== undefined && { hint }),
  });
}

import { isAbsolute, join, resolve, sep } from 'node:path';
import { fileExists } from '../database/connection.ts';
import type { HomePaths } from '../fs/paths.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import {
  defaultExtension,
  formatFromPath,
  type OutputFormat,
  replaceExtension,
} from '../model/output-format.ts';
import { refuseGzip, renderOutputPath } from '../model/output-path.ts';
import { realPath, refuseForeignLinks } from '../model/real-path.ts';
import type { RunRecord } from '../model/run-record.ts';

export interface OutputChoice {
  /** The job's fields win over the configuration's. */
  job: { output_format: string | null; output_path: string | null };
  config: { format: OutputFormat; path?: string | undefined };
}

export interface OutputLocation {
  /** Absolute. */
  file: string;
  format: OutputFormat;
  /** What the rows are called, where a format needs a name for them: that of the configuration. */
  name: string;
  /**
   * Looks whether rows may be written to a place that `file` leads to. Asked again right before they are: a run takes
   * its time, and somebody may have put a link there meanwhile.
   * @throws QuickscrapeError `invalid_params` as {@link resolveRunOutput}
   */
  mayWrite(place: string): void;
}

/**
 * Where a run writes and how. A relative path lands in the home's `output/`; without any path it is
 * `{config_name}` with the format's ending. When the job changes the format but not the path, the ending follows; when
 * it changes the path but not the format, the format follows the ending.
 * @throws QuickscrapeError `invalid_params` when the path leads to the home's own files, over a link of another user,
 *   or a relative one out of `output/`, or ends in `.gz` where the format cannot; `store_unavailable` when the home that it lies in is gone
 */
export function resolveRunOutput(
  paths: HomePaths,
  run: Pick<RunRecord, 'runId' | 'jobId' | 'configName' | 'scheduledFor' | 'queuedAt' | 'timezone'>,
  choice: OutputChoice,
): OutputLocation {
  const { output_format: asked, output_path: place } = choice.job;
  const format =
    (asked as OutputFormat | null) ??
    (place === null ? undefined : formatFromPath(place)) ??
    choice.config.format;
  const template =
    choice.job.output_path ??
    replaceExtension(choice.config.path ?? `{config_name}${defaultExtension(format)}`, format);
  const path = renderOutputPath(template, {
    at: new Date(run.scheduledFor ?? run.queuedAt),
    timeZone: run.timezone,
    jobId: run.jobId,
    runId: run.runId,
    configName: run.configName,
  });
  const file = isAbsolute(path) ? resolve(path) : join(paths.output, path);
  refuseGzip(file, format, 'output_path');
  const mayWrite = (place: string) => {
    if (isInside(paths.home, file)) refuseMissingHome(paths.home);
    refuseForeignLinks(place);
    refuseHomeFiles(paths, place);
    if (!isAbsolute(path)) refuseOutsideOutput(paths.output, place);
  };
  mayWrite(file);
  return { file, format, name: run.configName, mayWrite };
}

/** The home holds jobs, the database and settings: rows are written to its `output/` only, whatever links lead there. */
function refuseHomeFiles(paths: HomePaths, file: string): void {
  const target = realPath(file);
  const home = realPath(paths.home);
  const output = realPath(paths.output);
  const isOurs = [home, realPath(paths.jobs)].some((folder) => isInside(folder, target));
  // An output folder that is a link may lead out of the home, but not to what else is in it.
  const isOutput = isInside(output, target) && (!isInside(home, output) || output === join(home, 'output'));
  if (!isOurs || isOutput) return;
  throw new QuickscrapeError('invalid_params', `output_path: ${file} lies among QuickScrape's own files`, {
    field: 'output_path',
    hint: `Write to ${paths.output} (a relative path does), or to a folder outside of ${paths.home}.`,
  });
}

/** Its folders would be made anew, and with them a home without jobs. */
function refuseMissingHome(home: string): void {
  if (fileExists(home)) return;
  throw new QuickscrapeError(
    'store_unavailable',
    `the home ${home} was removed while the run was under way`,
    {
      hint: 'Put it back, or make a new one: quickscrape init.',
    },
  );
}

/** A relative path means the output folder; a link in it must not make it mean something else. */
function refuseOutsideOutput(output: string, file: string): void {
  if (isInside(realPath(output), realPath(file))) return;
  throw new QuickscrapeError('invalid_params', `output_path: a link leads ${file} out of the output folder`, {
    field: 'output_path',
    hint: 'Give the absolute path of the place that you mean.',
  });
}

function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

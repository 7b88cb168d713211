import { isAbsolute, join, resolve } from 'node:path';
import { fileExists } from '../database/connection.ts';
import type { HomePaths } from '../fs/paths.ts';
import { isInside, refuseHomeFiles } from '../fs/refuse-home-files.ts';
import { realPath, refuseForeignLinks } from '../fs/symlinks.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { programCommand } from '../lib/installation.ts';
import {
  defaultExtension,
  formatFromPath,
  type OutputFormat,
  replaceExtension,
} from '../model/output-format.ts';
import { refuseGzip, renderOutputPath } from '../model/output-path.ts';
import type { ParamValues } from '../model/params.ts';
import type { RunRecord } from '../model/run-record.ts';

export interface OutputChoice {
  /** The job's fields override the configuration's. */
  job: { output_format: string | null; output_path: string | null };
  config: { format: OutputFormat; path?: string | undefined };
  /** The values of the run's parameters. */
  params?: ParamValues | undefined;
}

export interface OutputLocation {
  /** Absolute path. */
  file: string;
  format: OutputFormat;
  /** Name of the rows, for formats that need one: the configuration's name. */
  name: string;
  /**
   * Checks whether rows may be written to a place that `file` leads to. Repeated right before writing, because a link
   * may have been created there during the run.
   * @throws QuickscrapeError `invalid_params` as {@link resolveRunOutput}
   */
  mayWrite(place: string): void;
}

/**
 * Resolves where a run writes, and in which format. A relative path is relative to the home's `output/`. Without any
 * path, the file is `{config_name}` with the format's extension. When the job changes only the format, the extension
 * follows it; when it changes only the path, the format follows the extension.
 * @throws QuickscrapeError `invalid_params` when the path leads to the home's own files or over another user's link,
 *   when a relative path leads out of `output/`, or when it ends in `.gz` and the format does not support that;
 *   `store_unavailable` when the home that contains it is gone
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
    timezone: run.timezone,
    jobId: run.jobId,
    runId: run.runId,
    configName: run.configName,
    params: choice.params,
  });
  const file = isAbsolute(path) ? resolve(path) : join(paths.output, path);
  refuseGzip(file, format, 'output_path');
  const mayWrite = (place: string) => {
    if (isInside(paths.home, file)) refuseMissingHome(paths.home);
    refuseForeignLinks(place);
    refuseHomeFiles(paths, place, 'output_path');
    if (!isAbsolute(path)) refuseOutsideOutput(paths.output, place);
  };
  mayWrite(file);
  return { file, format, name: run.configName, mayWrite };
}

/** Writing would create the folders again, and with them a home without jobs. */
function refuseMissingHome(home: string): void {
  if (fileExists(home)) return;
  throw new QuickscrapeError('store_unavailable', `the home ${home} was removed while the run was active`, {
    hint: `Put it back, or make a new one: ${programCommand()} init.`,
  });
}

/** A relative path means the output folder, and a link in it must not lead elsewhere. */
function refuseOutsideOutput(output: string, file: string): void {
  if (isInside(realPath(output), realPath(file))) return;
  throw new QuickscrapeError('invalid_params', `output_path: a link leads ${file} out of the output folder`, {
    field: 'output_path',
    hint: 'Give the absolute path of the target.',
  });
}

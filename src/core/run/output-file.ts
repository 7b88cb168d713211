import { isAbsolute, join, resolve, sep } from 'node:path';
import { isThere } from '../database/is-there.ts';
import { QuickscrapeError } from '../errors.ts';
import type { HomePaths } from '../paths.ts';
import { formatOfPath, type OutputFormat, usualEnding, withEndingOf } from './output-format.ts';
import { refuseGzip, renderOutputPath } from './output-path.ts';
import { realPlace, refuseLinksOfOthers } from './real-place.ts';
import type { RunRecord } from './record.ts';

export interface OutputChoice {
  /** The job's fields win over the configuration's. */
  job: { output_format: string | null; output_path: string | null };
  config: { format: OutputFormat; path?: string | undefined };
}

export interface OutputPlace {
  /** Absolute. */
  file: string;
  format: OutputFormat;
  /** What the rows are called, where a format needs a name for them: that of the configuration. */
  name: string;
  /**
   * Looks whether rows may be written to a place that `file` leads to. Asked again right before they are: a run takes
   * its time, and somebody may have put a link there meanwhile.
   * @throws QuickscrapeError `invalid_params` as {@link outputOfRun}
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
export function outputOfRun(
  paths: HomePaths,
  run: Pick<RunRecord, 'runId' | 'jobId' | 'configName' | 'scheduledFor' | 'queuedAt' | 'timezone'>,
  choice: OutputChoice,
): OutputPlace {
  const { output_format: asked, output_path: place } = choice.job;
  const format =
    (asked as OutputFormat | null) ??
    (place === null ? undefined : formatOfPath(place)) ??
    choice.config.format;
  const template =
    choice.job.output_path ??
    withEndingOf(choice.config.path ?? `{config_name}${usualEnding(format)}`, format);
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
    if (isInside(paths.home, file)) refuseGoneHome(paths.home);
    refuseLinksOfOthers(place);
    keepOffOurFiles(paths, place);
    if (!isAbsolute(path)) stayInside(paths.output, place);
  };
  mayWrite(file);
  return { file, format, name: run.configName, mayWrite };
}

/** The home holds jobs, the database and settings: rows are written to its `output/` only, whatever links lead there. */
function keepOffOurFiles(paths: HomePaths, file: string): void {
  const target = realPlace(file);
  const home = realPlace(paths.home);
  const output = realPlace(paths.output);
  const isOurs = [home, realPlace(paths.jobs)].some((folder) => isInside(folder, target));
  // An output folder that is a link may lead out of the home, but not to what else is in it.
  const isOutput = isInside(output, target) && (!isInside(home, output) || output === join(home, 'output'));
  if (!isOurs || isOutput) return;
  throw new QuickscrapeError('invalid_params', `output_path: ${file} lies among QuickScrape's own files`, {
    field: 'output_path',
    hint: `Write to ${paths.output} (a relative path does), or to a folder outside of ${paths.home}.`,
  });
}

/** Its folders would be made anew, and with them a home without jobs. */
function refuseGoneHome(home: string): void {
  if (isThere(home)) return;
  throw new QuickscrapeError(
    'store_unavailable',
    `the home ${home} was removed while the run was under way`,
    {
      hint: 'Put it back, or make a new one: quickscrape init.',
    },
  );
}

/** A relative path means the output folder; a link in it must not make it mean something else. */
function stayInside(output: string, file: string): void {
  if (isInside(realPlace(output), realPlace(file))) return;
  throw new QuickscrapeError('invalid_params', `output_path: a link leads ${file} out of the output folder`, {
    field: 'output_path',
    hint: 'Give the absolute path of the place that you mean.',
  });
}

function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

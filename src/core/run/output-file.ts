import { extname, isAbsolute, join, resolve } from 'node:path';
import type { HomePaths } from '../paths.ts';
import { renderOutputPath } from './output-path.ts';
import type { RunRecord } from './record.ts';

export type OutputFormat = 'csv' | 'json' | 'jsonl';

/** The file endings that belong to each format; the first is the usual one. */
const ENDINGS: Record<OutputFormat, readonly string[]> = {
  csv: ['.csv', '.tsv'],
  json: ['.json'],
  jsonl: ['.jsonl', '.ndjson'],
};

export interface OutputChoice {
  /** The job's fields win over the configuration's. */
  job: { output_format: string | null; output_path: string | null };
  config: { format: OutputFormat; path?: string | undefined };
}

/**
 * Where a run writes and how. A relative path lands in the home's `output/`; without any path it is
 * `{config_name}` with the format's ending. When the job changes the format but not the path, the ending follows.
 */
export function outputOfRun(
  paths: HomePaths,
  run: Pick<RunRecord, 'runId' | 'jobId' | 'configName' | 'scheduledFor' | 'queuedAt' | 'timezone'>,
  choice: OutputChoice,
): { file: string; format: OutputFormat } {
  const format = (choice.job.output_format as OutputFormat | null) ?? choice.config.format;
  const template =
    choice.job.output_path ??
    withEndingOf(choice.config.path ?? `{config_name}${ENDINGS[format][0]}`, format);
  const path = renderOutputPath(template, {
    at: new Date(run.scheduledFor ?? run.queuedAt),
    timeZone: run.timezone,
    jobId: run.jobId,
    runId: run.runId,
    configName: run.configName,
  });
  return { file: isAbsolute(path) ? resolve(path) : join(paths.output, path), format };
}

/** `products.csv` becomes `products.json` when the format is JSON; an ending of no format of ours stays. */
export function withEndingOf(path: string, format: OutputFormat): string {
  const ending = extname(path).toLowerCase();
  const isForeign = Object.entries(ENDINGS).some(
    ([other, endings]) => other !== format && endings.includes(ending),
  );
  return isForeign ? `${path.slice(0, -ending.length)}${ENDINGS[format][0]}` : path;
}

import { readdirSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { MAX_CONFIG_BYTES } from '../../core/configs/config-values.ts';
import { type HomePaths, jobFile } from '../../core/fs/paths.ts';
import { decodeYaml, readRegularFile } from '../../core/fs/read-regular-file.ts';
import { closestNames } from '../../core/lib/closest-names.ts';
import { asRecord, tryParseJson } from '../../core/lib/json.ts';
import { truncateList } from '../../core/lib/text.ts';
import { getColumns } from '../config/config-fields.ts';
import type { Finding } from '../config/issue-location.ts';
import { examineConfig } from '../config/parse-config.ts';
import type { UrlsFrom } from '../config/urls-from.ts';
import { noJobError } from './home-job-rows.ts';

const MAX_NAMED = 20;

/**
 * Finds what is wrong with a job whose rows have the addresses: it is not there, runs the same configuration, or has no
 * such field.
 * @param file the configuration, by its name in the home or its path
 */
export function surveyJob(
  { job, field }: Extract<UrlsFrom, { type: 'job' }>,
  paths: Pick<HomePaths, 'jobs' | 'configs'>,
  file: string,
): Finding[] {
  const ids = listJobs(paths.jobs);
  // No other file is read: an assistant may write the name.
  if (!ids.includes(job)) {
    const { message, hint } = noJobError(job, ids);
    return [{ path: ['urls_from', 'job'], message: message.replace(/^urls_from: /, ''), hint }];
  }
  const name = asRecord(tryParseJson(readText(jobFile(paths.jobs, job)) ?? ''))['config_name'];
  if (typeof name !== 'string') return [];
  if (name === ownName(file, paths.configs))
    return [
      {
        path: ['urls_from', 'job'],
        message: `job ${job} runs this configuration itself, so it would wait for its own rows`,
        hint: 'Name the job that lists the addresses.',
      },
    ];
  const fields = listFields(name, paths.configs);
  if (fields.length === 0 || fields.includes(field)) return [];
  const [nearest] = closestNames(field, fields);
  return [
    {
      path: ['urls_from', 'field'],
      message: `the rows of job ${job} have no field ${field.slice(0, 100)}`,
      hint: `Its configuration ${name} has ${truncateList(fields, MAX_NAMED)}.${nearest === undefined ? '' : ` Did you mean "${nearest}"?`}`,
    },
  ];
}

function listJobs(folder: string): string[] {
  try {
    return readdirSync(folder).flatMap((file) => (file.endsWith('.json') ? basename(file, '.json') : []));
  } catch {
    return [];
  }
}

/** Returns the fields of a configuration's rows; none where they are not known before a run. */
function listFields(name: string, folder: string): string[] {
  const file = join(folder, `${name}.yaml`);
  const { config } = examineConfig(readText(file) ?? '', file, {});
  // The header of a table names its fields.
  return config === undefined || config.table !== undefined ? [] : getColumns(config);
}

function ownName(file: string, configs: string): string | undefined {
  const isOfHome = file === basename(file) || dirname(resolve(file)) === configs;
  return isOfHome ? basename(file, extname(file)) : undefined;
}

function readText(file: string): string | undefined {
  try {
    return decodeYaml(readRegularFile(file, MAX_CONFIG_BYTES), file);
  } catch {
    return undefined;
  }
}

import { QuickscrapeError } from '../lib/errors.ts';
import type { JobDefinition } from '../model/definition.ts';
import { type ParamValues, resolveParams } from '../model/params.ts';
import type { ConfigStore } from './config-store.ts';

type ParamsOfJob = Pick<JobDefinition, 'config_name' | 'params'>;

/**
 * Checks a job's values against the parameters that its configuration declares. Nothing is checked while the
 * configuration cannot be read, which its runs report.
 * @param given values for one run, over those of the job
 * @throws QuickscrapeError `invalid_params` that names each parameter, its value and what is allowed
 */
export function requireParams(
  { config_name, params }: ParamsOfJob,
  configs: Pick<ConfigStore, 'paramsOf'>,
  given: ParamValues = {},
): void {
  const declared = configs.paramsOf(config_name);
  if (declared !== undefined) resolveParams(declared, { ...params, ...given });
}

/** A sentence for a job whose values no longer fit what its configuration declares: its runs fail. */
export function paramWarnings(job: ParamsOfJob, configs: Pick<ConfigStore, 'paramsOf'>): string[] {
  try {
    requireParams(job, configs);
    return [];
  } catch (error) {
    if (!(error instanceof QuickscrapeError)) throw error;
    const hint = error.hint === undefined ? '' : ` ${error.hint}`;
    return [
      `${error.message}, so its runs fail: configuration ${job.config_name} declares other parameters.${hint}`,
    ];
  }
}

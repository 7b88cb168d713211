import { pluralize } from '../../core/lib/text.ts';
import type { StartUrls } from '../addresses/address-list.ts';
import { describeDropped } from '../addresses/dropped-entries.ts';
import { listJobUrls } from '../addresses/list-job-urls.ts';
import { listStartUrls, withStartUrls } from '../addresses/list-start-urls.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import type { UrlsFrom } from '../config/urls-from.ts';
import { redactUrl } from '../lib/page-url.ts';
import { ScrapeError, withHintForMissing } from '../lib/scrape-error.ts';
import type { PagesRequest } from '../source/pages-request.ts';
import type { ScrapeStats } from './scrape-stats.ts';

type JobSource = Extract<UrlsFrom, { type: 'job' }>;

/**
 * Returns the configuration with the addresses that `urls_from` names; unchanged without it. Nothing is fetched. Where
 * all of them were fetched before (`only: new`), `stats` notes it.
 * @throws ScrapeError `config` as `listStartUrls` and `openJobRows`; `no_items` if another job has no addresses, unless
 *   the configuration allows that
 */
export async function expandUrlsFrom(
  request: PagesRequest,
  stats: ScrapeStats,
): Promise<PagesRequest['config']> {
  const { config, addresses = {}, log, redact = (text) => text } = request;
  const { urls_from: source } = config;
  if (source === undefined) return config;
  stats.startKey = 'urls_from';
  const found =
    source.type === 'job' ? await listOfJob(source, request, stats) : await listStartUrls(source, addresses);
  for (const warning of found.warnings) {
    stats.addWarning(redact(warning));
    log('warn', warning);
  }
  const [first] = found.urls;
  if (first !== undefined) {
    const count = pluralize(found.urls.length, 'address', 'addresses');
    const note = found.dropped === undefined ? '' : describeDropped(found.dropped);
    const left = note === '' ? '' : ` (${note})`;
    log('info', `${count} to fetch${left}, the first is ${redactUrl(first)}`);
    addresses.onFirst?.(first);
  }
  return withStartUrls(config, found);
}

/** Says where the address of a missing page comes from, if the configuration itself does not have it. */
export function withSourceHint(
  error: unknown,
  { urls_from: source, urls }: Pick<ScrapeConfig, 'urls_from' | 'urls'>,
): unknown {
  if (!(error instanceof ScrapeError) || source === undefined || !urls.includes(error.url ?? ''))
    return error;
  const place =
    source.type === 'job' ? `job ${source.job}` : source.type === 'file' ? source.file : 'the template';
  return withHintForMissing(error, `Its address comes from ${place}: check it there.`);
}

async function listOfJob(
  source: JobSource,
  { config, addresses = {}, machineHosts, log }: PagesRequest,
  stats: ScrapeStats,
): Promise<StartUrls> {
  const { job, only } = source;
  if (addresses.openJob === undefined)
    throw new ScrapeError(
      'config',
      `urls_from: a worker on another machine cannot read the rows of job ${job}`,
      {
        hint: 'Let the machine of the home execute the job (the setting executor_local_slots).',
      },
    );
  const rows = await addresses.openJob(job);
  try {
    const reach = { allowPrivateHosts: config.allow_private_hosts, machineHosts };
    const found = await listJobUrls(source, rows, reach);
    log(
      'info',
      `run ${rows.runId} of job ${job} has ${pluralize(found.urls.length, 'address', 'addresses')}`,
    );
    if (found.urls.length === 0) {
      // Addresses that are refused are there, so nothing is up to date.
      const mayBeNone = only !== undefined && found.hint === undefined;
      if (config.expect.allow_empty !== true && !mayBeNone) throw noAddressesError(found, job);
      stats.isUpToDate = only !== undefined;
      return found;
    }
    if (only === undefined || addresses.fetched === undefined) return found;
    const urls = addresses.fetched.takeNew(found.urls);
    stats.isUpToDate = urls.length === 0;
    log(
      'info',
      urls.length === 0 ? 'none of them is new' : `${urls.length.toLocaleString('en-US')} of them are new`,
    );
    return { ...found, urls };
  } finally {
    await rows.close();
  }
}

function noAddressesError({ warnings, hint }: StartUrls, job: string): ScrapeError {
  return new ScrapeError('no_items', warnings.at(-1) ?? `job ${job} has no addresses`, {
    hint: hint ?? 'If no addresses are fine, set expect: { allow_empty: true }.',
  });
}

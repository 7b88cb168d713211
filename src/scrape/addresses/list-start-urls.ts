import type { ScrapeConfig } from '../config/config-schema.ts';
import type { UrlsFrom } from '../config/urls-from.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { AddressList, type StartUrls } from './address-list.ts';
import { expandTemplate } from './expand-template.ts';
import type { FetchedAddresses } from './fetched-addresses.ts';
import type { JobRows } from './home-job-rows.ts';
import { type AddressFolders, locateAddressFile } from './locate-address-file.ts';
import { readEntries } from './read-entries.ts';

/** Columns that hold addresses, by their usual names. */
const USUAL_COLUMNS = ['url', 'link', 'address'];

/** Where `urls_from` finds what it names. */
export interface AddressAccess {
  /** Undefined where no files of the home are: on another machine. */
  folders?: AddressFolders;
  /** Opens the rows of a job of the home. Undefined where there is no home. */
  openJob?(job: string): Promise<JobRows>;
  /** What earlier runs have taken; default: nothing. */
  fetched?: Pick<FetchedAddresses, 'takeNew'>;
  /** Called with the first address, before it is fetched. */
  onFirst?(url: string): void;
}

/**
 * Lists the addresses of a run, without fetching anything.
 * @throws ScrapeError `config` if there are none, too many, or something else than addresses
 */
export async function listStartUrls(
  source: Exclude<UrlsFrom, { type: 'job' }>,
  { folders }: AddressAccess,
): Promise<StartUrls> {
  const locate = (file: string) => {
    if (folders !== undefined) return locateAddressFile(file, folders);
    throw new ScrapeError('config', `urls_from: a worker on another machine cannot read ${file}`, {
      hint: 'Let the machine of the home execute the job (the setting executor_local_slots), or write the addresses into the configuration.',
    });
  };
  if (source.type === 'template') {
    const list = new AddressList('the template');
    await expandTemplate(source, list, async (name, { file, field }) => {
      const choice = { name: file, field, usual: [name.toLowerCase()] };
      const found: string[] = [];
      for await (const { text } of readEntries(locate(file), choice)) found.push(text);
      if (found.length > 0) return [...new Set(found)];
      throw new ScrapeError('config', `${file} has no values`, { hint: `Write one a line for {${name}}.` });
    });
    return list.end();
  }
  const { file, field } = source;
  const list = new AddressList(file);
  const choice = { name: file, field, usual: USUAL_COLUMNS };
  for await (const { text, where } of readEntries(locate(file), choice)) list.add(text, () => where);
  return list.end();
}

/** Returns the configuration with these addresses. */
export function withStartUrls<C extends ScrapeConfig>(config: C, { urls, origins }: StartUrls): C {
  return { ...config, urls, own_urls: origins };
}

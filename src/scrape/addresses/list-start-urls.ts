import type { ScrapeConfig } from '../config/config-schema.ts';
import type { UrlsFrom } from '../config/urls-from.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { AddressList, hintForEmpty, type StartUrls } from './address-list.ts';
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
  fetched?: Pick<FetchedAddresses, 'takeNew' | 'getFailedRuns' | 'release' | 'retake'>;
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
  const warnings: string[] = [];
  const dropped = { duplicates: 0, empty: 0 };
  const onEmpty = () => {
    dropped.empty += 1;
  };
  const end = (list: AddressList): StartUrls => {
    const found = list.end();
    dropped.duplicates += found.dropped?.duplicates ?? 0;
    return { ...found, warnings: [...warnings, ...found.warnings], dropped };
  };
  if (source.type === 'template') {
    const list = new AddressList('the template');
    await expandTemplate(source, list, async (name, { file, field }) => {
      const choice = { name: file, field, usual: [name.toLowerCase()], onEmpty };
      const found: string[] = [];
      for await (const { text } of readEntries(locate(file), choice)) found.push(text);
      const [first] = found;
      if (first === undefined)
        throw new ScrapeError('config', `${file} has no values for {${name}}`, {
          hint: hintForEmpty(file, 'A-17'),
        });
      if (/\.txt$/i.test(file) && first.toLowerCase() === name.toLowerCase())
        warnings.push(
          `${file} begins with "${first}", and a file .txt has no header: this is a value, too. Remove the line, or name the file .csv`,
        );
      const each = [...new Set(found)];
      dropped.duplicates += found.length - each.length;
      return each;
    });
    return end(list);
  }
  const { file, field } = source;
  const list = new AddressList(file);
  const choice = { name: file, field, usual: USUAL_COLUMNS, onEmpty };
  for await (const { text, where } of readEntries(locate(file), choice)) list.add(text, () => where);
  return end(list);
}

/** Returns the configuration with these addresses. */
export function withStartUrls<C extends ScrapeConfig>(config: C, { urls, origins }: StartUrls): C {
  return { ...config, urls, own_urls: origins };
}

import type { Issue } from '../../core/lib/errors.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { parseYamlText } from '../config/yaml-text.ts';
import { redactUrl } from '../lib/page-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { type AddressAccess, listStartUrls } from './list-start-urls.ts';

/** The addresses that a run would have now. */
export interface AddressSurvey {
  count: number;
  /** The first three. */
  first: string[];
}

const MAX_FIRST = 3;

/**
 * Lists the addresses of a configuration before a run. What is wrong with them is a warning, because the file may be
 * another one by then.
 * @param yaml the text of the configuration, for the places of the warnings
 * @returns nothing where another job has the addresses, or they are written out
 */
export async function surveyUrlsFrom(
  { urls_from: source }: Pick<ScrapeConfig, 'urls_from'>,
  access: AddressAccess,
  { yaml, file }: { yaml: string; file: string },
): Promise<{ addresses?: AddressSurvey; origins: string[]; warnings: Issue[] }> {
  if (source === undefined || source.type === 'job') return { origins: [], warnings: [] };
  const { locate } = parseYamlText(yaml, file);
  const warn = (message: string, hint?: string) => locate({ path: ['urls_from'], message, hint });
  try {
    const { urls, origins, warnings } = await listStartUrls(source, access);
    return {
      addresses: { count: urls.length, first: urls.slice(0, MAX_FIRST).map(redactUrl) },
      origins,
      warnings: warnings.map((text) => warn(text)),
    };
  } catch (error) {
    if (!(error instanceof ScrapeError)) throw error;
    return { origins: [], warnings: [warn(error.message, error.hint)] };
  }
}

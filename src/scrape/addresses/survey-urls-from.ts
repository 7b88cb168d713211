import type { Issue } from '../../core/lib/errors.ts';
import type { Redact } from '../../core/lib/redact.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import type { Finding, Path } from '../config/issue-location.ts';
import type { UrlsFrom } from '../config/urls-from.ts';
import { parseYamlText } from '../config/yaml-text.ts';
import { redactUrl } from '../lib/page-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { type DroppedEntries, describeDropped } from './dropped-entries.ts';
import { type AddressAccess, listStartUrls } from './list-start-urls.ts';
import { surveyJob } from './survey-job.ts';

/** The addresses that a run would have now. */
export interface AddressSurvey {
  count: number;
  /** The first three. */
  first: string[];
  /** Absent if nothing was dropped. */
  dropped?: DroppedEntries;
}

/** The text of a configuration. */
export interface SurveyedText {
  yaml: string;
  file: string;
  redact: Redact;
}

const MAX_FIRST = 3;

/**
 * Lists the addresses of a configuration before a run. What is wrong with them is a warning, because the file may be
 * another one by then.
 * @param text the configuration, for the places of the warnings; `redact` removes its secrets
 * @returns no addresses where another job has them, or they are written out
 */
export async function surveyUrlsFrom(
  { urls_from: source }: Pick<ScrapeConfig, 'urls_from'>,
  access: AddressAccess,
  { yaml, file, redact }: SurveyedText,
): Promise<{ addresses?: AddressSurvey; origins: string[]; warnings: Issue[] }> {
  if (source === undefined) return { origins: [], warnings: [] };
  const { locate } = parseYamlText(yaml, file);
  const tell = ({ message, hint, ...place }: Finding) =>
    locate({ ...place, message: redact(message), hint: hint === undefined ? undefined : redact(hint) });
  if (source.type === 'job') {
    const findings = access.folders === undefined ? [] : surveyJob(source, access.folders.paths, file);
    return { origins: [], warnings: findings.map(tell) };
  }
  const path = placeOfFile(source);
  const warn = (message: string, hint?: string) => tell({ path, message, hint });
  try {
    const { urls, origins, warnings, dropped } = await listStartUrls(source, access);
    return {
      addresses: {
        count: urls.length,
        first: urls.slice(0, MAX_FIRST).map((url) => redact(redactUrl(url))),
        ...(dropped !== undefined && describeDropped(dropped) !== '' && { dropped }),
      },
      origins,
      warnings: warnings.map((text) => warn(text)),
    };
  } catch (error) {
    if (!(error instanceof ScrapeError)) throw error;
    return { origins: [], warnings: [warn(error.message, error.hint)] };
  }
}

/** Where the file stands that has the addresses or values; of several, or none, the whole source. */
function placeOfFile(source: Exclude<UrlsFrom, { type: 'job' }>): Path {
  const ofValues =
    source.type === 'file' ? [] : Object.entries(source.values).filter(([, one]) => 'file' in one);
  const [only] = ofValues;
  return only === undefined || ofValues.length > 1 ? ['urls_from'] : ['urls_from', 'values', only[0]];
}

import type { ProposalAnswer, ProposeQuestion } from '../../core/config/scraper-questions.ts';
import { QuickscrapeError } from '../../core/errors.ts';
import { resolveHome } from '../../core/paths.ts';
import { Settings } from '../../core/store/settings.ts';
import { homeEnvironment } from '../config/home-environment.ts';
import { parseConfig } from '../config/parse.ts';
import { withSettings } from '../config/with-settings.ts';
import { ScrapeError } from '../errors.ts';
import { loadPage, type Page } from '../extract/page.ts';
import { headerText } from '../fetch/exchange.ts';
import { makeFetcher } from '../fetch/fetcher.ts';
import { findFields } from '../propose/fields.ts';
import { findNextPage } from '../propose/next-page.ts';
import { findRows } from '../propose/rows.ts';
import { redactError } from '../redact.ts';
import { fetcherOptions } from '../request.ts';

/** Somebody waits. */
const RETRIES = { retries: 1, baseMs: 500 };
const FETCHING_SHARE = 0.9;

/**
 * Fetches a page as a run would, robots.txt and all, and looks for what could be taken from it.
 * @throws QuickscrapeError `invalid_config` when it cannot be fetched
 */
export async function proposedSelectors(question: ProposeQuestion): Promise<ProposalAnswer> {
  const { url, name, home, time_limit_ms } = question;
  const paths = resolveHome({ home });
  const yaml = `url: ${JSON.stringify(url)}\nselectors: {title: title}\n`;
  const { config, redact } = parseConfig(yaml, name, homeEnvironment(paths).env);
  const settings = new Settings(paths);
  const signal = AbortSignal.timeout(Math.round(time_limit_ms * FETCHING_SHARE));
  const request = {
    config: withSettings(config, settings),
    retries: RETRIES,
    signal,
    onProgress() {},
    log() {},
  };
  const fetcher = makeFetcher(fetcherOptions(request));
  try {
    const { body, headers, url: finalUrl } = await fetcher.get(url, { signal });
    return propose(loadPage(body, headerText(headers, 'content-type') || undefined, finalUrl));
  } catch (thrown) {
    const error = redactError(thrown, redact);
    if (!(error instanceof ScrapeError)) throw error;
    throw new QuickscrapeError('invalid_config', error.message, {
      field: 'url',
      ...(error.hint !== undefined && { hint: error.hint }),
    });
  } finally {
    await fetcher.close();
  }
}

/** What could be taken from a page. */
export function propose(page: Page): ProposalAnswer {
  const found = findRows(page);
  const fields = found === undefined ? [] : findFields(page, found.rows);
  const next = findNextPage(page);
  if (found === undefined || fields.length === 0) return { item: null, rows: 0, fields: [], next };
  return { item: found.item, rows: found.rows.length, fields, next };
}

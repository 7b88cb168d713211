import { readHomeEnvironment } from '../../core/configs/home-environment.ts';
import type { FoundChoice, SuggestRequest, SuggestResponse } from '../../core/configs/scraper-protocol.ts';
import { resolveHome } from '../../core/fs/paths.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { Settings } from '../../core/settings/settings.ts';
import { applySettings } from '../config/config-schema.ts';
import { parseConfig } from '../config/parse-config.ts';
import { isJsonType } from '../crawl/no-items-error.ts';
import { loadPage } from '../extract/load-page.ts';
import { getText, select } from '../extract/select.ts';
import { getHeader } from '../http/exchange.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { redactError } from '../lib/redact.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { findJavascriptReason } from '../source/auto-source.ts';
import { openPageSource } from '../source/open-page-source.ts';
import { findFields, type SuggestedField } from '../suggest/find-fields.ts';
import { findNextPage } from '../suggest/find-next-page.ts';
import { findAllRows } from '../suggest/find-rows.ts';

/** A person waits for the result. */
const RETRIES = { retries: 1, baseMs: 500 };
const FETCH_TIME_SHARE = 0.9;

/**
 * Fetches a page as a run would, including robots.txt, and suggests what to extract from it.
 * @throws QuickscrapeError `invalid_config` when the page cannot be fetched
 */
export async function suggestSelectors(question: SuggestRequest): Promise<SuggestResponse> {
  const { url, name, home, time_limit_ms, backend = 'requests' } = question;
  const paths = resolveHome({ home });
  const yaml = `url: ${JSON.stringify(url)}\nselectors: {title: title}\nbackend: ${backend}\n`;
  const { config, redact } = parseConfig(yaml, name, readHomeEnvironment(paths).env);
  const settings = new Settings(paths);
  const signal = AbortSignal.timeout(Math.round(time_limit_ms * FETCH_TIME_SHARE));
  const request = {
    config: applySettings(config, settings),
    retries: RETRIES,
    signal,
    onProgress() {},
    log() {},
  };
  const source = await openPageSource(request, () => {});
  try {
    const { body, headers, url: finalUrl } = await source.get(url, { signal });
    const page = loadPage(body, getHeader(headers, 'content-type') || undefined, finalUrl, {
      // Ignores the content of `<noscript>`: elements that repeat there duplicate what scripts show elsewhere.
      scripted: true,
    });
    if (isJsonType(page.contentType)) throw jsonPageError(url);
    return { ...suggestWithChoices(page), scripts: findJavascriptReason(page, config) ?? null };
  } catch (thrown) {
    const error = redactError(thrown, redact);
    if (!(error instanceof ScrapeError)) throw error;
    throw new QuickscrapeError('invalid_config', error.message, {
      field: 'url',
      ...(error.hint !== undefined && { hint: error.hint }),
    });
  } finally {
    await source.close();
  }
}

function jsonPageError(url: string): ScrapeError {
  return new ScrapeError('no_items', `${url} answers with JSON, which is not supported yet`, {
    url,
    hint: 'Give the address of the page that shows the same data: its rows can be taken from there, with backend: browser if scripts create them.',
  });
}

/** Maximum number of suggested repeating elements. */
const MAX_CHOICES = 5;
/** Repeating elements with fewer fields come after all others. */
const MIN_FIELDS = 2;
const SAMPLE_CHARACTERS = 80;

interface Choice {
  item: string;
  rows: readonly PageElement[];
  fields: SuggestedField[];
}

/** Finds the repeating elements of a page, each with its fields, the best first. */
function findChoices(page: Page): Choice[] {
  const choices = findAllRows(page, MAX_CHOICES)
    .map(({ item, rows, tails }) => ({ item, rows, fields: findFields(page, rows, tails) }))
    .filter(({ fields }) => fields.length > 0);
  const [good, poor] = [true, false].map((isGood) =>
    choices.filter(({ fields }) => fields.length >= MIN_FIELDS === isGood),
  );
  return [...(good ?? []), ...(poor ?? [])];
}

function findSample(
  page: Page,
  rows: readonly PageElement[],
  { selector, attribute }: SuggestedField,
): string {
  for (const row of rows.slice(0, MAX_CHOICES)) {
    const [element] = select(page, selector, row);
    if (element === undefined) continue;
    const text = attribute === null ? getText(element) : (element.attribs[attribute] ?? '');
    const shown = text.replaceAll(/\s+/g, ' ').trim();
    if (shown !== '') return Array.from(shown).slice(0, SAMPLE_CHARACTERS).join('');
  }
  return '';
}

/** Suggests what to extract from a page. */
export function suggestFromPage(page: Page): SuggestResponse {
  return toSuggestion(page, findChoices(page));
}

function toSuggestion(page: Page, [best]: readonly Choice[]): SuggestResponse {
  const next = findNextPage(page);
  if (best === undefined) return { item: null, rows: 0, fields: [], next };
  return { item: best.item, rows: best.rows.length, fields: best.fields, next };
}

/** Suggests what to extract, and lists the alternatives with a sample of each field. */
function suggestWithChoices(page: Page): SuggestResponse {
  const choices = findChoices(page);
  const shown = choices.map(({ item, rows, fields }): FoundChoice => {
    const samples = fields.map((field) => ({ ...field, sample: findSample(page, rows, field) }));
    return { item, rows: rows.length, fields: samples };
  });
  return { ...toSuggestion(page, choices), choices: shown };
}

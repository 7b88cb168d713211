import type { FindResponse } from '../../core/configs/found-selectors.ts';
import type { RequestSent, ScraperRequest } from '../../core/configs/scraper-protocol.ts';
import { ORIGIN_FIELDS } from '../../core/configs/scraper-protocol.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import type { Page } from '../lib/page.ts';
import { findJavascriptReason } from '../source/auto-source.ts';
import { findSelectors } from '../suggest/find-selectors.ts';
import { loadQuestionPage } from './page-loader.ts';

type FindQuestion = Extract<ScraperRequest, { ask: 'find' }>;

/**
 * Finds the selectors of a page that hit examples.
 * @param onRequest called before each request
 * @throws QuickscrapeError as `loadQuestionPage`; `invalid_params` for a page that is no markup
 */
export async function findPageSelectors(
  question: FindQuestion,
  onRequest?: (sent: RequestSent) => void,
): Promise<FindResponse> {
  const { page, source, isRendered } = await loadQuestionPage(question, onRequest);
  if (page.isJson)
    throw new QuickscrapeError(
      'invalid_params',
      `${page.url} answers with JSON, whose values are found by paths`,
      {
        field: ORIGIN_FIELDS[question.page.from],
        hint: 'propose_config writes the paths of its lists. get_page shows what else is there.',
      },
    );
  const { item, fields } = findSelectors(page, question.examples, {
    earlierPages: await loadEarlierPages(question),
  });
  const isComplete = fields.every(({ hits }) => hits > 0);
  const scripts = isComplete || isRendered ? undefined : findJavascriptReason(page, { selectors: {} });
  return {
    url: page.url,
    source,
    is_rendered: isRendered,
    item: item && { selector: item.selector, count: item.count, why: item.why, holds_on: item.holdsOn },
    fields: fields.map(({ name, hits, isOutsideRows, nearest, candidates }) => ({
      name,
      hits,
      is_outside_rows: isOutsideRows,
      nearest: nearest.map(sanitizeText),
      candidates: candidates.map(({ needsType, filledPercent, holdsOn, samples, ...candidate }) => ({
        ...candidate,
        samples: samples.map(sanitizeText),
        needs_type: needsType,
        filled_percent: filledPercent,
        holds_on: holdsOn,
      })),
    })),
    warnings: scripts === undefined ? [] : [`What is missing may be made by scripts: ${scripts}.`],
  };
}

/** Loads the pages that can be read: they only help to rank. */
async function loadEarlierPages(question: FindQuestion): Promise<Page[]> {
  const pages: Page[] = [];
  for (const kept of question.earlier_pages ?? []) {
    const loaded = await loadQuestionPage({ ...question, page: { from: 'kept', ...kept } }).catch(
      () => undefined,
    );
    if (loaded !== undefined) pages.push(loaded.page);
  }
  return pages;
}

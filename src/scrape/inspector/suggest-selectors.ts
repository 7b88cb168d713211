import type {
  FoundChoice,
  RequestSent,
  SuggestRequest,
  SuggestResponse,
} from '../../core/configs/scraper-protocol.ts';
import { ORIGIN_FIELDS } from '../../core/configs/scraper-protocol.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { readPageJson } from '../extract/page-json.ts';
import { NoJson } from '../extract/read-json.ts';
import { getText, select } from '../extract/select.ts';
import type { JsonValue, Page, PageElement } from '../lib/page.ts';
import { findJavascriptReason } from '../source/auto-source.ts';
import { type DataField, findDataLists, findNextAddress } from '../suggest/find-data-lists.ts';
import { findEntityRows } from '../suggest/find-entity-rows.ts';
import { findFields, type SuggestedField } from '../suggest/find-fields.ts';
import { findNextPage } from '../suggest/find-next-page.ts';
import { findAllRows } from '../suggest/find-rows.ts';
import { loadQuestionPage } from './page-loader.ts';

/**
 * Suggests what to extract from a page.
 * @param onRequest called before each request
 * @throws QuickscrapeError as {@link loadQuestionPage}; `invalid_params` for a page that is no markup
 */
export async function suggestSelectors(
  question: SuggestRequest,
  onRequest?: (sent: RequestSent) => void,
): Promise<SuggestResponse> {
  const { page, isRendered } = await loadQuestionPage(question, onRequest);
  const suggested = suggestFromAny(page);
  if (suggested === undefined) throw noListError(page.url, ORIGIN_FIELDS[question.page.from]);
  const scripts = page.isJson ? null : (findJavascriptReason(page, { selectors: {} }) ?? null);
  return { ...suggested, scripts, url: page.url, is_rendered: isRendered };
}

/** Suggests what to extract from a page of any kind; undefined for JSON in which there is no list of objects. */
export function suggestFromAny(page: Page): SuggestResponse | undefined {
  return page.isJson ? suggestFromData(page) : suggestWithChoices(page);
}

function noListError(url: string, field: string): QuickscrapeError {
  return new QuickscrapeError('invalid_params', `${url} answers with JSON, and no list of objects is in it`, {
    field,
    hint: 'get_page shows it. Give the address that answers with the list.',
  });
}

/** Suggests the lists of objects in JSON as rows; undefined if there are none. */
function suggestFromData(page: Page): SuggestResponse | undefined {
  const roots = readRoots(page);
  const choices = roots.flatMap(findDataLists).map(
    ({ path, rows, fields }): FoundChoice => ({
      item: `json:${path}`,
      rows: rows.length,
      fields: fields.map(toFoundField),
    }),
  );
  const [best] = choices;
  if (best === undefined) return undefined;
  const next = findNextAddress(roots[0] ?? null);
  return { ...best, next: next === null ? null : `json:${next}`, choices };
}

function toFoundField({ name, path, sample }: DataField): FoundChoice['fields'][number] {
  return { name, selector: `json:${path}`, attribute: null, sample };
}

function readRoots(page: Page): JsonValue[] {
  try {
    return readPageJson(page);
  } catch (error) {
    if (error instanceof NoJson) return [];
    throw error;
  }
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
  const shown = findChoices(page).map(({ item, rows, fields }): FoundChoice => {
    const samples = fields.map((field) => ({ ...field, sample: findSample(page, rows, field) }));
    return { item, rows: rows.length, fields: samples };
  });
  const told = findEntityRows(page).map(
    ({ item, rows, fields }): FoundChoice => ({ item, rows, fields: fields.map(toFoundField) }),
  );
  // What a page says for search engines outlives its markup, if it says it of all rows.
  const [best] = shown;
  const isFull = ({ rows }: FoundChoice) =>
    rows >= MIN_ENTITIES && rows >= (best?.rows ?? 0) * MIN_ENTITY_SHARE;
  const choices = [...told.filter(isFull), ...shown, ...told.filter((one) => !isFull(one))].slice(
    0,
    MAX_CHOICES,
  );
  const [first] = choices;
  const next = findNextPage(page);
  if (first === undefined) return { item: null, rows: 0, fields: [], next, choices };
  return { ...first, next, choices };
}

const MIN_ENTITIES = 3;
const MIN_ENTITY_SHARE = 0.8;

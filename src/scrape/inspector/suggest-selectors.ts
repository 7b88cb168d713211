import type { RequestSent, SuggestRequest } from '../../core/configs/scraper-protocol.ts';
import { ORIGIN_FIELDS } from '../../core/configs/scraper-protocol.ts';
import type { FoundChoice, SuggestResponse } from '../../core/configs/suggest-response.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { readPageJson } from '../extract/page-json.ts';
import { NoJson } from '../extract/read-json.ts';
import { getText, select } from '../extract/select.ts';
import type { JsonValue, Page, PageElement } from '../lib/page.ts';
import { findJavascriptReason } from '../source/auto-source.ts';
import { type DataField, findDataLists } from '../suggest/find-data-lists.ts';
import { type DataPagination, findDataPagination, findNextAddress } from '../suggest/find-data-pagination.ts';
import { type EmbeddedList, findEmbeddedLists, isShown } from '../suggest/find-embedded-lists.ts';
import { findEntityRows } from '../suggest/find-entity-rows.ts';
import { findFields, type SuggestedField } from '../suggest/find-fields.ts';
import { findNextPage } from '../suggest/find-next-page.ts';
import { findAllRows } from '../suggest/find-rows.ts';
import { findTable } from '../suggest/find-table.ts';
import { findXmlRows } from '../suggest/find-xml-rows.ts';
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
  if (page.isJson) return suggestFromData(page);
  return page.isXml ? suggestFromXml(page) : suggestWithChoices(page);
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
  if (next !== null) return { ...best, next: `json:${next}`, choices };
  const pagination = findDataPagination(page, roots[0] ?? null, best.rows);
  if (pagination === undefined) return { ...best, next: null, choices };
  return { ...best, next: describePagination(pagination), pagination, choices };
}

function describePagination(pagination: DataPagination): string {
  if (pagination.type === 'cursor') return pagination.selector;
  return pagination.type === 'link_header' ? 'the header Link' : `?${pagination.param_name}=…`;
}

/** Selectors that find the address of the next page in a feed (RFC 5005). */
const NEXT_IN_XML = ['link[rel=next]', 'atom|link[rel=next]'];

/** Suggests the elements of XML that repeat, such as the entries of a feed. */
function suggestFromXml(page: Page): SuggestResponse {
  const choices = findXmlRows(page);
  const [best] = choices;
  const next = NEXT_IN_XML.find((selector) => select(page, selector).length > 0) ?? null;
  return best === undefined
    ? { item: null, rows: 0, fields: [], next: null, choices }
    : { ...best, next, choices };
}

function toFoundField({ name, path, sample }: DataField): FoundChoice['fields'][number] {
  return { name, selector: `json:${path}`, attribute: null, sample };
}

function readRoots(page: Page): readonly JsonValue[] {
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
    const shown = cutSample(text);
    if (shown !== '') return shown;
  }
  return '';
}

function cutSample(text: string): string {
  return Array.from(text.replaceAll(/\s+/g, ' ').trim()).slice(0, SAMPLE_CHARACTERS).join('');
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
  const shown = findChoices(page).map(
    (choice): FoundChoice => describeTable(page, choice.rows) ?? describeElements(page, choice),
  );
  const choices = rankChoices(page, shown).slice(0, MAX_CHOICES);
  const [first] = choices;
  const next = findNextPage(page);
  if (first === undefined) return { item: null, rows: 0, fields: [], next, choices };
  return { ...first, next, choices };
}

function describeElements(page: Page, { item, rows, fields }: Choice): FoundChoice {
  const samples = fields.map((field) => ({ ...field, sample: findSample(page, rows, field) }));
  return { item, rows: rows.length, fields: samples };
}

function describeTable(page: Page, found: readonly PageElement[]): FoundChoice | undefined {
  const table = findTable(page, found);
  if (table === undefined) return undefined;
  const { item, rows, fields, samples } = table;
  return {
    item,
    is_table: true,
    rows: rows.length,
    fields: fields.map((field, at) => ({ ...field, sample: cutSample(samples[at] ?? '') })),
  };
}

/**
 * What a page says for search engines outlives its markup, and so do the data of its scripts: they come first if they
 * hold all rows, or the thing that the page is about.
 */
function rankChoices(page: Page, shown: readonly FoundChoice[]): FoundChoice[] {
  const entities = findEntityRows(page).map(({ isSubject, item, rows, fields }) => ({
    isFirst: isSubject || isFull(rows, shown[0]),
    choice: { item, rows, fields: fields.map(toFoundField) },
  }));
  const lists = findEmbeddedLists(page);
  const said = lists.length === 0 ? '' : getVisibleText(page);
  const embedded = lists.map((list) => ({
    isFirst: isBetter(list, shown[0], said),
    choice: describeEmbedded(list),
  }));
  const all: { isFirst: boolean; choice: FoundChoice }[] = [...entities, ...embedded];
  const [first, last] = [true, false].map((wanted) =>
    all.flatMap(({ isFirst, choice }) => (isFirst === wanted ? [choice] : [])),
  );
  return [...(first ?? []), ...shown, ...(last ?? [])];
}

const MIN_ENTITIES = 3;
const MIN_SHARE = 0.8;

function isFull(rows: number, best: FoundChoice | undefined): boolean {
  return rows >= MIN_ENTITIES && rows >= (best?.rows ?? 0) * MIN_SHARE;
}

/** Data of a script are the rows if the page shows them with fewer fields, or shows no rows at all. */
function isBetter(list: EmbeddedList, best: FoundChoice | undefined, said: string): boolean {
  const { rows = 0, fields = [] } = best ?? {};
  if (isShown(list, said)) return isFull(list.rows.length, best) && list.fields.length > fields.length;
  const isMore = list.rows.length * list.fields.length > rows * fields.length;
  return fields.length < MIN_FIELDS || (isMore && said.length < MAX_LITTLE_TEXT);
}

/** A page with less visible text has menus and no rows. */
const MAX_LITTLE_TEXT = 1_500;

function describeEmbedded({ embedded, path, rows, fields }: EmbeddedList): FoundChoice {
  return { item: `json:${path}`, embedded, rows: rows.length, fields: fields.map(toFoundField) };
}

function getVisibleText(page: Page): string {
  return select(page, 'body').map(getText).join(' ').replaceAll(/\s+/g, ' ');
}

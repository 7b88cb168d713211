import { hash } from 'node:crypto';
import type { PageRequest, RequestSent } from '../../core/configs/scraper-protocol.ts';
import type { PageResponse } from '../../core/configs/shown-page.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { tryParseJson } from '../../core/lib/json.ts';
import { sanitizeLines } from '../../core/lib/sanitize-text.ts';
import { isJsonType } from '../crawl/no-items-error.ts';
import type { PageElement } from '../lib/page.ts';
import { findJavascriptReason } from '../source/auto-source.ts';
import { writeCleanSource } from '../view/clean-source.ts';
import { findPlace, suggestPlaces } from '../view/find-place.ts';
import { outlinePage, outlinePlace } from '../view/page-outline.ts';
import { writeReadableText } from '../view/readable-text.ts';
import { cleanText, getShownRoot } from '../view/visible-content.ts';
import { type LoadedPage, loadQuestionPage } from './page-loader.ts';

type View = Pick<PageResponse, 'outline' | 'place' | 'content' | 'next_offset' | 'notes' | 'revision'>;

/** With less text, what a browser would show may be missing. Characters. */
const LITTLE_TEXT = 2_000;

/**
 * Shows a page: its outline, its text, or its cleaned source. Everything is free of control characters and of concealed
 * values, and fits into `max_bytes` of JSON.
 * @param onRequest called before each request
 * @throws QuickscrapeError as {@link loadQuestionPage}; `invalid_params` when nothing is at `near`
 */
export async function showPage(
  question: PageRequest,
  onRequest?: (sent: RequestSent) => void,
): Promise<PageResponse> {
  const loaded = await loadQuestionPage(question, onRequest);
  const { text } = loaded;
  if (question.as === 'image') {
    const { viewPicture } = await import('./view-picture.ts');
    return { ...describeFacts(loaded), ...(await viewPicture(loaded, question)) };
  }
  const view = text === undefined ? viewMarkup(loaded, question) : viewText(text, question);
  return sanitizeAll({
    ...describeFacts(loaded),
    ...view,
    notes: [...describePage(loaded, view), ...view.notes],
  });
}

function describeFacts({ page, source, bytes, isRendered }: LoadedPage) {
  return {
    url: sanitizeLines(page.url),
    fetched_at: page.fetchedAt,
    content_type: page.contentType,
    bytes,
    source,
    rendered: isRendered,
  };
}

function describePage({ page, text, isRendered }: LoadedPage, { outline, content }: View): string[] {
  const notes = page.note === undefined ? [] : [page.note];
  if (text !== undefined)
    notes.push(`the page is ${isJsonType(page.contentType) ? 'JSON' : 'plain text'}: it is shown as text`);
  // A page with rows, or with much text, has come whole.
  const isSparse = outline === undefined ? (content?.length ?? 0) < LITTLE_TEXT : outline.blocks.length === 0;
  const mayLack = text === undefined && !isRendered && isSparse;
  const reason = mayLack ? findJavascriptReason(page, { selectors: {} }) : undefined;
  if (reason !== undefined)
    notes.push(
      `scripts have not run, and the page ${reason}: parts may be missing that a configuration with backend: browser gets`,
    );
  return notes;
}

function viewMarkup({ page }: LoadedPage, { as, near, offset = 0, max_bytes }: PageRequest): View {
  const place = near === undefined ? undefined : findPlace(page, near);
  if (near !== undefined && place === undefined) throw notFoundError(near, suggestPlaces(page, near));
  if (as === 'outline') {
    const view =
      place === undefined
        ? { outline: outlinePage(page, max_bytes) }
        : { place: outlinePlace(page, place, max_bytes) };
    return { ...view, next_offset: null, notes: [], revision: '' };
  }
  const elements = place && withoutNested(place.elements);
  if (as === 'text') {
    const { text, notes } = writeReadableText(page, elements);
    return cutContent(text, offset, max_bytes, notes);
  }
  const roots = elements ?? [getShownRoot(page) ?? []].flat();
  const html = roots.map((element) => writeCleanSource(element, page.isXml)).join('\n\n');
  return cutContent(html, offset, max_bytes, []);
}

/** An element inside another one is shown with it. */
function withoutNested(elements: readonly PageElement[]): PageElement[] {
  const all = new Set<unknown>(elements);
  return elements.filter((element) => {
    for (let { parent } = element; parent !== null; parent = parent.parent) if (all.has(parent)) return false;
    return true;
  });
}

/** Characters before a place in a plain text. */
const CHARACTERS_BEFORE = 500;

function viewText(text: string, { near, offset = 0, max_bytes }: PageRequest): View {
  const shown = indentJson(text);
  if (near === undefined || offset > 0) return cutContent(shown, offset, max_bytes, []);
  const at = shown.toLowerCase().indexOf(near.toLowerCase());
  if (at < 0) throw notFoundError(near, 'Leave near out for the beginning of the text, and go on by cursor.');
  const start = Math.max(0, at - CHARACTERS_BEFORE);
  return cutContent(shown, start, max_bytes, []);
}

/** JSON in one line of a megabyte says nothing. */
function indentJson(text: string): string {
  if (text.includes('\n  ')) return text;
  const value = tryParseJson(text);
  return typeof value === 'object' && value !== null ? JSON.stringify(value, null, 1) : text;
}

/** Cuts a content to what fits from an offset on, at the end of a line if one is near. */
function cutContent(content: string, offset: number, maxBytes: number, notes: string[]): View {
  const revision = hash('sha256', content, 'hex').slice(0, 12);
  let end = Math.min(content.length, offset + maxBytes);
  for (;;) {
    const bytes = Buffer.byteLength(JSON.stringify(sanitizeLines(content.slice(offset, end))));
    if (bytes <= maxBytes) break;
    end = offset + Math.max(1, Math.floor((end - offset) * Math.min(0.95, maxBytes / bytes)));
  }
  if (end < content.length) {
    const line = content.lastIndexOf('\n', end - 1) + 1;
    if (line > offset + (end - offset) / 2) end = line;
    else if (/[\uD800-\uDBFF]/.test(content.charAt(end - 1)) && end - 1 > offset) end -= 1;
  }
  const isLast = end >= content.length;
  return {
    content: content.slice(offset, end),
    next_offset: isLast ? null : end,
    notes: [
      ...notes,
      ...(offset === 0 && isLast && content.trim() === ''
        ? ['there is no text here: as: html shows the source']
        : []),
      ...(isLast ? [] : [`shown are characters ${offset} to ${end} of ${content.length}; cursor continues`]),
    ],
    revision,
  };
}

function notFoundError(near: string, hint: string): QuickscrapeError {
  return new QuickscrapeError(
    'invalid_params',
    `near: nothing on the page matches “${cleanText(near, 100)}”, neither as a selector nor as a text`,
    { field: 'near', hint },
  );
}

/** Names of elements and attributes, and selectors made of them, come from the page too. */
function sanitizeAll<T>(value: T): T {
  if (typeof value === 'string') return sanitizeLines(value) as T;
  if (Array.isArray(value)) return value.map(sanitizeAll) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [sanitizeLines(name), sanitizeAll(inner)]),
  ) as T;
}

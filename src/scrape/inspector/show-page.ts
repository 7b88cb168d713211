import { cutContent } from '../../core/configs/cut-content.ts';
import type { PageRequest, RequestSent } from '../../core/configs/scraper-protocol.ts';
import type { PageResponse } from '../../core/configs/shown-page.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { tryParseJson } from '../../core/lib/json.ts';
import { sanitizeAll, sanitizeLines } from '../../core/lib/sanitize-text.ts';
import { readPageJson } from '../extract/page-json.ts';
import { NoJson } from '../extract/read-json.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { findJavascriptReason } from '../source/auto-source.ts';
import { writeCleanSource } from '../view/clean-source.ts';
import { outlineData } from '../view/data-outline.ts';
import { findPlace, suggestPlaces } from '../view/find-place.ts';
import { outlinePage, outlinePlace, type PageOutline } from '../view/page-outline.ts';
import { writeReadableText } from '../view/readable-text.ts';
import { cleanText, getShownRoot } from '../view/visible-content.ts';
import { type LoadedPage, loadQuestionPage } from './page-loader.ts';

type View = Pick<
  PageResponse,
  'outline' | 'place' | 'content' | 'next_offset' | 'notes' | 'revision' | 'whole'
>;

/** With less text, what a browser would show may be missing. Characters. */
const LITTLE_TEXT = 2_000;
/** Longer contents are not given as a whole, in characters: a response may have 4 MB. */
const MAX_WHOLE = 1_000_000;

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
  const { whole, ...view } =
    text === undefined
      ? viewMarkup(loaded, question)
      : (viewData(loaded, question) ?? viewText(text, question));
  const mayContinue = question.whole && view.next_offset !== null && (whole?.length ?? 0) <= MAX_WHOLE;
  return {
    ...sanitizeAll({
      ...describeFacts(loaded),
      ...view,
      notes: [...describePage(loaded, view), ...view.notes],
    }),
    // Its offsets are those of the unclean text: each part is cleaned when it is shown.
    ...(mayContinue && { whole }),
  };
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

function describePage({ page, text, bytes, isRendered }: LoadedPage, { outline, content }: View): string[] {
  const notes = page.note === undefined ? [] : [page.note];
  if (bytes === 0) return [...notes, 'the page is empty: the site answered with 0 bytes'];
  if (text !== undefined && outline === undefined)
    notes.push(`the page is ${page.isJson ? 'JSON' : 'plain text'}: it is shown as text`);
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
        ? { outline: recallOutline(page, max_bytes) }
        : { place: outlinePlace(page, place, max_bytes) };
    return { ...view, next_offset: null, notes: [], revision: '' };
  }
  const elements = place && withoutNested(place.elements);
  if (as === 'text') {
    const { text, notes } = writeReadableText(page, elements);
    return cutView(text, offset, max_bytes, notes);
  }
  const roots = elements ?? [getShownRoot(page) ?? []].flat();
  const html = roots.map((element) => writeCleanSource(element, page.isXml)).join('\n\n');
  return cutView(html, offset, max_bytes, []);
}

/** Of pages that are remembered. An assistant comes back to the outline. */
const outlines = new WeakMap<Page, { maxBytes: number; outline: PageOutline }>();

function recallOutline(page: Page, maxBytes: number): PageOutline {
  const known = outlines.get(page);
  if (known?.maxBytes === maxBytes) return known.outline;
  const outline = outlinePage(page, maxBytes);
  outlines.set(page, { maxBytes, outline });
  return outline;
}

/** An element inside another one is shown with it. */
function withoutNested(elements: readonly PageElement[]): PageElement[] {
  const all = new Set<unknown>(elements);
  return elements.filter((element) => {
    for (let { parent } = element; parent !== null; parent = parent.parent) if (all.has(parent)) return false;
    return true;
  });
}

/** Outlines JSON; undefined for what is only text. */
function viewData({ page }: LoadedPage, { as, near, offset = 0, max_bytes }: PageRequest): View | undefined {
  if (!page.isJson || as !== 'outline' || near !== undefined || offset > 0) return undefined;
  try {
    const [root = null] = readPageJson(page);
    return { outline: outlineData(root, max_bytes), next_offset: null, notes: [], revision: '' };
  } catch (error) {
    if (error instanceof NoJson) return undefined;
    throw error;
  }
}

/** Characters before a place in a plain text. */
const CHARACTERS_BEFORE = 500;

function viewText(text: string, { near, offset = 0, max_bytes }: PageRequest): View {
  const shown = indentJson(text);
  if (near === undefined || offset > 0) return cutView(shown, offset, max_bytes, []);
  const at = shown.toLowerCase().indexOf(near.toLowerCase());
  if (at < 0) throw notFoundError(near, 'Leave near out for the beginning of the text, and go on by cursor.');
  const start = Math.max(0, at - CHARACTERS_BEFORE);
  return cutView(shown, start, max_bytes, []);
}

/** JSON in one line of a megabyte says nothing. */
function indentJson(text: string): string {
  if (text.includes('\n  ')) return text;
  const value = tryParseJson(text);
  return typeof value === 'object' && value !== null ? JSON.stringify(value, null, 1) : text;
}

/** A part of a content, and the whole of it for {@link PageRequest.whole}. */
function cutView(content: string, offset: number, maxBytes: number, notes: string[]): View {
  const part = cutContent(content, offset, maxBytes);
  const isEmpty = offset === 0 && part.next_offset === null && content.trim() === '';
  const empty = isEmpty ? ['there is no text here: as: html shows the source'] : [];
  return { ...part, notes: [...notes, ...empty, ...part.notes], whole: content };
}

function notFoundError(near: string, hint: string): QuickscrapeError {
  return new QuickscrapeError(
    'invalid_params',
    `near: nothing on the page matches “${cleanText(near, 100)}”, neither as a selector nor as a text`,
    { field: 'near', hint },
  );
}

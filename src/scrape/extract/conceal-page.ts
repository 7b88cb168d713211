import type { CheerioAPI } from 'cheerio';
import { tryParseJson } from '../../core/lib/json.ts';
import type { Conceal } from '../../core/lib/redact.ts';
import type { Page, PageElement, PageNode, PageRoot } from '../lib/page.ts';

/** A page as its site sent it, if selectors see a changed version. */
interface Original {
  url: string;
  /** The attributes that were changed. */
  attributes: Map<PageElement, Record<string, string>>;
  /** The texts that were changed, as they were: of JSON and of scripts. */
  texts: string[];
  conceal: Conceal;
}

const originals = new WeakMap<CheerioAPI, Original>();

/** A character that no variable's value contains, and that no match spans. */
const SEPARATOR = '\uffff';

/**
 * Hides variables' values from clients that must not learn them. `${NAME}` replaces each value in the page's address,
 * texts, attributes and their names, and names of elements, so no selector, pattern or count reveals it. Changes the page
 * in place. Requests still use the original ({@link getOriginalUrl}, {@link getOriginalAttribute},
 * {@link withOriginalAttributes}).
 */
export function concealPage(page: Page, conceal: Conceal): Page {
  const texts: TextNode[] = [];
  const comments: TextNode[] = [];
  const elements: PageElement[] = [];
  const left: (PageNode | PageRoot)[] = [page.$.root()[0] as PageRoot];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if ('attribs' in node) elements.push(node);
    else if ('data' in node) (node.type === 'text' ? texts : comments).push(node);
    if ('children' in node)
      for (let at = node.children.length; at-- > 0; ) left.push(node.children[at] as PageNode);
  }
  // A value may span several elements, so their texts are searched as one.
  const shown = conceal(texts.map(({ data }) => data));
  const changed: string[] = [];
  for (const [at, node] of texts.entries()) {
    if (node.data !== shown[at]) changed.push(node.data);
    node.data = shown[at] ?? '';
  }
  for (const node of comments) node.data = concealText(conceal, node.data);
  const attributes = concealAttributes(elements, conceal);
  originals.set(page.$, { url: page.url, attributes, texts: changed, conceal });
  return { ...page, url: concealText(conceal, page.url) };
}

type TextNode = Extract<PageNode, { data: string }>;

function concealText(conceal: Conceal, text: string): string {
  return conceal([text])[0] ?? '';
}

function concealAttributes(
  elements: readonly PageElement[],
  conceal: Conceal,
): Map<PageElement, Record<string, string>> {
  const changed = new Map<PageElement, Record<string, string>>();
  const all = elements.flatMap((element) =>
    Object.entries(element.attribs).map(([name, value]) => ({ element, name, value })),
  );
  // One call for all: a page has hundreds of thousands of attributes.
  const joined = concealText(conceal, all.map(({ value }) => value).join(SEPARATOR)).split(SEPARATOR);
  const isSplit = joined.length === all.length;
  for (const [at, { element, name, value }] of all.entries()) {
    const shown = (isSplit ? joined[at] : undefined) ?? concealText(conceal, value);
    if (shown === value) continue;
    if (!changed.has(element)) changed.set(element, { ...element.attribs });
    element.attribs[name] = shown;
  }
  concealNames(elements, conceal, changed);
  return changed;
}

/**
 * Hides values in the names of elements and of their attributes.
 * @param changed receives the attributes of the elements as they were, unless it has them
 */
function concealNames(
  elements: readonly PageElement[],
  conceal: Conceal,
  changed: Map<PageElement, Record<string, string>>,
): void {
  const namesOf = (element: PageElement) => [element.name, ...Object.keys(element.attribs)];
  const distinct = new Set(elements.map((element) => namesOf(element).join(SEPARATOR)));
  const revealing = new Map<string, string[]>();
  for (const joined of distinct) {
    const names = joined.split(SEPARATOR);
    // A slash in a value begins another name, so they are searched as one text.
    const shown = conceal(names);
    if (shown.some((name, at) => name !== names[at])) revealing.set(joined, shown);
  }
  if (revealing.size === 0) return;
  for (const element of elements) {
    const shown = revealing.get(namesOf(element).join(SEPARATOR));
    if (shown === undefined) continue;
    if (!changed.has(element)) changed.set(element, { ...element.attribs });
    renameElement(element, shown);
  }
}

/** @param names of the element and of its attributes; `''` for the rest of the name before it */
function renameElement(element: PageElement, [name = '', ...names]: readonly string[]): void {
  const attribs: Record<string, string> = {};
  let last = '';
  for (const [at, value] of Object.values(element.attribs).entries()) {
    last = names[at] || last;
    if (last !== '') attribs[last] = `${names[at] === '' ? (attribs[last] ?? '') : ''}${value}`;
  }
  element.name = name;
  element.attribs = attribs;
}

/** Returns the address from which a page was really fetched. */
export function getOriginalUrl(page: Page): string {
  return originals.get(page.$)?.url ?? page.url;
}

/**
 * Returns a text of JSON as the site wrote it, from the text that selectors see. Of several texts that look the same the
 * first one counts.
 */
export function getOriginalText({ $ }: Pick<Page, '$'>, shown: string): string {
  const original = originals.get($);
  if (original === undefined || !shown.includes('${')) return shown;
  for (const text of original.texts) {
    for (const [literal] of text.matchAll(/"(?:[^"\\]|\\.)*"/g)) {
      const written = tryParseJson(literal);
      if (typeof written === 'string' && concealText(original.conceal, written) === shown) return written;
    }
  }
  return shown;
}

/** Returns an attribute as the site wrote it. */
export function getOriginalAttribute(
  { $ }: Pick<Page, '$'>,
  element: PageElement,
  name: string,
): string | undefined {
  const attributes = originals.get($)?.attributes.get(element) ?? element.attribs;
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}

/** Runs `work` with the attributes as the site wrote them. Selectors of a configuration must not run meanwhile. */
export function withOriginalAttributes<T>({ $ }: Pick<Page, '$'>, work: () => T): T {
  const changed = [...(originals.get($)?.attributes ?? [])];
  const shown = changed.map(([element]) => element.attribs);
  for (const [element, written] of changed) element.attribs = written;
  try {
    return work();
  } finally {
    for (const [at, [element]] of changed.entries()) element.attribs = shown[at] ?? element.attribs;
  }
}

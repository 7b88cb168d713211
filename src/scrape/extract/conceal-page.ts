import type { CheerioAPI } from 'cheerio';
import type { Page, PageElement, PageNode, PageRoot } from '../lib/page.ts';
import type { Conceal } from '../lib/redact.ts';

/** A page as its site sent it, where what selectors see is another. */
interface Original {
  url: string;
  /** The attributes that were changed. */
  attributes: Map<PageElement, Record<string, string>>;
}

const originals = new WeakMap<CheerioAPI, Original>();

/** No value of a variable holds it, and no match goes over it. */
const SEPARATOR = '\uffff';

/**
 * The page as somebody may see it who must not learn what variables hold: `${NAME}` stands in its address, texts and
 * attributes wherever their values did, so no selector, pattern or count can tell of them. Changes the page in place; what
 * is fetched or sent goes by what the site wrote ({@link getOriginalUrl}, {@link getOriginalAttribute}, {@link withOriginalAttributes}).
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
  // A value may go on over the borders of elements: what they hold is read in one piece.
  const shown = conceal(texts.map(({ data }) => data));
  for (const [at, node] of texts.entries()) node.data = shown[at] ?? '';
  for (const node of comments) node.data = concealText(conceal, node.data);
  const attributes = concealAttributes(elements, conceal);
  originals.set(page.$, { url: page.url, attributes });
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
  // Read at once: a page has hundreds of thousands.
  const joined = concealText(conceal, all.map(({ value }) => value).join(SEPARATOR)).split(SEPARATOR);
  const isSplit = joined.length === all.length;
  for (const [at, { element, name, value }] of all.entries()) {
    const shown = (isSplit ? joined[at] : undefined) ?? concealText(conceal, value);
    if (shown === value) continue;
    if (!changed.has(element)) changed.set(element, { ...element.attribs });
    element.attribs[name] = shown;
  }
  return changed;
}

/** Where a page really came from. */
export function getOriginalUrl(page: Page): string {
  return originals.get(page.$)?.url ?? page.url;
}

/** An attribute as the site wrote it. */
export function getOriginalAttribute(
  { $ }: Pick<Page, '$'>,
  element: PageElement,
  name: string,
): string | undefined {
  const attributes = originals.get($)?.attributes.get(element) ?? element.attribs;
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}

/** Does what needs a page's attributes as the site wrote them. No selector of a configuration may be asked meanwhile. */
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

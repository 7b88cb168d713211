import { isElement } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { getClasses } from './dom-helpers.ts';

/** An element of a page with its visible content: counts include the element and its descendants. */
export interface OutlineNode {
  readonly element: PageElement;
  /** The parent element; `null` at the top. */
  readonly parent: OutlineNode | null;
  /** Its position in document order; `end` is that of its last descendant. */
  readonly at: number;
  end: number;
  /** Number of characters without white space; `linked` counts those in links. */
  text: number;
  linked: number;
  /** Elements with a text of their own, and images. */
  pieces: number;
  links: number;
  pictures: number;
  headings: number;
  /** Form fields and buttons. */
  controls: number;
}

/** Elements after this number are ignored. */
export const MAX_ELEMENTS = 50_000;

/** Tags in which no visible row can be: scripts, drawings, lists of choices, and HTML's own navigation. */
const INVISIBLE_TAGS = new Set([
  'script',
  'style',
  'noscript',
  'template',
  'svg',
  'math',
  'select',
  'datalist',
  'nav',
  'iframe',
  'head',
]);
const CONTROL_TAGS = new Set(['input', 'button', 'textarea', 'label']);

/** Returns the elements of a page in document order, without those that are never part of a list. */
export function createOutline(page: Page): OutlineNode[] {
  const outline: OutlineNode[] = [];
  const [root] = page.$('body').toArray();
  if (root === undefined || !isElement(root)) return outline;
  // A stack instead of recursion: pages can be nested deeper than the call stack allows.
  const left: { element: PageElement; parent: OutlineNode | null }[] = [{ element: root, parent: null }];
  for (let next = left.pop(); next !== undefined && outline.length < MAX_ELEMENTS; next = left.pop()) {
    const outlined = measureElement(next.element, next.parent, outline.length);
    outline.push(outlined);
    for (let child = next.element.lastChild; child !== null; child = child.prev)
      if (isElement(child) && isVisible(child)) left.push({ element: child, parent: outlined });
  }
  // Descendants come after their ancestors, so in reverse order each count is complete before it is added.
  for (const outlined of outline.toReversed()) addToParent(outlined);
  return outline;
}

function isVisible({ name, attribs }: PageElement): boolean {
  return !INVISIBLE_TAGS.has(name) && attribs['role'] !== 'navigation' && attribs['hidden'] === undefined;
}

function measureElement(element: PageElement, parent: OutlineNode | null, at: number): OutlineNode {
  const { name } = element;
  const text = countOwnCharacters(element);
  const isPicture = name === 'img' || name === 'picture';
  return {
    element,
    parent,
    at,
    end: at,
    text,
    linked: 0,
    pieces: text > 0 || name === 'img' ? 1 : 0,
    links: name === 'a' && element.attribs['href'] !== undefined ? 1 : 0,
    pictures: isPicture ? 1 : 0,
    headings: /^h[1-6]$/.test(name) ? 1 : 0,
    controls: CONTROL_TAGS.has(name) ? 1 : 0,
  };
}

function addToParent(outlined: OutlineNode): void {
  const { parent } = outlined;
  if (outlined.links > 0 && outlined.element.name === 'a') outlined.linked = outlined.text;
  if (parent === null) return;
  parent.end = Math.max(parent.end, outlined.end);
  for (const count of ['text', 'linked', 'pieces', 'links', 'pictures', 'headings', 'controls'] as const)
    parent[count] += outlined[count];
}

function countOwnCharacters({ children }: PageElement): number {
  let count = 0;
  for (const node of children) {
    if (node.type !== 'text') continue;
    for (let at = 0; at < node.data.length; at += 1) {
      const code = node.data.charCodeAt(at);
      if (code > 32 && code !== 160) count += 1;
    }
  }
  return count;
}

/** Whether `inner` is inside `outer`. */
export function contains(outer: OutlineNode, inner: OutlineNode): boolean {
  return outer.at < inner.at && inner.at <= outer.end;
}

/** Names of areas for navigation, or of areas beside the page's subject. */
const BOILERPLATE =
  /^(?:nav|navs|navbar|navigation|menu|menus|mega|(?:sub|mega|top|main|side|site)(?:menu|nav)|sidebar|aside|breadcrumbs?|pagination|pager|paginator|footer|foot|masthead|widgets?|tagcloud|cloud|cookies?|consent|dropdown|toolbar|social|share|sharing|filters?|facets?|refinements?|calendar|newsletter|toc|legal|copyright)$/;
/** Names that usually mean such an area, but sometimes the list itself. */
const MAYBE_BOILERPLATE =
  /^(?:side|header|topbar|tags?|modal|popup|related|recommended|recommendations|banner|banners|refine|languages?|lang|locale|login|signin|signup|subscribe|ads?|advert|advertisement|sponsors?|promo|promos|trending|popular|recent|archives?|skip|sitemap|slider|carousel)$/;
/** Classes of rows that belong to such an area. */
const OWN_BOILERPLATE =
  /^(?:nav|menu|submenu|breadcrumbs?|pagination|pager|page|widget|tag|social|share|footer|dropdown|toolbar|filter|facet|lang|language|toc)(?:[-_]list)?(?:[-_]{1,2}(?:item|link|li|entry|block|button))?$/i;
const BOILERPLATE_TAGS = new Set(['header', 'footer', 'aside', 'form', 'menu', 'dialog', 'fieldset']);
const BOILERPLATE_ROLES = new Set([
  'banner',
  'contentinfo',
  'complementary',
  'search',
  'menu',
  'menubar',
  'dialog',
  'tablist',
  'toolbar',
]);
const MAIN =
  /^(?:main|content|primary|maincontent|main-content|results|search-results|page-content|site-content|contents)$/i;

/** An area with more of the page's text is no boilerplate, whatever its name: ASP.NET puts whole pages into a form. */
const MAX_BOILERPLATE = 0.4;
/** An area that is called a menu and consists of links is boilerplate, however long it is. */
const MIN_LINKED = 0.9;

/** Distinguishes the parts of a site that every page has from the page's own content. */
export class PageAreas {
  readonly #known = new Map<OutlineNode, number>();
  readonly #text: number;

  constructor(outline: readonly OutlineNode[]) {
    this.#text = outline[0]?.text ?? 0;
  }

  /** Returns how likely a row or an ancestor is boilerplate: from 0 to 1. */
  getBoilerplateScore(row: OutlineNode): number {
    return getClasses(row.element).some((name) => OWN_BOILERPLATE.test(name)) ? 1 : this.#around(row.parent);
  }

  #around(outlined: OutlineNode | null): number {
    if (outlined === null) return 0;
    let known = this.#known.get(outlined);
    if (known === undefined) {
      const called = scoreBoilerplateNames(outlined);
      const isSmall = outlined.text <= this.#text * MAX_BOILERPLATE;
      const isLinks = called === 1 && outlined.linked >= outlined.text * MIN_LINKED;
      known = Math.max(isSmall || isLinks ? called : 0, this.#around(outlined.parent));
      this.#known.set(outlined, known);
    }
    return known;
  }
}

function scoreBoilerplateNames(outlined: OutlineNode): number {
  const { name, attribs } = outlined.element;
  if (BOILERPLATE_TAGS.has(name) || BOILERPLATE_ROLES.has(attribs['role'] ?? '')) return 1;
  const tokens = getNameTokens(outlined);
  if (tokens.some((token) => BOILERPLATE.test(token))) return 1;
  return tokens.some((token) => MAYBE_BOILERPLATE.test(token)) ? 0.5 : 0;
}

/** Whether an ancestor of a row is marked as the main content. */
export function isInMainContent(row: OutlineNode): boolean {
  for (let { parent } = row; parent !== null; parent = parent.parent) {
    const { name, attribs } = parent.element;
    if (name === 'main' || attribs['role'] === 'main' || MAIN.test(attribs['id'] ?? '')) return true;
  }
  return false;
}

/** WordPress puts the subjects of a post into its classes. */
const SUBJECT = /(?:^|\s)(?:tag|category)-\S+/g;

/** Returns the words in an element's classes and id: of `siteNav top-menu` these are site, nav, top and menu. */
export function getNameTokens({ element: { attribs } }: OutlineNode): string[] {
  return `${(attribs['class'] ?? '').replaceAll(SUBJECT, '')} ${attribs['id'] ?? ''}`
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((token) => token !== '');
}

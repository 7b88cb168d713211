import { getClasses } from './dom-helpers.ts';
import type { OutlineNode } from './outline.ts';

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

import { compileCss, isElement } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { isDescriptive } from './dom-helpers.ts';

/** A compound selector for one element, without combinators. */
export interface Mark {
  css: string;
  /** How likely the next version of the site still has it: 0 (a position) to 5 (meant for programs). */
  stability: number;
  /** For people: what it relies on. */
  why: string;
  /** What all its matches have, to look them up: `.class`, `[attribute]` or `tag`. */
  key: string;
}

/** Characters that may not be in a selector: YAML cannot hold them, or a configuration would fill in a variable. */
const UNUSABLE = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u2028\u2029\ufeff]|\$\{/u;
const MAX_NAME = 80;

/**
 * Escapes a name for use in a selector (CSSOM, "serialize an identifier"). The engine (css-what) takes fewer characters
 * than CSS as they are: U+0080 to U+00AF are escaped as well.
 */
export function escapeName(name: string): string {
  const escaped = name.replaceAll(/[^\w\u00b0-\u{10ffff}-]/gu, (sign) => `\\${sign}`);
  return escaped
    .replace(/^(-?)(\d)/, (_, dash: string, digit: string) => `${dash}\\3${digit} `)
    .replace(/^-$/, '\\-');
}

/** Quotes an attribute's value for a selector. */
export function quoteValue(value: string): string {
  return `"${value.replaceAll(/["\\]/g, (sign) => `\\${sign}`)}"`;
}

/** Attributes that are written for programs, and whose values say what an element is. */
const MEANINGFUL: readonly [RegExp, string][] = [
  [
    /^data-(?:test|testid|test-id|qa|cy|automation|hook|role|type|field|name|component|component-type|element|label|attribute|key)$/,
    'data attribute',
  ],
  [/^(?:itemprop|itemtype|typeof|property)$/, 'microdata'],
  [/^(?:rel|role|scope|headers|for)$/, 'meaning in HTML'],
  [/^(?:name|type)$/, 'name of a field'],
];
/** Tags that say what their content is. */
const SEMANTIC = new Set(
  'article time h1 h2 h3 h4 h5 h6 address figure figcaption main dt dd th caption blockquote summary title'.split(
    ' ',
  ),
);

/** Returns selectors for an element by itself, the most stable first. */
export function findMarks(element: PageElement, isXml: boolean): Mark[] {
  const tag = escapeName(element.name);
  const { name: key } = element;
  if (isXml) return [{ css: tag, stability: 4, why: 'element name', key }];
  const marks = [...attributeMarks(element), ...classMarks(element), ...idMarks(element)];
  if (SEMANTIC.has(key)) marks.push({ css: tag, stability: 3, why: 'semantic element', key });
  else marks.push({ css: tag, stability: 1, why: 'element name', key });
  return marks.sort((one, other) => other.stability - one.stability);
}

function attributeMarks({ name: tag, attribs }: PageElement): Mark[] {
  return Object.entries(attribs).flatMap(([name, value]): Mark[] => {
    if (!isUsable(name) || !/^[a-z][\w-]*$/.test(name)) return [];
    const why = MEANINGFUL.find(([pattern]) => pattern.test(name))?.[1];
    const key = `[${name}]`;
    if (why !== undefined && isUsable(value) && !/\d{4}/.test(value))
      return [{ css: `${isShared(name) ? tag : ''}[${name}=${quoteValue(value)}]`, stability: 5, why, key }];
    // That it is there: its value is another one in each row.
    const isData =
      name.startsWith('data-') && !/^data-(?:v|react|ng|s|css|svelte|astro|aos|emotion)/.test(name);
    return isData ? [{ css: `${tag}[${name}]`, stability: 3, why: 'data attribute', key }] : [];
  });
}

function isShared(name: string): boolean {
  return /^(?:rel|role|type|name|scope|property)$/.test(name);
}

function classMarks({ name: tag, attribs }: PageElement): Mark[] {
  const names = [...new Set((attribs['class'] ?? '').split(/\s+/))].filter((name) => name !== '');
  return names.filter(isUsable).map((name): Mark => {
    const isPlain = /^-?[A-Za-z_][\w-]*$/.test(name) && isDescriptive(name);
    const css = `${isPlain ? '' : escapeName(tag)}.${escapeName(name)}`;
    const key = `.${name}`;
    return isPlain
      ? { css, stability: name.length > 2 ? 4 : 2, why: 'stable class', key }
      : { css, stability: 1.5, why: 'class that may change', key };
  });
}

function idMarks({ attribs }: PageElement): Mark[] {
  const id = attribs['id'] ?? '';
  if (id === '' || /\s/.test(id) || !isUsable(id)) return [];
  return [{ css: `#${escapeName(id)}`, stability: /\d/.test(id) ? 1 : 4, why: 'id', key: '[id]' }];
}

/** Whether a name or value from a page may become part of a selector. */
export function isUsable(text: string): boolean {
  return text !== '' && text.length <= MAX_NAME && !UNUSABLE.test(text);
}

/** Joins selectors: each step away from the element makes them a bit less stable. */
export function joinMarks(outer: Mark, combinator: ' > ' | ' ', inner: Mark): Mark {
  const weaker = outer.stability < inner.stability ? outer : inner;
  const mean = (outer.stability + inner.stability) / 2;
  return {
    css: `${outer.css}${combinator}${inner.css}`,
    stability: Math.max(0, (inner.stability < 2 ? mean : Math.min(mean, inner.stability)) - 0.3),
    why: weaker.why === inner.why ? inner.why : `${inner.why} in ${outer.css}`.slice(0, 60),
    key: inner.key,
  };
}

/** Finds the elements of a page that a mark matches, without a search of the whole page for each mark. */
export class MarkIndex {
  readonly #page: Page;
  readonly #byKey = new Map<string, PageElement[]>();
  readonly #found = new Map<string, PageElement[]>();

  /** @param elements all elements of the page, in document order */
  constructor(page: Page, elements: readonly PageElement[]) {
    this.#page = page;
    for (const element of elements) {
      this.#add(element.name, element);
      for (const name of new Set((element.attribs['class'] ?? '').split(/\s+/)))
        this.#add(`.${name}`, element);
      for (const name of Object.keys(element.attribs)) if (name !== 'class') this.#add(`[${name}]`, element);
    }
  }

  #add(key: string, element: PageElement): void {
    const list = this.#byKey.get(key);
    if (list === undefined) this.#byKey.set(key, [element]);
    else list.push(element);
  }

  /** Returns the elements that match, in document order. */
  select({ css, key }: Mark): readonly PageElement[] {
    let found = this.#found.get(css);
    if (found === undefined) {
      const possible = this.#byKey.get(key) ?? [];
      const matches = css === key ? undefined : compileCss(css, this.#page.isXml);
      if (css === key) found = possible;
      else if (matches !== undefined) found = possible.filter(matches);
      else found = this.#page.$(possible).filter(css).toArray().filter(isElement);
      this.#found.set(css, found);
    }
    return found;
  }
}

import { RootFinder } from '../extract/row-roots.ts';
import { isElement, select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { parseDataSelector } from '../selectors/data-selector.ts';
import { parseXPathSelector } from '../selectors/selector-syntax.ts';
import { getDescendants } from './dom-helpers.ts';
import { findNearNames, MAX_ELEMENTS, type NearestMiss } from './near-names.ts';
import { findNearestDataMiss } from './nearest-data-miss.ts';
import { followXPath } from './nearest-xpath-miss.ts';

/** One step of a selector: its combinator (empty for the first one) and its simple selectors. */
interface Step {
  combinator: '' | ' ' | '>' | '+';
  tokens: string[];
}

/** Selectors with more steps are not followed to their end. */
const MAX_STEPS = 12;

const TOKEN =
  /^(?:\*|[A-Za-z_][\w-]*\|[A-Za-z_][\w-]*|[.#]?-?[A-Za-z_][\w-]*|\[[^\][]*\]|:(?:first|last|only)-(?:child|of-type))/;
const COMBINATOR = /^\s*([>+])\s*|^\s+/;

/**
 * Follows a selector that matches nothing, up to the part that fails.
 * @param roots the elements within which it should match; default: the page
 * @returns undefined for selectors that begin with what cannot be followed, such as `:has()`, and for an XPath that is no
 *   path
 */
export function findNearestMiss(
  page: Page,
  selector: string,
  roots?: readonly PageElement[],
): NearestMiss | undefined {
  const data = parseDataSelector(selector);
  if (data !== undefined) return findNearestDataMiss(page, data, []);
  const expression = parseXPathSelector(selector);
  if (expression !== undefined) return followXPath(page, expression, roots);
  const [first] = splitList(selector)
    .flatMap((one) => followSelector(page, one, roots) ?? [])
    .sort((a, b) => b.prefix.length - a.prefix.length);
  return first;
}

/** Splits a list of selectors at its commas; commas within brackets do not count. */
function splitList(selector: string): string[] {
  return selector.split(/,(?![^([]*[)\]])/).slice(0, 3);
}

function followSelector(
  page: Page,
  selector: string,
  roots: readonly PageElement[] | undefined,
): NearestMiss | undefined {
  const steps = parseSteps(selector.trim());
  const scope = new Scope(page, roots);
  const done: Step[] = [];
  let matched: readonly PageElement[] = [];
  for (const { combinator, tokens } of steps) {
    const step: Step = { combinator, tokens: [] };
    for (const [index, token] of tokens.entries()) {
      const longer = [...done, { combinator, tokens: [...step.tokens, token] }];
      const found = scope.select(formatSteps(longer));
      if (found.length === 0) {
        const place = index > 0 ? matched : scope.after(matched, done.length === 0 ? '' : combinator);
        const prefix = formatSteps(step.tokens.length === 0 ? done : [...done, step]);
        const count = prefix === '' ? 0 : matched.length;
        const wanted = prefix === '' ? (roots?.length ?? 0) : count;
        const others = tokens.slice(index + 1);
        return {
          prefix,
          matched: count,
          missing: token,
          near: findNearNames(page, place, token, others, wanted),
        };
      }
      matched = found;
      step.tokens.push(token);
    }
    done.push(step);
  }
  return undefined;
}

/** Reads a selector up to the first part that is not a name, an attribute or a position. */
function parseSteps(selector: string): Step[] {
  const steps: Step[] = [{ combinator: '', tokens: [] }];
  let rest = selector;
  while (rest !== '' && steps.length <= MAX_STEPS) {
    const last = steps.at(-1) as Step;
    const [token] = TOKEN.exec(rest) ?? [];
    if (token !== undefined && !(last.tokens.length > 0 && /^[\w*-]/.test(token))) {
      last.tokens.push(token);
      rest = rest.slice(token.length);
      continue;
    }
    const [sign, combinator] = COMBINATOR.exec(rest) ?? [];
    if (sign === undefined || last.tokens.length === 0) break;
    steps.push({ combinator: (combinator ?? ' ') as Step['combinator'], tokens: [] });
    rest = rest.slice(sign.length);
  }
  return steps.filter(({ tokens }) => tokens.length > 0);
}

function formatSteps(steps: readonly Step[]): string {
  return steps
    .map(({ combinator, tokens }) => {
      const sign = combinator === '' || combinator === ' ' ? combinator : ` ${combinator} `;
      return sign + tokens.join('');
    })
    .join('');
}

/** The part of a page in which a selector should match. */
class Scope {
  readonly #page: Page;
  readonly #roots: readonly PageElement[] | undefined;
  readonly #finder: RootFinder | undefined;

  constructor(page: Page, roots: readonly PageElement[] | undefined) {
    this.#page = page;
    this.#roots = roots;
    this.#finder = roots && new RootFinder(roots);
  }

  select(selector: string): PageElement[] {
    const found = select(this.#page, selector);
    const finder = this.#finder;
    return finder === undefined ? found : found.filter((element) => finder.rootOf(element) !== undefined);
  }

  /** The elements that a step may match after some elements; for the first step (''), all of the scope. */
  after(elements: readonly PageElement[], combinator: Step['combinator']): PageElement[] {
    if (combinator === '>') return elements.flatMap(({ children }) => children.filter(isElement));
    if (combinator === '+') return elements.flatMap((element) => getNextElement(element) ?? []);
    const around =
      combinator === '' ? (this.#roots ?? this.#page.$._root.children.filter(isElement)) : elements;
    const found = new Set<PageElement>(combinator === '' ? around : []);
    for (const outer of around)
      for (const element of getDescendants(outer)) {
        if (found.size >= MAX_ELEMENTS) return [...found];
        found.add(element);
      }
    return [...found];
  }
}

function getNextElement(element: PageElement): PageElement | undefined {
  let { next } = element;
  while (next !== null && !isElement(next)) next = next.next;
  return next ?? undefined;
}

import { findElements, getElement, isElement, type Match, SelectorFailure } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { isAbsoluteXPath } from '../selectors/selector-syntax.ts';
import { getDescendants } from './dom-helpers.ts';
import { findNearNames, MAX_ELEMENTS, type NearestMiss } from './near-names.ts';

/** One step of a path: how it is reached, and its node test with the predicates behind it. */
interface Step {
  /** `''` for the first step of a relative path. */
  separator: '' | '/' | '//' | './' | './/';
  tokens: string[];
}

/** Expressions with more steps are not followed to their end. */
const MAX_STEPS = 12;
/** An expression is evaluated once in each of these elements. */
const MAX_ROOTS = 200;

const SEPARATOR = /^\s*(\.?\/\/?)\s*/;
const NODE_TEST = /^(?:text\(\)|@?(?:\*|[A-Za-z_][\w-]*(?::[A-Za-z_][\w-]*)?)(?![\w-]|::|\())/;
/** A function around a path: the path is its first argument. */
const FUNCTION =
  /^(?:string|normalize-space|number|count|data|lower-case|upper-case|substring-(?:before|after)|substring|replace|translate|concat)\s*\(/;

/**
 * Follows an XPath that matches nothing, up to the step or predicate that fails. Of a function, the path in its first
 * argument is followed.
 * @param expression without `xpath:`
 * @param roots the elements within which a relative path should match; default: the page
 * @returns undefined for what is no path of child and descendant steps
 */
export function followXPath(
  page: Page,
  expression: string,
  roots: readonly PageElement[] | undefined,
): NearestMiss | undefined {
  const steps = parseSteps(unwrapPath(expression));
  const scope = isAbsoluteXPath(expression) ? undefined : roots?.slice(0, MAX_ROOTS);
  const done: Step[] = [];
  let matched: readonly PageElement[] = [];
  for (const { separator, tokens } of steps) {
    const step: Step = { separator, tokens: [] };
    for (const [index, token] of tokens.entries()) {
      const found = findMatches(page, [...done, { separator, tokens: [...step.tokens, token] }], scope);
      if (found === undefined) return undefined;
      if (found.length === 0) {
        const place = index > 0 ? matched : findPlace(page, matched, step, done.length === 0, scope, token);
        const prefix = formatSteps(step.tokens.length === 0 ? done : [...done, step]);
        const count = prefix === '' ? 0 : matched.length;
        const others = tokens.slice(index + 1).flatMap((one) => toCss(one) ?? []);
        const missing = toCss(token);
        const wanted = prefix === '' ? (scope?.length ?? 0) : count;
        return {
          prefix,
          matched: count,
          missing: token,
          near: missing === undefined ? [] : findNearNames(page, place, missing, others, wanted),
        };
      }
      matched = found.flatMap((match) => getElement(match) ?? []);
      step.tokens.push(token);
    }
    done.push(step);
  }
  return undefined;
}

/** Takes the path out of functions and brackets: `string((//a)[1])` → `//a`. */
function unwrapPath(expression: string): string {
  let path = expression.trim();
  for (let inner = path; inner !== ''; path = inner || path) {
    const [opening] = FUNCTION.exec(path) ?? /^\(/.exec(path) ?? [];
    if (opening === undefined) return path;
    const end = findEnd(path, opening.length);
    inner = path.slice(opening.length, end).trim();
  }
  return path;
}

/** The index of the comma or bracket that ends the text which begins at `from`, outside of quotes and inner brackets. */
function findEnd(text: string, from: number): number {
  let depth = 0;
  let quote = '';
  for (let at = from; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (quote !== '') {
      if (sign === quote) quote = '';
    } else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === '(' || sign === '[') depth += 1;
    else if ((sign === ')' || sign === ']' || sign === ',') && depth === 0) return at;
    else if (sign === ')' || sign === ']') depth -= 1;
  }
  return text.length;
}

/** Reads a path up to the first part that is no name, attribute, text or predicate. */
function parseSteps(path: string): Step[] {
  const steps: Step[] = [];
  let rest = path;
  while (rest !== '' && steps.length < MAX_STEPS) {
    const [whole = '', separator = ''] = SEPARATOR.exec(rest) ?? [];
    if ((separator === '' || separator.startsWith('.')) && steps.length > 0) break;
    rest = rest.slice(whole.length);
    const [test] = NODE_TEST.exec(rest) ?? [];
    if (test === undefined) break;
    const tokens = [test];
    for (rest = rest.slice(test.length); rest.startsWith('['); ) {
      const end = findEnd(rest, 1) + 1;
      tokens.push(rest.slice(0, end));
      rest = rest.slice(end).trimStart();
    }
    steps.push({ separator: separator as Step['separator'], tokens });
  }
  return steps;
}

function formatSteps(steps: readonly Step[]): string {
  const path = steps.map(({ separator, tokens }) => separator + tokens.join('')).join('');
  return path === '' ? '' : `xpath:${path}`;
}

/** @returns undefined for what cannot be computed */
function findMatches(
  page: Page,
  steps: readonly Step[],
  roots: readonly PageElement[] | undefined,
): Match[] | undefined {
  const selector = formatSteps(steps);
  try {
    return roots === undefined
      ? findElements(page, selector)
      : roots.flatMap((root) => findElements(page, selector, root));
  } catch (error) {
    if (error instanceof SelectorFailure) return undefined;
    throw error;
  }
}

/** The elements among which a step looks. */
function findPlace(
  page: Page,
  matched: readonly PageElement[],
  { separator }: Step,
  isFirst: boolean,
  roots: readonly PageElement[] | undefined,
  token: string,
): PageElement[] {
  const around = isFirst ? (roots ?? page.$._root.children.filter(isElement)) : matched;
  const isDeep = separator.endsWith('//');
  if (token.startsWith('@') && !isDeep) return [...around];
  const found = new Set<PageElement>(isFirst && (roots === undefined || token.startsWith('@')) ? around : []);
  for (const outer of around)
    for (const element of isDeep ? getDescendants(outer) : outer.children.filter(isElement)) {
      if (found.size >= MAX_ELEMENTS) return [...found];
      found.add(element);
    }
  return [...found];
}

const QUOTED = `(?:"([^"]*)"|'([^']*)')`;
const CLASS = new RegExp(
  String.raw`^\[\s*(?:@class\s*=\s*${QUOTED}|contains\([^"']*(?:' '|" ")?[^"']*@class.*?,\s*${QUOTED}\s*\))\s*\]$`,
);
const ID = new RegExp(String.raw`^\[\s*@id\s*=\s*${QUOTED}\s*\]$`);
const ATTRIBUTE = /^(?:\[[^@\]]*)?@([A-Za-z_][\w-]*)/;
const NAME = /^-?[A-Za-z_][\w-]*$/;
const PREFIXED = /^([A-Za-z_][\w-]*):([A-Za-z_][\w-]*)$/;

/** The name in a step or predicate, as CSS writes it: `[@class="a b"]` → `.a`; undefined for positions and texts. */
function toCss(token: string): string | undefined {
  const named = (groups: RegExpExecArray | null) =>
    groups
      ?.slice(1)
      .flatMap((text) => text?.trim().split(/\s+/) ?? [])
      .find((name) => NAME.test(name));
  const [className, id] = [named(CLASS.exec(token)), named(ID.exec(token))];
  if (className !== undefined) return `.${className}`;
  if (id !== undefined) return `#${id}`;
  const [, attribute] = ATTRIBUTE.exec(token) ?? [];
  if (attribute !== undefined) return `[${attribute}]`;
  return NAME.test(token) ? token : PREFIXED.test(token) ? token.replace(':', '|') : undefined;
}

import type { Page, PageElement } from '../lib/page.ts';
import { type DataSelector, formatDataSelector, parseDataSelector } from '../selectors/data-selector.ts';
import { formatJsonStep } from '../selectors/json-path.ts';
import { parseXPathSelector } from '../selectors/selector-syntax.ts';
import { areSimilarNames, type NearestMiss } from './near-names.ts';
import { findNearestDataMiss } from './nearest-data-miss.ts';
import { findNearestMiss } from './nearest-miss.ts';

/** Where a selector should match: within elements, or in the data of a row and its parents. */
export interface Surroundings {
  /** Default: the page. */
  roots?: readonly PageElement[] | undefined;
  /** Selectors of data, outermost first (nearest-data-miss.ts). */
  above?: readonly string[];
}

/** A selector with more names that are gone is not the same selector any more. */
const MAX_REPLACED = 4;
const MAX_NEAR_SELECTORS = 8;
const MAX_SELECTOR_CHARACTERS = 300;

/** Follows a selector of elements or data that matches nothing, up to the part that fails. */
export function findMiss(
  page: Page,
  selector: string,
  { roots, above = [] }: Surroundings,
): NearestMiss | undefined {
  const data = parseDataSelector(selector);
  return data === undefined ? findNearestMiss(page, selector, roots) : findNearestDataMiss(page, data, above);
}

/** A selector that differs from another one in names alone. */
interface NearSelector {
  selector: string;
  /** Whether all its other names are similar to those in whose place they are. */
  isSimilar: boolean;
}

/**
 * Lists the selectors that match where one matches nothing, and differ from it in names alone: `.price-now` →
 * `.price-color`. Those with the most similar names come first. Pure.
 */
export function listNearSelectors(page: Page, selector: string, surroundings: Surroundings): NearSelector[] {
  const found: NearSelector[] = [];
  const tried = new Set([selector]);
  let open: NearSelector[] = [{ selector, isSimilar: true }];
  for (let replaced = 0; replaced < MAX_REPLACED && open.length > 0; replaced++) {
    const next: NearSelector[] = [];
    for (const one of open) {
      const miss = findMiss(page, one.selector, surroundings);
      for (const near of miss?.near ?? []) {
        const { missing } = miss as NearestMiss;
        const name = near.replace(/ ×\d+$/, '');
        const other = replaceMissing(one.selector, miss as NearestMiss, name);
        if (other === undefined || other.length > MAX_SELECTOR_CHARACTERS || tried.has(other)) continue;
        tried.add(other);
        // A path of data always has a last step: whether it selects something is left to the caller.
        const isData = parseDataSelector(other) !== undefined;
        const isGone = findMiss(page, other, surroundings) !== undefined;
        const changed = {
          selector: other,
          isSimilar: one.isSimilar && areSimilarNames(nameIn(missing, name), name),
        };
        if (isData || !isGone) found.push(changed);
        if (isGone) next.push(changed);
      }
      if (found.length >= MAX_NEAR_SELECTORS) return found;
    }
    open = next.slice(0, MAX_NEAR_SELECTORS);
  }
  return found;
}

function replaceMissing(selector: string, miss: NearestMiss, name: string): string | undefined {
  const data = parseDataSelector(selector);
  if (data !== undefined) return replaceInData(data, miss, name);
  const isXPath = parseXPathSelector(selector) !== undefined;
  const text = isXPath
    ? selector
    : selector
        .replaceAll(/\s+/g, ' ')
        .replaceAll(/\s*([>+])\s*/g, ' $1 ')
        .trim();
  const from = text.startsWith(miss.prefix) ? miss.prefix.length : 0;
  const at = text.indexOf(miss.missing, from);
  if (at < 0) return undefined;
  const instead = isXPath ? toXPath(miss.missing, name) : name;
  return instead && text.slice(0, at) + instead + text.slice(at + miss.missing.length);
}

function replaceInData(
  data: DataSelector,
  { prefix, missing }: NearestMiss,
  name: string,
): string | undefined {
  const reached = parseDataSelector(prefix)?.path;
  const at = data.path.lastIndexOf(missing);
  if (reached === undefined || at < 0) return undefined;
  const deep = missing.startsWith('..') ? '.' : '';
  const rest = data.path.slice(at + missing.length);
  return formatDataSelector({ ...data, path: `${reached}${deep}${formatJsonStep(name)}${rest}` });
}

/** Writes a name as CSS has it in place of the name in a step or predicate: `[@class="price"]`, `.cost`. */
function toXPath(token: string, name: string): string | undefined {
  const plain = name.replaceAll(/^[.#[]|\]$/g, '');
  if (name.startsWith('[')) return token.replace(/@[\w-]+/, () => `@${plain}`);
  if (!/^[.#]/.test(name)) return plain.replace('|', ':');
  const quoted = findQuoted(token);
  if (quoted === undefined) return undefined;
  const [text, quote = ''] = quoted;
  const [before = '', after = ''] = [/^.(\s*)/.exec(text)?.[1], /(\s*).$/.exec(text)?.[1]];
  return (
    token.slice(0, quoted.index) +
    quote +
    before +
    plain +
    after +
    quote +
    token.slice(quoted.index + text.length)
  );
}

/** The name in a step: of a predicate such as `[@class="price"]` that between quotes. */
function nameIn(missing: string, near: string): string {
  const quoted = near.startsWith('[') ? undefined : findQuoted(missing)?.[0];
  return quoted?.slice(1, -1).trim() ?? missing;
}

function findQuoted(token: string): RegExpExecArray | undefined {
  return [...token.matchAll(/(["'])[^"']*[\w-][^"']*\1/g)].at(-1);
}

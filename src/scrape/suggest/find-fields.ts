import { getAncestors, getText, isElement, isWithin } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { getClasses, getOwnText, getPathWithin } from './dom-helpers.ts';
import { type FieldLocation, findFieldLocations, isLabel, readAt } from './field-locations.ts';
import { chooseFieldName, findKnownName, isHeading } from './field-name.ts';
import { findFieldSelector } from './field-selector.ts';
import type { Tails } from './find-groups.ts';
import { type GuessedType, guessType } from './guess-type.ts';

/** A field that can be taken from each row. */
export interface SuggestedField {
  name: string;
  /** Relative to the row. */
  selector: string;
  /** The attribute to take, or null for the text. */
  attribute: string | null;
  /** The type as which all values can be parsed; absent for a text. */
  type?: GuessedType;
}

const MAX_FIELDS = 10;
const SAMPLED_ROWS = 20;

/**
 * Suggests fields: the texts, links and images that most rows have at the same location. Texts come first, in the order
 * of the first row, then the title's link, then other addresses. Locations with equal values become one field. If there
 * are too many, the most useful ones are returned.
 */
export function findFields(page: Page, rows: readonly PageElement[], tails?: Tails): SuggestedField[] {
  const some = rows.slice(0, SAMPLED_ROWS);
  const locations = findFieldLocations(some, tails);
  const title = findTitle(locations);
  const link = title === undefined ? locations.find(isLink) : findLink(title, locations);
  const chosen = new Map<FieldLocation, string>();
  for (const location of rankLocations(locations, title, link)) {
    const selector = findFieldSelector(page, some, location);
    if (selector !== undefined) chosen.set(location, selector);
    if (chosen.size === MAX_FIELDS) break;
  }
  const names = new Set<string>();
  return sortLocations(locations, link).flatMap((location) => {
    const selector = chosen.get(location);
    if (selector === undefined) return [];
    const elements = [...location.elements.values()];
    const attribute = location.attribute ?? findFullerText(elements);
    const type = guessType(getValues(elements, attribute));
    const name = toUniqueName(
      location === title
        ? chooseTitleName(location, some)
        : location === link
          ? 'link'
          : chooseFieldName(location, some, type),
      names,
    );
    return [{ name, selector, attribute, ...(type !== undefined && { type }) }];
  });
}

/** Returns the page's own name for its titles, if there is one: `name`, `artist`. */
function chooseTitleName(location: FieldLocation, rows: readonly PageElement[]): string {
  const name = chooseFieldName(location, rows, undefined);
  return /^(?:text|description|site)$|title|head|link|subject|_a$/.test(name) ? 'title' : name;
}

function sortLocations(
  locations: readonly FieldLocation[],
  link: FieldLocation | undefined,
): FieldLocation[] {
  const texts = locations.filter(
    (location) => location.attribute === null || location.attribute === 'datetime',
  );
  const links = locations.filter((location) => isLink(location) && location !== link);
  const pictures = locations.filter(({ attribute }) => attribute === 'src');
  return [...texts, ...(link === undefined ? [] : [link]), ...links, ...pictures];
}

/** Returns a field's values for guessing its type; none for addresses, which are always texts. */
function getValues(elements: readonly PageElement[], attribute: string | null): string[] {
  if (attribute === 'href' || attribute === 'src') return [];
  return elements.map((element) =>
    attribute === null ? getText(element) : (element.attribs[attribute] ?? ''),
  );
}

/** Returns `title` if texts are truncated and every element has a title attribute. */
function findFullerText(elements: readonly PageElement[]): string | null {
  const cutShort = elements.filter((element) => /(…|\.\.\.)$/.test(getOwnText(element)));
  const haveTitle = elements.every(({ attribs }) => (attribs['title'] ?? '') !== '');
  return haveTitle && cutShort.length > 0 ? 'title' : null;
}

function toUniqueName(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name}_${number}`;
  taken.add(free);
  return free;
}

/** Returns the location of the title: a heading, or a distinctive text that links to the row's page. */
function findTitle(locations: readonly FieldLocation[]): FieldLocation | undefined {
  const texts = locations.filter(({ attribute }) => attribute === null);
  let best: { location: FieldLocation; score: number } | undefined;
  for (const location of texts) {
    const score = scoreTitle(location);
    if (score > (best?.score ?? 0)) best = { location, score };
  }
  return best?.location;
}

const TITLE_NAME = /title|headline|heading|subject|topic|name\b|tit\b/i;
const OTHER_NAME =
  /author|user|byline|categor|tag|comment|repl|date|time|price|meta|count|label|badge|more|forum|last/i;

function scoreTitle(location: FieldLocation): number {
  const elements = [...location.elements.entries()];
  const values = elements.map(([, element]) => getText(element).trim());
  const length = values.reduce((sum, value) => sum + value.length, 0) / values.length;
  const different = new Set(values).size / values.length;
  if (length < 2 || (different < 0.3 && values.length > 2) || values.every((value) => !/\p{L}/u.test(value)))
    return 0;
  const [row, element] = elements[0] ?? [];
  if (row === undefined || element === undefined) return 0;
  const within = getPathWithin(element, row);
  const names = within
    .map((each) => `${getClasses(each).join(' ')} ${each.attribs['itemprop'] ?? ''}`)
    .join(' ');
  const isInHeading = [...within, ...(isWithin(element, row) ? [row] : [])].some(isHeading);
  const isInLink = [...within, row].some(({ name }) => name === 'a');
  return (
    2 * different +
    (isInHeading ? 3 : 0) +
    (TITLE_NAME.test(names) ? 2 : 0) -
    (OTHER_NAME.test(names) ? 1.5 : 0) +
    (isInLink ? 2 : 0) +
    Math.min(1, length / 25) -
    (length > 200 ? 2 : 0) -
    (guessType(values) === undefined ? 0 : 3)
  );
}

function isLink({ attribute }: FieldLocation): boolean {
  return attribute === 'href';
}

/** Returns the link of the title: the one around it or inside it; otherwise the row's first link. */
function findLink(title: FieldLocation, locations: readonly FieldLocation[]): FieldLocation | undefined {
  const links = locations.filter(isLink);
  const joined = links.find((link) => getShareOfRows(link, title, isJoined) > 0.5);
  return joined ?? links.find((link) => getShareOfRows(link, title, haveSameText) > 0.5) ?? links[0];
}

function haveSameText(one: PageElement, other: PageElement): boolean {
  return getText(one).trim() === getText(other).trim();
}

function isJoined(one: PageElement, other: PageElement): boolean {
  return isWithin(one, other) || isWithin(other, one);
}

function getShareOfRows(
  one: FieldLocation,
  other: FieldLocation,
  holds: (one: PageElement, other: PageElement) => boolean,
): number {
  let count = 0;
  for (const [row, element] of one.elements) {
    const beside = other.elements.get(row);
    if (beside !== undefined && holds(element, beside)) count += 1;
  }
  return count / one.elements.size;
}

/** Ranks the locations that are useful as fields, best first. Of several with equal values, only one is returned. */
function rankLocations(
  locations: readonly FieldLocation[],
  title?: FieldLocation,
  link?: FieldLocation,
): FieldLocation[] {
  const readText = new Set<string>();
  return locations
    .filter(
      (location) =>
        location === link || (!isLabel(location) && !isDecoration(location) && !isAction(location)),
    )
    .map((location) => ({
      location,
      score: location === title || location === link ? 10 : scoreLocation(location),
    }))
    .sort((one, other) => other.score - one.score)
    .filter(({ location }) => {
      const values = [...location.elements.values()].map((element) => readAt(location, element));
      const key = `${isLink(location)} ${JSON.stringify(values)}`;
      return readText.size < readText.add(key).size;
    })
    .map(({ location }) => location);
}

function scoreLocation(location: FieldLocation): number {
  const { attribute, elements } = location;
  const values = [...elements.values()].map((element) => readAt(location, element));
  const isConstant = values.length > 2 && new Set(values).size === 1;
  if (attribute === 'href') return isConstant ? 0 : 2;
  if (attribute === 'src') return isConstant ? 1 : 6;
  const known = findKnownName([...elements.values()]) === undefined ? 0 : 1;
  return (isConstant ? 1 : 4) + known + (values.every((value) => value.length < 3) ? -1 : 0);
}

/** Links that do something with a row: share it, put it into a cart. */
const ACTION =
  /facebook\.com\/shar|twitter\.com\/(?:share|intent|home)|[?&]add[-_]to|\/(?:cart|basket|wishlist|compare)\/|^(?:javascript|mailto|whatsapp):/i;
const ACTION_NAME =
  /(?:^|[-_ ])(?:share|sharing|social|facebook|twitter|pinterest|gplus|whatsapp|telegram|bookmark|add[-_]to[-_]\w+|wishlist|compare|quick[-_]?view|cart)(?:$|[-_ ])/i;

function isAction({ attribute, elements }: FieldLocation): boolean {
  if (attribute !== 'href') return false;
  return [...elements.values()].every(
    ({ attribs, parent }) =>
      ACTION.test(attribs['href'] ?? '') ||
      ACTION_NAME.test(
        `${attribs['class'] ?? ''} ${isElement(parent) ? (parent.attribs['class'] ?? '') : ''}`,
      ),
  );
}

/** Names of fields whose values may be the same in all rows. */
const MAY_BE_ALIKE: readonly (string | undefined)[] = [
  'availability',
  'price',
  'rating',
  'category',
  'brand',
  'location',
];

/** Whether a location is decoration: a word or a sign that is the same in each row. */
function isDecoration({ attribute, elements }: FieldLocation): boolean {
  if (attribute !== null) return false;
  const values = [...elements.values()].map(getOwnText);
  const [first = ''] = values;
  if (values.length < 3 || values.some((value) => value !== first)) return false;
  if ([...elements.values()].some((each) => [each, ...getAncestors(each).slice(0, 1)].some(isHeading)))
    return false;
  if (!/[\p{L}\p{N}]/u.test(first)) return true;
  const known = findKnownName([...elements.values()]);
  return /:$/.test(first) || (!MAY_BE_ALIKE.includes(known) && first.length < 25);
}

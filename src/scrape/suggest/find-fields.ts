import { getText } from '../extract/element-text.ts';
import type { Page, PageElement } from '../lib/page.ts';

import { getOwnText } from './dom-helpers.ts';
import { type FieldLocation, findFieldLocations } from './field-locations.ts';
import { chooseFieldName, type GuessedType, guessType } from './field-name.ts';
import { findLink, findTitle, isLink, rankLocations } from './field-score.ts';
import { findFieldSelector } from './field-selector.ts';
import type { Tails } from './find-groups.ts';

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
  const link = title === undefined ? undefined : findLink(title, locations);
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
      location === title ? chooseTitleName(location, some) : chooseFieldName(location, some, type),
      names,
    );
    return [{ name, selector, attribute, ...(type !== undefined && { type }) }];
  });
}

/** Returns the page's own name for its titles, if there is one: `name`, `artist`. */
function chooseTitleName(location: FieldLocation, rows: readonly PageElement[]): string {
  const name = chooseFieldName(location, rows, undefined);
  return /^text$|title|head|link|subject|_a$/.test(name) ? 'title' : name;
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

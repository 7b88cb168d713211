import { getText } from '../extract/element-text.ts';
import type { Page, PageElement } from '../lib/page.ts';

import { getOwnText } from './dom-helpers.ts';
import { type FieldLocation, findFieldLocations } from './field-locations.ts';
import { chooseFieldName, type GuessedType, guessType } from './field-name.ts';
import { findLink, findTitle, isLink, rankLocations } from './field-score.ts';
import { findFieldSelector } from './field-selector.ts';
import type { Tails } from './find-groups.ts';

/** A field that could be taken from each row. */
export interface SuggestedField {
  name: string;
  /** Within the row. */
  selector: string;
  /** In place of the text. */
  attribute: string | null;
  /** What all that it takes can be read as; absent for a text. */
  type?: GuessedType;
}

const MAX_FIELDS = 10;
const SAMPLED_ROWS = 20;

/**
 * The texts, links and pictures that most of the rows have at the same place: texts in the order of the first row, then
 * addresses, the one that the title leads to before all others. What two places say alike is one field, and of many the
 * ones that say most.
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

/** Where the page has a name for its titles, that: `name`, `artist`. */
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

/** What a field takes of each element; an address is always a text. */
function getValues(elements: readonly PageElement[], attribute: string | null): string[] {
  if (attribute === 'href' || attribute === 'src') return [];
  return elements.map((element) =>
    attribute === null ? getText(element) : (element.attribs[attribute] ?? ''),
  );
}

/** A link's title where its text is cut short. */
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

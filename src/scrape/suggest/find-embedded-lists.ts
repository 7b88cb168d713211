import { readPageJson } from '../extract/page-json.ts';
import { NoJson } from '../extract/read-json.ts';
import { getText, select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { type DataList, findDataLists } from './find-data-lists.ts';

/** A list of objects in the JSON of a script. */
export interface EmbeddedList extends DataList {
  /** Selects the script. */
  embedded: string;
}

/** A shorter script is a setting, and a longer one takes too long to read. */
const MIN_CHARACTERS = 200;
const MAX_CHARACTERS = 3_000_000;
const MAX_SCRIPTS = 5;
/** What has less is a menu or a list of choices. */
const MIN_ROWS = 3;
const MIN_FIELDS = 3;

/** Finds the lists of objects in the JSON that scripts of a page hold, the most likely rows first. */
export function findEmbeddedLists(page: Page): EmbeddedList[] {
  const scripts = select(page, 'script:not([src])')
    .map((script) => ({ script, text: getText(script) }))
    .filter(({ text }) => text.length >= MIN_CHARACTERS && text.length <= MAX_CHARACTERS)
    .flatMap(({ script, text }) => {
      const embedded = findScriptSelector(page, script, text);
      return embedded === undefined ? [] : [{ embedded, size: text.length }];
    })
    .toSorted((one, other) => other.size - one.size)
    .slice(0, MAX_SCRIPTS);
  return scripts
    .flatMap(({ embedded }) =>
      readLists({ ...page, embedded }).map((list): EmbeddedList => ({ ...list, embedded })),
    )
    .filter(({ rows, fields }) => rows.length >= MIN_ROWS && fields.length >= MIN_FIELDS)
    .toSorted((one, other) => countValues(other) - countValues(one));
}

function countValues({ rows, fields }: DataList): number {
  return Math.min(rows.length, 100) * Math.min(fields.length, 12);
}

function readLists(page: Page): DataList[] {
  try {
    return readPageJson(page).flatMap(findDataLists);
  } catch (error) {
    if (error instanceof NoJson) return [];
    throw error;
  }
}

/** State that frameworks put into a page: `window.__INITIAL_STATE__ = {…}`. */
const ASSIGNED =
  /(?:window|self|globalThis)(?:\.|\[["'])(__?\w{2,40}|\w*(?:STATE|DATA|PROPS)\w*)(?:["']\])?\s*=\s*[{["J]/i;

/** Returns a selector of a script that holds JSON: by its id, its type, or the variable that it sets. */
function findScriptSelector(page: Page, script: PageElement, text: string): string | undefined {
  const { id = '', type = '' } = script.attribs;
  if (/ld\+json|importmap|speculationrules/i.test(type)) return undefined;
  const isJson = /json/i.test(type);
  const [, variable] = isJson ? [] : (ASSIGNED.exec(text) ?? []);
  if (!isJson && variable === undefined) return undefined;
  const candidates = [
    ...(/^[A-Za-z_][\w-]*$/.test(id) ? [`script#${id}`] : []),
    ...listDataNames(script).map((name) => `script[${name}]`),
    ...(isJson && !/["\\]/.test(type) ? [`script[type="${type}"]`] : []),
    ...(variable === undefined ? [] : [`xpath://script[contains(., "${variable}")]`]),
  ];
  return candidates.find((selector) => {
    const [first, ...others] = select(page, selector);
    return first === script && others.length === 0;
  });
}

function listDataNames({ attribs }: PageElement): string[] {
  return Object.keys(attribs).filter((name) => /^data-[a-z-]+$/.test(name));
}

/**
 * Whether a page shows the entries of a list: most of the first ones have a text that the page says, too.
 * @param said the visible text of the page
 */
export function isShown({ rows }: DataList, said: string): boolean {
  const some = rows.slice(0, 10);
  const shown = some.filter((row) =>
    listTexts(row).some((text) => text.length >= 4 && /\p{L}/u.test(text) && said.includes(text)),
  );
  return shown.length >= some.length * 0.7;
}

function listTexts(row: object): string[] {
  return Object.values(row).flatMap((value): string[] => {
    if (typeof value === 'string') return [value.replaceAll(/\s+/g, ' ').trim()];
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? listTexts(value) : [];
  });
}

import { getText } from '../extract/select.ts';
import { getClasses, getCommonClasses } from './dom-helpers.ts';
import { type FieldLocation, findFieldLocations, isLabel, readAt } from './field-locations.ts';
import type { Group } from './find-groups.ts';
import { getNameTokens, isInMainContent, type OutlineNode, type PageAreas } from './outline.ts';

/** Number of rows of a group that are examined. */
export const SAMPLED_ROWS = 20;

/** Evidence for or against a group of elements being the rows: each from 0 to 1. */
export interface Signals {
  /** Many rows: three repetitions may be chance. */
  count: number;
  /** The share of the page's text that is in the rows: the list is the purpose of a list page. */
  coverage: number;
  /** Several texts and images per row: a menu has one of them per entry. */
  content: number;
  /** Rows with links, usually to a page of their own. */
  links: number;
  /** Rows that contain a heading. */
  titles: number;
  /** Rows that contain an image. */
  pictures: number;
  /** Text outside links: menus and tag clouds consist of links only. */
  prose: number;
  /** Text of about the usual length of a row: neither one word nor a whole section of the page. */
  length: number;
  /** Rows with about ten texts and images; a hundred would be a page within the page. */
  compact: number;
  /** Rows that are adjacent, not scattered over the page. */
  together: number;
  /** Rows with the same structure, unlike the paragraphs of an article. */
  regularity: number;
  /** Locations that most rows share and that can become fields. */
  fields: number;
  /** A typical tag or type (`article`, `li`, `tr`, schema.org's types), or a typical name (`product`, `result`). */
  named: number;
  /** A class that all rows share: the site's authors treat them as one kind. */
  classed: number;
  /** Rows inside the part of the page that is marked as the main one. */
  main: number;
  /** Rows inside navigation, sidebars, footers and the like. */
  furniture: number;
  /** Form fields and buttons: rows of settings, filters. */
  controls: number;
  /** Several elements are inside each row of another group and are a part of it: tags, comments. */
  part: number;
  /** Each element contains several rows of another group, and little else: sections, lines of a grid. */
  sections: number;
}

/** The weight of each signal. */
export const WEIGHTS: Readonly<Record<keyof Signals, number>> = {
  count: 2,
  coverage: 5,
  content: 1.5,
  links: 1.5,
  titles: 1,
  pictures: 0.7,
  prose: 1,
  length: 1,
  compact: 2,
  together: 2,
  regularity: 1,
  fields: 2,
  named: 1,
  classed: 0.5,
  main: 0.7,
  furniture: -4,
  controls: -1,
  part: -3,
  sections: -3,
};

/** A group of elements with its signals and score. */
export interface ScoredGroup extends Group {
  readonly signals: Signals;
  readonly score: number;
}

export function getScore(signals: Signals): number {
  return (Object.keys(WEIGHTS) as (keyof Signals)[]).reduce(
    (sum, name) => sum + WEIGHTS[name] * signals[name],
    0,
  );
}

/** Measures the signals that need only the outline's counts, and not the content of the rows. */
export function measureCounts(
  group: Group,
  areas: PageAreas,
  pageText: number,
): Omit<Signals, keyof ContentSignals> {
  const rows = group.rows.slice(0, SAMPLED_ROWS);
  const mean = (of: (row: OutlineNode) => number) => getMean(rows, of);
  const share = (has: (row: OutlineNode) => boolean) => mean((row) => (has(row) ? 1 : 0));
  const text = mean((row) => row.text);
  return {
    count: Math.min(1, Math.log2(group.rows.length) / 5),
    coverage: Math.sqrt(Math.min(1, countText(group) / Math.max(1, pageText))),
    content: Math.min(1, (mean(({ pieces }) => pieces) - 1) / 5),
    links: share(({ links }) => links > 0),
    titles: share(({ headings }) => headings > 0),
    pictures: share(({ pictures }) => pictures > 0),
    prose: text === 0 ? 0 : Math.min(1, (2 * (text - mean(({ linked }) => linked))) / text),
    length: scoreLength(text),
    compact: scoreCompactness(mean(({ pieces }) => pieces)),
    together: scoreTogetherness(group.rows),
    named: scoreNames(rows),
    classed: getCommonClasses(group.rows.map(({ element }) => element)).length > 0 ? 1 : 0,
    main: share(isInMainContent),
    furniture: mean((row) => areas.getBoilerplateScore(row)),
    controls: Math.min(
      1,
      mean((row) => row.controls),
    ),
    part: 0,
    sections: 0,
  };
}

type ContentSignals = Pick<Signals, 'regularity' | 'fields'>;

/** @returns undefined if the group cannot be rows: most texts are equal, or the rows share no location */
export function measureContent(group: Group): ContentSignals | undefined {
  const rows = group.rows.slice(0, SAMPLED_ROWS);
  if (countDistinctTexts(rows) < 0.5) return undefined;
  const locations = findFieldLocations(
    rows.map(({ element }) => element),
    group.tails,
    getClasses,
  ).filter((location) => !isLabel(location));
  if (locations.length === 0) return undefined;
  const values = locations.reduce((sum, { elements }) => sum + elements.size / rows.length, 0);
  const there = getMean(rows, ({ pieces, links }) => pieces + links);
  return {
    regularity: Math.min(1, values / Math.max(1, Math.min(there, 12))),
    fields: Math.min(1, countDistinctFields(locations) / 6),
  };
}

export function getMean(rows: readonly OutlineNode[], of: (row: OutlineNode) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0) / Math.max(1, rows.length);
}

/** Counts the characters in all rows of a group. */
export function countText({ rows }: Group): number {
  return rows.reduce((sum, { text }) => sum + text, 0);
}

function countDistinctTexts(rows: readonly OutlineNode[]): number {
  return new Set(rows.map(({ element }) => getText(element).trim())).size / rows.length;
}

/** The score rises up to a few lines of text, and falls for whole sections of a page. */
function scoreLength(text: number): number {
  if (text < 40) return text / 40;
  return text < 800 ? 1 : Math.max(0, 1 - Math.log10(text / 800));
}

/** Counts locations; those with equal values in each row count once. */
function countDistinctFields(locations: readonly FieldLocation[]): number {
  const said = locations.map((location) =>
    JSON.stringify([...location.elements.values()].map((element) => readAt(location, element))),
  );
  return new Set(said).size;
}

function scoreCompactness(pieces: number): number {
  return pieces < 25 ? 1 : Math.max(0, 1 - Math.log2(pieces / 25) / 2);
}

/** Returns the largest share of rows with the same parent, grandparent or great-grandparent. */
function scoreTogetherness(rows: readonly OutlineNode[]): number {
  let best = 0;
  let above: (OutlineNode | null)[] = [...rows];
  for (let up = 0; up < 3; up += 1) {
    above = above.map((outlined) => outlined?.parent ?? null);
    const counts = new Map<OutlineNode | null, number>();
    for (const outlined of above) counts.set(outlined, (counts.get(outlined) ?? 0) + 1);
    best = Math.max(best, ...counts.values());
  }
  return best / rows.length;
}

const ROW_NAME =
  /^(?:items?|entry|entries|hentry|post|posts|article|articles|story|stories|product|products|results?|listing|listings|vcard|hcard|card|cards|teaser|news|book|books|job|jobs|vacancy|offer|offers|event|events|topic|thread|recipe|recipes|movie|film|video|hotel|property|ad|quote|review|record|question|summary|repo|package|media|tile|thumb|object|hit|document|publication|paper|episode|track|album|game|course|person|people|profile|member)$/;

/** Half of the score is for the tag or type, half for the name. */
function scoreNames(rows: readonly OutlineNode[]): number {
  const [row] = rows;
  if (row === undefined) return 0;
  const { name, attribs } = row.element;
  const isListed = ['article', 'li', 'tr'].includes(name) || attribs['itemtype'] !== undefined;
  const isCalled = rows.every((each) => getNameTokens(each).some((word) => ROW_NAME.test(word)));
  return (isListed ? 0.5 : 0) + (isCalled ? 0.5 : 0);
}

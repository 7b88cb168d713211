import { pluralize } from '../lib/text.ts';
import { type Check, getLinkLevel, type Suspect } from '../model/check.ts';
import type { SelectorFindings } from '../runs/selector-findings.ts';
import type { Baseline } from './check-run.ts';

/** The configuration's selectors of items and further pages. */
export interface Selectors {
  item: string | null;
  /** The selector of the link to the next page; `null` when pages are counted or listed. */
  nextPage: string | null;
}

/** The suspected selector, and a description. */
export interface Suspicion {
  suspect: Suspect;
  message: string;
}

/** A selector that matches less than this share of its usual matches has changed. */
const CHANGED_SHARE = 0.9;
/** Selectors whose shares differ by less than this have dropped together. */
const COMMON_CAUSE_FACTOR = 0.1;

/**
 * Finds the selector that most likely stopped matching, by comparing matches with the usual number on as many pages. An
 * empty field points to its own selector. With too few items, it is the selector with the largest loss. If all fields
 * have lost alike, it is the selector of the items; with fewer pages than usual, that of the next page.
 * @returns `undefined` when everything matches as usual, so that the site itself may show less
 */
export function findSuspect(
  { field }: Pick<Check, 'field'>,
  findings: SelectorFindings,
  usualPages: Baseline,
  { item, nextPage }: Selectors,
): Suspicion | undefined {
  if (field !== null) return suspectForField(field, findings);
  const shares = Object.entries(findings.selectors).flatMap(([name, { matched, usual }]) =>
    usual === null || usual === 0 ? [] : [{ name, share: matched / usual }],
  );
  const lowest = shares.toSorted((a, b) => a.share - b.share)[0];
  if (lowest !== undefined && lowest.share < CHANGED_SHARE) {
    const isCommon =
      shares.length > 1 && shares.every(({ share }) => share - lowest.share < COMMON_CAUSE_FACTOR);
    return isCommon ? suspectForItems(item, lowest.name, findings) : suspectForField(lowest.name, findings);
  }
  return suspectForPages(findings.pages, usualPages, nextPage);
}

type Findings = Pick<SelectorFindings, 'selectors' | 'items'>;

function suspectForField(field: string, { selectors, items }: Findings): Suspicion | undefined {
  const finding = Object.hasOwn(selectors, field) ? selectors[field] : undefined;
  if (finding === undefined) return undefined;
  const { selector, matched, filled, usual } = finding;
  const link = matched === 0 ? findLostLink(field, selectors) : undefined;
  if (link !== undefined) return suspectForField(link, { selectors, items });
  const part = getLinkLevel(field) > 0 ? 'follow' : 'field';
  const suspect: Suspect = { part, field, selector, matched, usual };
  const usually = usual === null ? '' : ` (usually ${usual.toLocaleString('en-US')})`;
  const what = `the selector of ${field} (${selector})`;
  if (matched === 0) return { suspect, message: `${what} matched nothing${usually}` };
  const [around] = /.*(?=\.)/.exec(field) ?? [''];
  const places = Math.max(items, Object.hasOwn(selectors, around) ? (selectors[around]?.matched ?? 0) : 0);
  // The selector matches as before, so the value is missing inside the elements.
  if (matched >= places && filled < items)
    return {
      suspect,
      message: `${what} matched ${pluralize(matched, 'element')}${usually}, but they hold no value`,
    };
  return { suspect, message: `${what} matched ${matched.toLocaleString('en-US')}${usually}` };
}

/** Finds the link to a field's page that has matched nothing: links come before the fields of their pages. */
function findLostLink(field: string, selectors: Findings['selectors']): string | undefined {
  const names = Object.keys(selectors);
  const above = names.slice(0, names.indexOf(field));
  return above.find((name) => getLinkLevel(name) > 0 && selectors[name]?.matched === 0);
}

/** All fields have lost alike, so the selector of the items is suspected. */
function suspectForItems(item: string | null, field: string, { selectors }: SelectorFindings): Suspicion {
  const { matched = 0, usual = null } = selectors[field] ?? {};
  const what = item === null ? 'the pattern that recognizes the rows' : `the selector of the items, ${item}`;
  return {
    suspect: { part: 'item', field: null, selector: item, matched, usual },
    message: `all fields match less than usual (${field} ${matched} of ${usual}), so it is likely ${what}`,
  };
}

function suspectForPages(pages: number, usual: Baseline, nextPage: string | null): Suspicion | undefined {
  if (usual === null || pages >= usual.value * CHANGED_SHARE) return undefined;
  const way = nextPage === null ? 'the way to the next page' : `the selector of the next page, ${nextPage}`;
  return {
    suspect: { part: 'pagination', field: null, selector: nextPage, matched: pages, usual: usual.value },
    message: `each page holds what it usually does, but there ${pages === 1 ? 'was' : 'were'} only ${pluralize(pages, 'page')} (usually ${usual.value}), so it is likely ${way}`,
  };
}

/** Adds the suspect to each failed check. */
export function addSuspects(
  checks: readonly Check[],
  findings: SelectorFindings,
  usualPages: Baseline,
  selectors: Selectors,
): Check[] {
  return checks.map((check) => {
    const suspicion = check.passed ? undefined : findSuspect(check, findings, usualPages, selectors);
    if (suspicion === undefined) return check;
    return { ...check, suspect: suspicion.suspect, message: `${check.message}; ${suspicion.message}` };
  });
}

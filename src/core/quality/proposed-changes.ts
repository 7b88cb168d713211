import type { CompareResponse } from '../configs/scraper-protocol.ts';
import { pluralize } from '../lib/text.ts';
import type { BrokenSelector } from './broken-selectors.ts';
import { type Cause, NOT_BY_SELECTORS, type RunFacts } from './run-facts.ts';

type Proposed = BrokenSelector & { path: string; proposal: NonNullable<BrokenSelector['proposal']> };

/** Explained one by one. */
const MAX_DESCRIBED = 4;

/**
 * The changes to a configuration that make its broken selectors match again: first those that hold the values of the
 * earlier page, then those that hold values of earlier rows or have similar names. Pure.
 */
export function listProposedChanges(facts: RunFacts, cause: Cause): CompareResponse['changes'] {
  const known = typeof facts.page === 'string' ? [] : facts.page.changes;
  return [
    ...known,
    ...listOthers(facts, cause).map(({ path, selector, proposal: { value, filled } }) => ({
      path,
      from: selector,
      value,
      matched: filled,
    })),
  ];
}

/** Says why those are proposed that do not hold the values of an earlier page. */
export function describeProposals(facts: RunFacts, cause: Cause): string[] {
  return listOthers(facts, cause)
    .slice(0, MAX_DESCRIBED)
    .map(({ field, proposal: { value, filled, rows, basis } }) => {
      const selector = typeof value === 'string' ? value : String(value['selector']);
      const count =
        rows === null ? pluralize(filled, 'match', 'matches') : `${filled} of ${pluralize(rows, 'row')}`;
      return basis === 'earlier_rows'
        ? `${selector} holds values that ${field} had in the last good run (${count}).`
        : `A guess by its name: ${field} may be ${selector} now (${count}); see whether its value is right.`;
    });
}

/** On another page than one of rows everything is missing, and a similar name says nothing. */
export function isWorthProposing({ proposal }: Pick<BrokenSelector, 'proposal'>, cause: Cause): boolean {
  return proposal !== undefined && !(NOT_BY_SELECTORS.has(cause) && proposal.basis === 'similar_name');
}

function listOthers({ broken }: RunFacts, cause: Cause): Proposed[] {
  return broken.filter(
    (one): one is Proposed =>
      one.path !== null && one.proposal?.basis !== 'earlier_page' && isWorthProposing(one, cause),
  );
}

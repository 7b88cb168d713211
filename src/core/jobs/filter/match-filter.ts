import { foldText } from '../../lib/fold-text.ts';
import {
  type AmountField,
  type Comparison,
  type Filter,
  isAmount,
  type NameField,
  type NameValue,
  type Term,
} from './filter-terms.ts';
import type { FilterableJob } from './filterable-job.ts';

type Test = (row: FilterableJob, now: number) => boolean;

/**
 * The rows that pass a filter, in their order; the same array when all pass.
 * @param now epoch milliseconds, for `next` and `last`
 */
export function matchRows<T extends FilterableJob>(
  rows: readonly T[],
  { terms }: Pick<Filter, 'terms'>,
  now: number,
): readonly T[] {
  const tests = terms.map(testOf);
  if (tests.length === 0) return rows;
  const found = rows.filter((row) => tests.every((test) => test(row, now)));
  return found.length === rows.length ? rows : found;
}

function testOf(term: Term): Test {
  const test = conditionOf(term);
  return term.negated ? (row, now) => !test(row, now) : test;
}

function conditionOf(term: Term): Test {
  switch (term.kind) {
    case 'text':
      return ({ haystack }) => haystack.includes(term.text);
    case 'state':
      return ({ state }) => term.states.includes(state);
    case 'by':
      return ({ updatedBy }) => updatedBy !== null && term.authors.includes(updatedBy);
    case 'name':
      return nameTest(term.field, term.values);
    case 'amount':
      return (row, now) => {
        const amount = amountOf(row, term.field, now);
        return amount !== null && compare(amount, term.is, term.value);
      };
    case 'none': {
      const { field } = term;
      return isAmount(field)
        ? (row, now) => amountOf(row, field, now) === null
        : (row) => namesOf(row, field).length === 0;
    }
    default:
      return term satisfies never;
  }
}

/** The verdicts are cached, because many jobs share a host, a configuration or a tag. */
function nameTest(field: NameField, values: readonly NameValue[]): Test {
  const verdicts = new Map<string, boolean>();
  const isMeant = (name: string) => {
    const known = verdicts.get(name);
    if (known !== undefined) return known;
    const verdict = matchesValue(name, values);
    verdicts.set(name, verdict);
    return verdict;
  };
  return (row) => namesOf(row, field).some(isMeant);
}

function matchesValue(name: string, values: readonly NameValue[]): boolean {
  const folded = foldText(name);
  return values.some(({ text, whole }) => (whole ? folded === text : folded.includes(text)));
}

function namesOf(row: FilterableJob, field: NameField): readonly string[] {
  switch (field) {
    case 'tag':
      return row.tags;
    case 'host':
      return row.hosts;
    case 'config':
      return row.configName === null ? [] : [row.configName];
    case 'id':
      return [row.id];
    default:
      return field satisfies never;
  }
}

/** The amount of a row: milliseconds or a number; `null` when it has none. */
function amountOf({ nextRun, last, itemChange, failures }: FilterableJob, field: AmountField, now: number) {
  switch (field) {
    case 'next':
      return nextRun === null ? null : nextRun - now;
    case 'last':
      return last === null || last.finishedAt === null ? null : now - last.finishedAt;
    case 'took':
      return last?.durationMs ?? null;
    case 'items':
      return last?.items ?? null;
    case 'change':
      return itemChange;
    case 'fails':
      return failures;
    default:
      return field satisfies never;
  }
}

function compare(amount: number, is: Comparison, value: number): boolean {
  switch (is) {
    case '<':
      return amount < value;
    case '<=':
      return amount <= value;
    case '>':
      return amount > value;
    case '>=':
      return amount >= value;
    case '=':
      return amount === value;
    default:
      return is satisfies never;
  }
}

import { findNearestName } from '../config/nearest-name.ts';
import type { PageElement } from '../lib/page.ts';
import { isUrlAttribute } from './read-link.ts';

/** Matches of one selector that lack what is taken from them. */
export interface Absent {
  field: string;
  /** The same for all. */
  reason: string;
  /** How many lack it. */
  count: number;
  /** How many have it. */
  present: number;
  /** Completes the sentence about them. */
  sample: string;
}

/** Names in a sentence. */
const MAX_NAMED = 4;
const MAX_NAME_CHARACTERS = 40;

/** Counts matches that lack what is taken from them: the attribute of a field, or the address of a link. */
export class AbsentValues {
  readonly #counts = new Map<string, Absent>();

  /** @param describe completes the sentence about the first match that lacks it */
  add(field: string, isPresent: boolean, describe: () => string): void {
    const before = this.#counts.get(field);
    if (before === undefined) {
      const sample = isPresent ? '' : describe();
      this.#counts.set(field, {
        field,
        reason: 'absent',
        count: Number(!isPresent),
        present: Number(isPresent),
        sample,
      });
      return;
    }
    if (isPresent) before.present += 1;
    else {
      if (before.count === 0) before.sample = describe();
      before.count += 1;
    }
  }

  list(): Absent[] {
    return [...this.#counts.values()];
  }
}

/** Adds what was counted of the same field before. */
export function addAbsent(before: Absent | undefined, { sample, ...one }: Absent): Absent {
  if (before === undefined) return { ...one, sample };
  const counts = { count: before.count + one.count, present: before.present + one.present };
  return { ...one, ...counts, sample: before.sample === '' ? sample : before.sample };
}

/** Describes a field whose matches all lack its attribute, or a link that none of its matches has. */
export function describeAbsent({ field, count, sample }: Pick<Absent, 'field' | 'count' | 'sample'>): string {
  if (!/^(?:follow\.)+selector$/.test(field)) return `${field} is empty in all rows: ${sample}`;
  const what =
    field === 'follow.selector' ? 'no item has a detail page' : 'no detail page leads to a further one';
  return `${what}: ${field} matched ${count === 1 ? '1 element' : `${count.toLocaleString('en-US')} elements`}, ${sample}`;
}

/** @param within the first element inside that has the attribute */
export function describeLackingAttribute(
  { name, attribs }: PageElement,
  attribute: string,
  within: PageElement | undefined,
): string {
  const names = Object.keys(attribs).map((each) => each.slice(0, MAX_NAME_CHARACTERS));
  const more = names.length > MAX_NAMED ? ', …' : '';
  const has = names.length === 0 ? '' : `; they have ${names.slice(0, MAX_NAMED).join(', ')}${more}`;
  const lacks = `its elements (${name.slice(0, MAX_NAME_CHARACTERS)}) have no attribute ${attribute}${has}`;
  const nearest = findNearestName(attribute, names);
  if (nearest !== undefined) return `${lacks}. Did you mean ${nearest}?`;
  if (within === undefined || !isUrlAttribute(attribute)) return lacks;
  return `${lacks}. The ${within.name} inside has it: select it, such as selector: ${within.name}`;
}

import { pluralize } from '../../core/lib/text.ts';
import { findNearestName } from '../config/nearest-name.ts';
import type { PageElement } from '../lib/page.ts';
import { isUrlAttribute } from './read-link.ts';

/** What matches of one selector lack: the attribute of a field, or the address of a link. */
export interface Absent {
  /** The selector's name: a field, or a link such as `follow.selector`. */
  field: string;
  /** How many matches lack it. */
  count: number;
  /** How many have it. */
  present: number;
  /** Completes the sentence about them. */
  sample: string;
}

/** Names in a sentence. */
const MAX_NAMED = 4;
const MAX_NAME_CHARACTERS = 40;

/** Counts matches that lack what is taken from them, and those that have it. */
export class AbsentValues {
  readonly #counts = new Map<string, Absent>();

  /** @param describe completes the sentence about the first match that lacks it */
  add(field: string, isPresent: boolean, describe: () => string): void {
    const counts = this.#get(field);
    if (!isPresent && counts.count === 0) counts.sample = describe();
    counts.count += Number(!isPresent);
    counts.present += Number(isPresent);
  }

  /** Adds what was counted elsewhere. */
  merge(others: readonly Absent[]): void {
    for (const { field, count, present, sample } of others) {
      const counts = this.#get(field);
      if (counts.count === 0) counts.sample = sample;
      counts.count += count;
      counts.present += present;
    }
  }

  list(): Absent[] {
    return [...this.#counts.values()];
  }

  /** Describes what no match has, one sentence a selector. */
  describe(): string[] {
    return this.list()
      .filter(({ present }) => present === 0)
      .map(describeAbsent);
  }

  #get(field: string): Absent {
    const known = this.#counts.get(field);
    if (known !== undefined) return known;
    const counts = { field, count: 0, present: 0, sample: '' };
    this.#counts.set(field, counts);
    return counts;
  }
}

/** Describes a field whose matches all lack its attribute, or a link that none of its matches has. */
function describeAbsent({ field, count, sample }: Absent): string {
  if (!/^(?:follow\.)+selector$/.test(field)) return `${field} is empty in all rows: ${sample}`;
  const what =
    field === 'follow.selector' ? 'no item has a detail page' : 'no detail page leads to a further one';
  return `${what}: ${field} matched ${pluralize(count, 'element')}, ${sample}`;
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

import {
  ANY_CHANGE,
  type ChangeCondition,
  type ChangeRules,
  NUMBER_CONDITIONS,
} from '../model/change-rules.ts';
import { fieldOf, isFilled, toNumber, toText } from '../runs/item-values.ts';
import type { Item } from '../runs/run-files.ts';
import { canonicalField } from './comparison-key.ts';

/** Changes a text so that texts that count as the same are equal. */
export type FoldText = (text: string) => string;

/** What a comparison counts: the one definition that counts, messages, commands and views share. */
export interface CountedChanges {
  /** Only these fields decide whether an item has changed; `undefined`: all but the ignored ones. */
  fields: readonly string[] | undefined;
  ignored: readonly string[];
  fold: FoldText | undefined;
  only: ChangeRules['only'];
  when: ChangeRules['when'];
}

/**
 * @param rules of the configuration
 * @param key the fields that identify items; a change in them cannot be ignored
 * @param fetchTimes fields that hold the time of fetching, which never count
 */
export function countedChanges(
  rules: ChangeRules,
  key: readonly string[],
  fetchTimes: readonly string[],
): CountedChanges {
  // Without a key, no two items are known to be the same, so no conditions on their values are possible.
  const when = key.length === 0 ? {} : rules.when;
  const conditional = Object.keys(when);
  return {
    fields: conditional.length === 0 ? undefined : conditional,
    ignored: [...rules.ignore, ...fetchTimes].filter((name) => !key.includes(name)),
    fold: foldText(rules),
    only: rules.only,
    when,
  };
}

/** How texts are changed before they are compared; `undefined`: not at all. */
export function foldText({
  ignore_case,
  ignore_whitespace,
}: Pick<ChangeRules, 'ignore_case' | 'ignore_whitespace'>): FoldText | undefined {
  if (!ignore_case && !ignore_whitespace) return undefined;
  return (text) => {
    const spaced = ignore_whitespace ? text.replaceAll(/\s+/gu, ' ').trim() : text;
    return ignore_case ? spaced.toLowerCase() : spaced;
  };
}

/** The fields that differ between two versions of an item and count, in the order of the item. */
export function differingFields(
  before: Item,
  after: Item,
  { fields, ignored, fold }: Pick<CountedChanges, 'fields' | 'ignored' | 'fold'>,
): string[] {
  const names = fields ?? [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter(
    (name) =>
      !(fields === undefined && ignored.includes(name)) &&
      canonicalField(before, name, fold) !== canonicalField(after, name, fold),
  );
}

/** Whether one condition of one field holds. Without conditions every change counts. */
export function meetsCondition(
  before: Item,
  after: Item,
  counted: Pick<CountedChanges, 'when' | 'fold'>,
): boolean {
  const fields = Object.entries(counted.when);
  return (
    fields.length === 0 ||
    fields.some(([name, condition]) => {
      if (canonicalField(before, name, counted.fold) === canonicalField(after, name, counted.fold))
        return false;
      return (
        condition === ANY_CHANGE ||
        holds(condition, fieldOf(before, name), fieldOf(after, name), counted.fold)
      );
    })
  );
}

/** The fields with a condition on numbers that have a value which is none, before or after. */
export function unreadNumbers(before: Item, after: Item, { when }: Pick<CountedChanges, 'when'>): string[] {
  return Object.entries(when).flatMap(([name, condition]) => {
    if (condition === ANY_CHANGE || !NUMBER_CONDITIONS.some((each) => condition[each] !== undefined))
      return [];
    const values = [fieldOf(before, name), fieldOf(after, name)];
    return values.some((value) => isFilled(value) && toNumber(value) === undefined) ? [name] : [];
  });
}

function holds(condition: ChangeCondition, before: unknown, after: unknown, fold: FoldText = asIs): boolean {
  const { becomes, contains } = condition;
  if (becomes !== undefined && isValue(after, becomes, fold) && !isValue(before, becomes, fold)) return true;
  if (contains !== undefined) {
    const part = fold(contains);
    if (fold(toText(after)).includes(part) && !fold(toText(before)).includes(part)) return true;
  }
  const [from, to] = [toNumber(before), toNumber(after)];
  return from !== undefined && to !== undefined && holdsForNumbers(condition, from, to);
}

function asIs(text: string): string {
  return text;
}

/** A text is compared as it is read: `becomes: 0` holds for `"£0.00"`, too. */
function isValue(value: unknown, wanted: string | number | boolean, fold: FoldText): boolean {
  if (typeof wanted === 'number') return toNumber(value) === wanted;
  return fold(toText(value)) === fold(String(wanted));
}

function holdsForNumbers(
  {
    falls_by,
    falls_by_percent,
    falls_below,
    rises_by,
    rises_by_percent,
    rises_above,
    changes_by,
    changes_by_percent,
  }: ChangeCondition,
  from: number,
  to: number,
): boolean {
  const rise = to - from;
  // From nothing, any change is more than every percentage.
  const percent = from === 0 ? Math.sign(rise) * Number.POSITIVE_INFINITY : (rise / Math.abs(from)) * 100;
  const size = Math.max(Math.abs(from), Math.abs(to));
  const reaches = (value: number, limit: number | undefined) =>
    limit !== undefined && value >= limit - ROUNDING * size;
  const reachesPercent = (value: number, limit: number | undefined) =>
    limit !== undefined && value >= limit - ROUNDING * 100;
  return (
    reaches(-rise, falls_by) ||
    reaches(rise, rises_by) ||
    reaches(Math.abs(rise), changes_by) ||
    reachesPercent(-percent, falls_by_percent) ||
    reachesPercent(percent, rises_by_percent) ||
    reachesPercent(Math.abs(percent), changes_by_percent) ||
    (falls_below !== undefined && from >= falls_below && to < falls_below) ||
    (rises_above !== undefined && from <= rises_above && to > rises_above)
  );
}

/** 20.00 − 19.00 must reach 1, although neither is exact in binary. */
const ROUNDING = 1e-12;

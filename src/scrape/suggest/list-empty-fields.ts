import type { FieldSelector } from '../config/field.ts';
import { isEmpty } from '../extract/field-text.ts';
import type { Item, Page } from '../lib/page.ts';
import { type ExtractionRules, tryExtractRows } from './per-page.ts';
import type { TriedRows } from './tried-rows.ts';

/** The fields that have values on the first page and none on the second. */
export function listEmpty(
  before: Page,
  earlierRules: ExtractionRules,
  now: Page,
  rules: ExtractionRules,
): string[] {
  const listOn = (page: Page, one: ExtractionRules) =>
    listFilled(one.selectors, {
      hasValue: (name) => tryExtractRows(page, one)?.hasValue(name) === true,
      valuesOf: (name) => tryExtractRows(page, one)?.valuesOf(name) ?? [],
    });
  const filled = listOn(now, rules);
  return listOn(before, earlierRules).filter((name) => !filled.includes(name));
}

function listFilled(
  fields: Readonly<Record<string, FieldSelector>>,
  { hasValue, valuesOf }: Pick<TriedRows, 'hasValue' | 'valuesOf'>,
): string[] {
  return Object.entries(fields).flatMap(([name, { children }]) => {
    if (children === undefined) return hasValue(name) ? [name] : [];
    const values = valuesOf(name)
      .flat()
      .filter((value) => !isEmpty(value)) as Item[];
    const read = (key: string) => values.map(({ [key]: value = null }) => value);
    const inner = listFilled(children, {
      hasValue: (key) => read(key).some((value) => [value].flat().some((one) => !isEmpty(one))),
      valuesOf: read,
    });
    return values.length === 0 ? [] : inner.map((one) => `${name}.${one}`);
  });
}

import * as z from 'zod';
import { tryParseJson } from '../lib/json.ts';
import { once } from '../lib/once.ts';
import { VALUE_RULES } from './value-rules.ts';

/**
 * The target of a configuration's selector: a value, a row, the next page, a row's own page, or the pages of a sitemap.
 */
export const SELECTOR_PARTS = ['field', 'item', 'pagination', 'follow', 'sitemap'] as const;
export type SelectorPart = (typeof SELECTOR_PARTS)[number];

/** The configuration keys of the selectors that do not select values. */
export const SELECTOR_PATHS = {
  sitemap: 'sitemap',
  item: 'item',
  pagination: 'pagination.selector',
  follow: 'follow.selector',
} as const satisfies Record<Exclude<SelectorPart, 'field'>, string>;

/** The level of a link by its name: 1 for `follow.selector`, 2 for `follow.follow.selector`; 0 for other selectors. */
export function getLinkLevel(name: string): number {
  return /^(?:follow\.)+selector$/.test(name) ? name.split('.').length - 1 : 0;
}

/** The checks of a run: the keys of `expect` (expectations.ts) that can fail. */
const CHECKS = [
  'min_items',
  'max_drop_percent',
  'required_fields',
  'min_fill_percent',
  'likely_broken',
  'fields',
] as const;

/** The selector that most likely stopped matching. */
const suspect = once(() =>
  z.object({
    part: z
      .enum(SELECTOR_PARTS)
      .describe('The selector of a field, of the items, of the way to the next page …'),
    field: z.string().nullable().describe('The name of the field, or the place of another selector'),
    selector: z.string().nullable(),
    matched: z.number().nullable().describe('Elements that it matched; for pagination: pages'),
    usual: z.number().nullable().describe('What it usually is, on as many pages'),
  }),
);
export type Suspect = z.infer<ReturnType<typeof suspect>>;

/** One check of a run, with its figures. */
export const checkOutput = once(() =>
  z.object({
    check: z.enum(CHECKS),
    field: z.string().nullable().describe('The field that was checked; null: the number of items'),
    rule: z.enum(VALUE_RULES).optional().describe('Of check fields: the rule on its values'),
    passed: z.boolean(),
    found: z
      .number()
      .describe(
        'Items; for a field: in how many of 100 items it is filled; for a rule: rows that break it, or unread values of 100',
      ),
    expected: z
      .number()
      .nullable()
      .describe('The least that is expected; for a rule: the most; null: nothing to compare with'),
    usual: z.number().nullable().describe('The median of the last ten good runs'),
    good_runs: z.int().describe('Number of good runs in that median'),
    suspect: suspect().nullable().describe('For a failed check: the selector that is likely broken'),
    message: z.string(),
  }),
);
export type Check = z.infer<ReturnType<typeof checkOutput>>;

/** Reads the checks in a database row. Entries that this program does not write are left out. */
export function readChecks(text: string): Check[] {
  const list = text === '[]' ? [] : tryParseJson(text);
  return Array.isArray(list) ? list.filter(isCheck) : [];
}

/** Not a zod schema, because compiling one would slow down every start of the program. */
function isCheck(value: unknown): value is Check {
  if (typeof value !== 'object' || value === null) return false;
  const { check, passed, found, message } = value as Partial<Record<keyof Check, unknown>>;
  return (
    (CHECKS as readonly unknown[]).includes(check) &&
    typeof passed === 'boolean' &&
    typeof found === 'number' &&
    typeof message === 'string'
  );
}

/** Further failed checks are only counted. */
const MAX_DESCRIBED_CHECKS = 3;

/** Describes the failed checks of a run in one line; empty when none failed. */
export function describeFailedChecks(checks: readonly Check[]): string {
  const failed = checks.filter(({ passed }) => !passed);
  const more =
    failed.length > MAX_DESCRIBED_CHECKS
      ? `; and ${failed.length - MAX_DESCRIBED_CHECKS} more checks failed`
      : '';
  return `${failed
    .slice(0, MAX_DESCRIBED_CHECKS)
    .map(({ message }) => message)
    .join('; ')}${more}`;
}

import * as z from 'zod';
import { once } from '../lib/once.ts';

/** How an item can differ from that of an earlier run. */
export const CHANGE_KINDS = ['added', 'changed', 'removed'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** Conditions on two values of a field, of which one is enough. Percentages are of the earlier number. */
export interface ChangeCondition {
  falls_by?: number | undefined;
  falls_by_percent?: number | undefined;
  /** The number was at least this, and is less. */
  falls_below?: number | undefined;
  rises_by?: number | undefined;
  rises_by_percent?: number | undefined;
  /** The number was at most this, and is more. */
  rises_above?: number | undefined;
  /** In either direction. */
  changes_by?: number | undefined;
  changes_by_percent?: number | undefined;
  /** The value was another one. */
  becomes?: string | number | boolean | undefined;
  /** The text did not contain it before. */
  contains?: string | undefined;
}

/** Conditions that compare numbers. */
export const NUMBER_CONDITIONS = [
  'falls_by',
  'falls_by_percent',
  'falls_below',
  'rises_by',
  'rises_by_percent',
  'rises_above',
  'changes_by',
  'changes_by_percent',
] as const satisfies readonly (keyof ChangeCondition)[];

/** Any change of a field counts. */
export const ANY_CHANGE = 'changes';

/** What identifies an item, and which differences between two runs count: `changes` of a configuration. */
export interface ChangeRules {
  /** The fields that identify an item; none: they are guessed. */
  key: readonly string[];
  /** Fields whose changes do not count. */
  ignore: readonly string[];
  /** The kinds of changes that count. */
  only: readonly ChangeKind[];
  /** By field: which changes count. With any, those of other fields do not. */
  when: Readonly<Record<string, typeof ANY_CHANGE | ChangeCondition>>;
  ignore_case: boolean;
  ignore_whitespace: boolean;
}

/** Every difference counts. */
export const EVERY_CHANGE: ChangeRules = {
  key: [],
  ignore: [],
  only: CHANGE_KINDS,
  when: {},
  ignore_case: false,
  ignore_whitespace: false,
};

const amount = (what: string) => z.number().positive().optional().describe(what);
const percent = (what: string) => z.number().positive().max(100).optional().describe(what);
const threshold = (what: string) => z.number().optional().describe(what);
const fieldNames = () => z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional();

const changeCondition = once(() =>
  z.strictObject({
    falls_by: amount('The number falls by at least this, in its own unit'),
    falls_by_percent: percent('The number falls by at least this many per cent of the earlier one'),
    falls_below: threshold('The number was at least this, and is less now'),
    rises_by: amount('The number rises by at least this, in its own unit'),
    rises_by_percent: amount('The number rises by at least this many per cent of the earlier one'),
    rises_above: threshold('The number was at most this, and is more now'),
    changes_by: amount('The number falls or rises by at least this, in its own unit'),
    changes_by_percent: amount('The number falls or rises by at least this many per cent of the earlier one'),
    becomes: z
      .union([z.string(), z.number(), z.boolean()])
      .optional()
      .describe('The value is this now, and was another one'),
    contains: z.string().min(1).optional().describe('The text contains this now, and did not before'),
  }),
);

/** `changes` of a configuration, as users write it. */
export const changesInput = once(() =>
  z
    .strictObject({
      key: fieldNames().describe(
        'The field or fields that identify an item in every run; default: output.key, else a unique field is guessed',
      ),
      ignore: fieldNames().describe('Fields whose changes do not count'),
      only: z
        .array(z.enum(CHANGE_KINDS))
        .min(1)
        .optional()
        .describe('The kinds of changes that count; default: all'),
      when: z
        .record(z.string(), z.union([changeCondition(), z.literal(ANY_CHANGE)]))
        .optional()
        .describe(
          `By field: an item counts as changed when one condition of one field holds, or, with "${ANY_CHANGE}", the field differs at all`,
        ),
      ignore_case: z.boolean().optional().describe('Texts that differ only in capitals are the same'),
      ignore_whitespace: z
        .boolean()
        .optional()
        .describe('Texts that differ only in white space are the same'),
    })
    .describe('Which differences between two runs count as changes'),
);

/** Fills in the defaults. @param outputKey `output.key` of the configuration */
export function completeChanges(
  { key, ignore, only, when, ignore_case, ignore_whitespace }: z.output<ReturnType<typeof changesInput>>,
  outputKey: readonly string[] = [],
): ChangeRules {
  return {
    key: key === undefined ? outputKey : [key].flat(),
    ignore: [ignore ?? []].flat(),
    only: only ?? CHANGE_KINDS,
    when: when ?? {},
    ignore_case: ignore_case ?? false,
    ignore_whitespace: ignore_whitespace ?? false,
  };
}

/** The names of the rules by which some differences do not count; empty when all do. */
export function activeRules(rules: ChangeRules): string[] {
  return [
    ...(rules.ignore.length > 0 ? ['ignore'] : []),
    ...(CHANGE_KINDS.every((kind) => rules.only.includes(kind)) ? [] : ['only']),
    ...(Object.keys(rules.when).length > 0 ? ['when'] : []),
    ...(rules.ignore_case ? ['ignore_case'] : []),
    ...(rules.ignore_whitespace ? ['ignore_whitespace'] : []),
  ];
}

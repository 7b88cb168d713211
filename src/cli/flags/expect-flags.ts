import { type Command, InvalidArgumentError, Option } from 'commander';
import { CLEARED, clearable, integerParser, isCleared } from './flag-values.ts';

/** The flags that set the parts of `expect`. */
export interface ExpectFlags {
  expectMinItems?: number | typeof CLEARED;
  expectRequiredFields?: string[];
  expectMinFillPercent?: Record<string, number> | typeof CLEARED;
  expectMaxDropPercent?: number | typeof CLEARED;
  expectLikelyBroken?: string;
  expectAllowEmpty?: string;
  expectRetry?: string;
  expectUsualSince?: string;
}

export function addExpectOptions(command: Command): Command {
  return command
    .option(
      '--expect-min-items <n>',
      'a run with fewer items has failed; nothing is written out then',
      clearable(integerParser(0)),
    )
    .option(
      '--expect-required-fields <names>',
      'fields that every item must have, separated by commas',
      parseCommaList,
    )
    .option(
      '--expect-min-fill-percent <fields>',
      'in how many of 100 items a field must be filled: price=95,title=100',
      parseFillPercents,
    )
    .option(
      '--expect-max-drop-percent <n>',
      'a run with this much fewer items than the median of the last ten good ones has failed',
      clearable(integerParser(0, 100)),
    )
    .addOption(
      yesNoOption(
        '--expect-likely-broken <yes|no>',
        'a run with less than half of the usual has failed when a selector has stopped matching (default yes)',
      ),
    )
    .addOption(yesNoOption('--expect-allow-empty <yes|no>', 'a run without items is no failure'))
    .addOption(
      yesNoOption('--expect-retry <yes|no>', 'try again when something expected is not met (default no)'),
    )
    .option(
      '--expect-usual-since <instant>',
      'earlier runs do not say what is usual; now: this is how it is from now on',
      clearable(parseInstant),
    );
}

function yesNoOption(flags: string, help: string): Option {
  return new Option(flags, help).choices(['yes', 'no', 'none']);
}

/** `undefined`: no flag concerns `expect`; `null`: all expectations are removed. */
export function mergeExpectFlags(
  current: object | null,
  flags: ExpectFlags,
): Record<string, unknown> | null | undefined {
  const { expectRequiredFields } = flags;
  const changes = {
    allow_empty: parseYesNo(flags.expectAllowEmpty),
    min_items: flags.expectMinItems,
    required_fields: expectRequiredFields?.length === 0 ? CLEARED : expectRequiredFields,
    min_fill_percent: flags.expectMinFillPercent,
    max_drop_percent: flags.expectMaxDropPercent,
    likely_broken: parseYesNo(flags.expectLikelyBroken),
    retry: parseYesNo(flags.expectRetry),
    usual_since: flags.expectUsualSince,
  };
  if (Object.values(changes).every((value) => value === undefined)) return undefined;
  const requested = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const kept = Object.entries({ ...current, ...requested }).filter(([, value]) => value !== CLEARED);
  return kept.length === 0 ? null : Object.fromEntries(kept);
}

function parseYesNo(text: string | undefined): boolean | typeof CLEARED | undefined {
  return text === undefined ? undefined : isCleared(text) ? CLEARED : text === 'yes';
}

/** `now`, or an instant. The job schema rejects an invalid one. */
function parseInstant(text: string): string {
  if (text === 'now') return new Date().toISOString();
  const at = new Date(text);
  return /[Zz]$|[+-]\d\d:\d\d$/.test(text) && !Number.isNaN(at.getTime()) ? at.toISOString() : text;
}

function parseCommaList(text: string, before: string[] | undefined): string[] {
  const names = isCleared(text) ? [] : text.split(',').map((name) => name.trim());
  return [...(before ?? []), ...names.filter((name) => name !== '')];
}

/** Parses `price=95,title=100`. A field's name may contain `=`, but no comma. */
function parseFillPercents(
  text: string,
  before: Record<string, number> | typeof CLEARED | undefined,
): Record<string, number> | typeof CLEARED {
  if (isCleared(text)) return CLEARED;
  const parts = text.split(',').filter((part) => part.trim() !== '');
  const percents = parts.map((part) => {
    const [, field, percent] = /^\s*(\S.*?)\s*=\s*(\d+(?:\.\d+)?)\s*%?\s*$/.exec(part) ?? [];
    if (field === undefined)
      throw new InvalidArgumentError('It must be fields and percentages: price=95,title=100.');
    return [field, Number(percent)] as const;
  });
  return { ...(typeof before === 'object' ? before : {}), ...Object.fromEntries(percents) };
}

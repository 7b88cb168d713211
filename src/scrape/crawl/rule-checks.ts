import { formatRowValue } from '../../core/lib/format-row-value.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { pluralize, truncateList } from '../../core/lib/text.ts';
import type { Check } from '../../core/model/check.ts';
import type { Expectations } from '../../core/model/expectations.ts';
import type { FieldRules, ValueKind } from '../../core/model/value-rules.ts';
import type { Unparsed } from '../extract/extraction-context.ts';
import type { JsonValue } from '../lib/page.ts';
import type { RuleCount, RuleCounts } from './value-checker.ts';

const MAX_VALUE_CHARACTERS = 60;

/** The checks of a run's rules on values, one for each rule: those of a field one after the other. */
export function ruleChecks(
  { fields = {}, max_broken_percent = 0 }: Expectations,
  counts: RuleCounts,
  unread: readonly Unparsed[],
): Check[] {
  if (counts.rows === 0) return [];
  return Object.entries(fields).flatMap(([field, rules]) => {
    if (counts.missing.includes(field)) return [missingField(field, counts.rows)];
    const limit = rules.max_broken_percent ?? max_broken_percent;
    const { max_unread_percent: maxUnread } = rules;
    return [
      ...counts.rules
        .filter((count) => count.field === field)
        .map((count) => ruleCheck(count, counts, limit)),
      ...(maxUnread === undefined ? [] : [unreadCheck(field, counts.values[field] ?? 0, unread, maxUnread)]),
    ];
  });
}

/** Whether a run whose broken rows are dropped would have no row left. */
export function nothingLeft(check: Check): Check {
  return { ...check, passed: false, message: `${check.message}; without the broken rows none is left` };
}

function ruleCheck(count: RuleCount, { rows, values }: RuleCounts, limit: number): Check {
  const { field, rule, broken } = count;
  const holds =
    values[field] === 0
      ? `nothing to check in ${pluralize(rows, 'row')}: no value`
      : `${describeRule(count)} holds in ${rows === 1 ? 'the one row' : `all ${pluralize(rows, 'row')}`}`;
  const tolerated = limit > 0 ? `; at most ${limit} % of rows are allowed` : '';
  return {
    ...NO_FIGURES,
    field,
    rule,
    passed: broken * 100 <= limit * rows,
    found: broken,
    expected: Math.floor((limit * rows) / 100),
    message:
      broken === 0
        ? `${field}: ${holds}`
        : `${field}: ${broken.toLocaleString('en-US')} of ${pluralize(rows, 'row')} ${describeBroken(count, broken)}${formatSamples(count)}${tolerated}`,
  };
}

const NO_FIGURES = { check: 'fields', usual: null, good_runs: 0, suspect: null } as const;

function missingField(field: string, rows: number): Check {
  return {
    ...NO_FIGURES,
    field,
    passed: false,
    found: rows,
    expected: 0,
    message: `no row has a field "${field}", which expect.fields names`,
  };
}

function unreadCheck(field: string, values: number, all: readonly Unparsed[], limit: number): Check {
  const own = all.filter((one) => one.field === field);
  const unread = own.reduce((sum, { count }) => sum + count, 0);
  const total = unread + values;
  const share = total === 0 ? 0 : Math.floor((unread * 1000) / total) / 10;
  const [first] = own;
  const sample =
    first === undefined || first.sample === ''
      ? ''
      : `, such as ${formatValue(first.sample)}, which ${first.reason}`;
  return {
    ...NO_FIGURES,
    field,
    rule: 'max_unread_percent',
    passed: unread * 100 <= limit * total,
    found: share,
    expected: limit,
    message:
      unread === 0
        ? `${field}: all ${pluralize(total, 'value')} could be read`
        : `${field}: ${unread.toLocaleString('en-US')} of ${pluralize(total, 'value')} could not be read (${share} %, at most ${limit} % expected)${sample}`,
  };
}

const KINDS: Readonly<Record<ValueKind, string>> = {
  number: 'no number',
  integer: 'no whole number',
  boolean: 'neither true nor false',
  date: 'no date',
  price: 'no price',
  url: 'no web address',
  text: 'no text',
};

/** Says of rows that they break a rule: `are below min 1`. */
export function describeBroken(count: Pick<RuleCount, 'rule' | 'rules' | 'hasOthers'>, rows: number): string {
  const { rule, rules, hasOthers } = count;
  const are = rows === 1 ? 'is' : 'are';
  switch (rule) {
    case 'type':
      return `${are} ${KINDS[rules.type ?? 'text']}`;
    case 'min':
      return `${are} below ${describeRule(count)}${otherThan(rules.min, hasOthers)}`;
    case 'max':
      return `${are} above ${describeRule(count)}${otherThan(rules.max, hasOthers)}`;
    case 'one_of':
      return `${are} not ${describeRule(count)}`;
    case 'pattern':
      return `${rows === 1 ? 'does' : 'do'} not match ${describeRule(count)}`;
    case 'unique':
      return `${rows === 1 ? 'repeats' : 'repeat'} an earlier value`;
  }
}

function otherThan(bound: FieldRules['min'], hasOthers: boolean): string {
  return hasOthers ? ` or ${typeof bound === 'number' ? 'no number' : 'no date'}` : '';
}

function describeRule({ rule, rules }: Pick<RuleCount, 'rule' | 'rules'>): string {
  if (rule === 'unique') return rule;
  if (rule === 'one_of') return `one of ${truncateList((rules.one_of ?? []).map(formatValue), 5)}`;
  return `${rule} ${rule === 'pattern' ? formatValue(rules.pattern ?? '') : String(rules[rule])}`;
}

function formatSamples({ samples, broken }: RuleCount): string {
  if (samples.length === 0) return '';
  const shown = samples.map(({ row, value, earlier }) => {
    const at = `row ${row.toLocaleString('en-US')}`;
    const like = earlier === undefined ? '' : `, as in row ${earlier.toLocaleString('en-US')}`;
    return value === undefined ? `${at}${like}` : `${at}: ${formatValue(value)}${like}`;
  });
  return ` (${shown.join('; ')}${broken > samples.length ? ' …' : ''})`;
}

/** A value of a row in a sentence: one line, cut, a text in quotes. It comes from a page, and may hold anything. */
function formatValue(value: JsonValue): string {
  const text = sanitizeText(formatRowValue(value)).replaceAll(/\s+/g, ' ');
  const cut =
    text.length > MAX_VALUE_CHARACTERS
      ? `${text.slice(0, MAX_VALUE_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}…`
      : text;
  return typeof value === 'string' ? `"${cut}"` : cut;
}

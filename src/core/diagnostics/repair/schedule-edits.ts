import { parseCron } from '../../schedule/engine/cron-expression.ts';
import { calendarDate, clockTime, weekday, wholeNumber } from './candidates.ts';
import { type Edit, type Member, toValue } from './json-tree.ts';
import { formatValue, removeMember, renameMembers, setValue } from './member-edits.ts';

const FIELDS = [
  'type',
  'date',
  'time',
  'minute',
  'day_of_week',
  'day_of_month',
  'cron_expression',
  'timezone',
];
const ALIASES = {
  tz: 'timezone',
  zone: 'timezone',
  cron: 'cron_expression',
  expression: 'cron_expression',
  at: 'time',
  weekday: 'day_of_week',
};
const TYPES = ['once', 'hourly', 'daily', 'weekly', 'monthly', 'custom'];

/** The fields of a type besides `type` and `timezone`. */
const FIELDS_BY_TYPE: Readonly<Record<string, readonly string[]>> = {
  once: ['date', 'time'],
  hourly: ['minute'],
  daily: ['time'],
  weekly: ['day_of_week', 'time'],
  monthly: ['day_of_month', 'time'],
  custom: ['cron_expression'],
};

const CONVERTERS: Readonly<Record<string, (value: unknown) => unknown>> = {
  date: calendarDate,
  time: clockTime,
  minute: wholeNumber,
  day_of_week: weekday,
  day_of_month: wholeNumber,
  timezone: (value) => (typeof value === 'string' ? value.trim() : undefined),
};

/** What makes the member `schedule` a schedule, where only one can be meant. */
export function scheduleEdits(member: Member): Edit[] {
  const { node } = member;
  if (node.kind === 'scalar' && typeof node.value === 'string' && isCron(node.value)) {
    const schedule = { type: 'custom', cron_expression: node.value };
    return [setValue(member, schedule, `a cron expression is the schedule ${JSON.stringify(schedule)}`)];
  }
  if (node.kind !== 'object') return [];
  const type = node.members.find(({ key }) => key.toLowerCase() === 'type');
  const typeName = type && typeOf(toValue(type.node));
  const day =
    typeName === 'weekly' ? { day: 'day_of_week' } : typeName === 'monthly' ? { day: 'day_of_month' } : {};
  const { named, edits } = renameMembers(node.members, FIELDS, { ...ALIASES, ...day });
  if (type && typeName !== undefined && typeName !== toValue(type.node)) {
    edits.push(
      setValue(
        type,
        typeName,
        `the type ${formatValue(toValue(type.node))} is written ${formatValue(typeName)}`,
      ),
    );
  }
  if (
    !type &&
    named.size > 0 &&
    [...named.keys()].every((key) => key === 'cron_expression' || key === 'timezone')
  ) {
    if (named.has('cron_expression')) {
      edits.push({
        start: node.start + 1,
        end: node.start + 1,
        text: '"type": "custom", ',
        why: 'a schedule with a cron expression has the type custom',
      });
    }
  }
  for (const [field, of] of named) {
    const value = toValue(of.node);
    const foreign = !FIELDS_BY_TYPE[typeName ?? '']?.includes(field) && field !== 'type';
    if (value === null && foreign && FIELDS.includes(field)) {
      edits.push(removeMember(of, `${field}: null says nothing`));
      continue;
    }
    const right = CONVERTERS[field]?.(value);
    if (right !== undefined && right !== value) {
      edits.push(setValue(of, right, `${field} ${formatValue(value)} is written ${formatValue(right)}`));
    }
  }
  return edits;
}

function typeOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const name = value.trim().toLowerCase();
  return name === 'cron' ? 'custom' : TYPES.find((type) => type === name);
}

function isCron(text: string): boolean {
  try {
    parseCron(text);
    return true;
  } catch {
    return false;
  }
}

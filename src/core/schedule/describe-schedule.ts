import cronstrue from 'cronstrue';
import { type CronFields, parseCron } from './engine/cron-expression.ts';
import { WEEKDAYS } from './kinds.ts';
import type { ScheduleDict } from './rule.ts';

/** In cron's order: Sunday is 0. */
const CRON_WEEKDAYS = [...WEEKDAYS.slice(6), ...WEEKDAYS.slice(0, 6)];
const SHORT_WEEKDAYS = CRON_WEEKDAYS.map((name) => name.slice(0, 3).toUpperCase());
const NUMBER = /^\d{1,2}$/;

/** Describes a checked rule in plain English, with its zone: `every day at 09:00 (Europe/Berlin)`. */
export function describeSchedule(rule: ScheduleDict): string {
  return `${describeWithoutZone(rule)} (${rule.timezone})`;
}

function describeWithoutZone(rule: ScheduleDict): string {
  switch (rule.type) {
    case 'once':
      return `once on ${rule.date} at ${rule.time}`;
    case 'hourly':
      return `every hour at minute ${rule.minute}`;
    case 'daily':
      return `every day at ${rule.time}`;
    case 'weekly':
      return `every ${WEEKDAYS[rule.day_of_week]} at ${rule.time}`;
    case 'monthly': {
      const clamp = rule.day_of_month > 28 ? ", or the month's last day" : '';
      return `every month on day ${rule.day_of_month} at ${rule.time}${clamp}`;
    }
    case 'custom': {
      const { expression, fields } = parseCron(rule.cron_expression);
      const normalized = normalizeFields(fields);
      return describeCommonCron(normalized) ?? describeCron(normalized, expression);
    }
  }
}

/** Describes the common expressions with the words of the other kinds of schedule. */
function describeCommonCron(fields: CronFields): string | undefined {
  const { second, minute, hour, dayOfMonth, month, dayOfWeek } = fields;
  if (Number(second) !== 0 || !NUMBER.test(minute) || month !== '*') return undefined;
  if (hour === '*' && dayOfMonth === '*' && dayOfWeek === '*')
    return `every hour at minute ${Number(minute)}`;
  if (!NUMBER.test(hour)) return undefined;
  const at = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (dayOfMonth === '*') {
    const days = formatWeekday(dayOfWeek);
    return days === undefined ? undefined : `every ${days} at ${at}`;
  }
  if (!NUMBER.test(dayOfMonth) || dayOfWeek !== '*') return undefined;
  const day = Number(dayOfMonth);
  return `every month on day ${day} at ${at}${day > 28 ? ', in months that have that day' : ''}`;
}

function formatWeekday(field: string): string | undefined {
  const upper = field.toUpperCase();
  if (upper === '*') return 'day';
  if (upper === '1-5' || upper === 'MON-FRI') return 'weekday';
  const index = /^0?[0-7]$/.test(upper) ? Number(upper) % 7 : SHORT_WEEKDAYS.indexOf(upper);
  return CRON_WEEKDAYS[index];
}

function describeCron(fields: CronFields, expression: string): string {
  try {
    const text =
      fields.dayOfMonth !== '*' && fields.dayOfWeek !== '*'
        ? describeBothDayFields(fields)
        : describeWithCronstrue(fields);
    return text.charAt(0).toLowerCase() + text.slice(1);
  } catch {
    return `at the times of the cron expression "${expression}"`;
  }
}

/**
 * Describes expressions with both day fields. One match is enough; with a `+`, both must match. cronstrue says so for
 * some fields only.
 */
function describeBothDayFields(fields: CronFields): string {
  const anyDay = { ...fields, dayOfMonth: '*', month: '*', dayOfWeek: '*' };
  const time = describeWithCronstrue(anyDay);
  const part = (only: Partial<CronFields>) =>
    describeWithCronstrue({ ...anyDay, ...only })
      .slice(time.length)
      .replace(/^, (?:only )?/, '') || 'every day';
  const weekday = part({ dayOfWeek: fields.dayOfWeek });
  const both = weekday.startsWith('on ') ? 'if it falls' : 'and only';
  const days = `${part({ dayOfMonth: fields.dayOfMonth })}, ${fields.dayOfWeek.startsWith('+') ? both : 'or'} ${weekday}`;
  return `${time}, ${days}${fields.month === '*' ? '' : `, only ${part({ month: fields.month })}`}`;
}

function describeWithCronstrue({ second, minute, hour, dayOfMonth, month, dayOfWeek }: CronFields): string {
  // cronstrue supports neither croner's `+` nor `5#L`, croner's second spelling of "last Friday".
  const weekday = dayOfWeek.replace(/^\+/, '').replace(/(\w)#L/gi, '$1L');
  const pattern = [second, minute, hour, dayOfMonth, month, weekday].join(' ');
  return cronstrue.toString(pattern, { use24HourTimeFormat: true, verbose: false });
}

/** Removes duplicate list values and moves `L` to the end, where it reads well. */
function normalizeFields(fields: CronFields): CronFields {
  const normalized = Object.entries(fields).map(([name, field]: [string, string]) => {
    const parts = field.split(',').map((part) => normalizePart(part, name));
    const unique = [...new Set(parts)];
    return [
      name,
      [...unique.filter((part) => part !== 'L'), ...unique.filter((part) => part === 'L')].join(),
    ];
  });
  return Object.fromEntries(normalized) as CronFields;
}

function normalizePart(part: string, name: string): string {
  const upper = part.toUpperCase();
  if (NUMBER.test(upper)) return String(name === 'dayOfWeek' ? Number(upper) % 7 : Number(upper));
  return name === 'dayOfWeek' && SHORT_WEEKDAYS.includes(upper)
    ? String(SHORT_WEEKDAYS.indexOf(upper))
    : upper;
}

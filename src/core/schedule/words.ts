import cronstrue from 'cronstrue';
import { type CronExpression, type CronFields, parseCron } from './cron-expression.ts';
import type { ScheduleDict } from './rule.ts';

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const SHORT = WEEKDAYS.map((name) => name.slice(0, 3).toUpperCase());
const NUMBER = /^\d{1,2}$/;

/** A checked rule in plain English, with its zone: `every day at 09:00 (Europe/Berlin)`. */
export function describeRule(rule: ScheduleDict): string {
  return `${phrase(rule)} (${rule.timezone})`;
}

function phrase(rule: ScheduleDict): string {
  switch (rule.type) {
    case 'once':
      return `once on ${rule.date} at ${rule.time}`;
    case 'hourly':
      return `every hour at minute ${rule.minute}`;
    case 'daily':
      return `every day at ${rule.time}`;
    case 'weekly':
      return `every ${WEEKDAYS[(rule.day_of_week + 1) % 7]} at ${rule.time}`;
    case 'monthly': {
      const clamp = rule.day_of_month > 28 ? ", or the month's last day" : '';
      return `every month on day ${rule.day_of_month} at ${rule.time}${clamp}`;
    }
    case 'custom': {
      const cron = parseCron(rule.cron_expression);
      return everydayPhrase(cron.fields) ?? cronPhrase(cron);
    }
  }
}

/** The common expressions in the words of the other kinds. */
function everydayPhrase(fields: CronFields): string | undefined {
  const { second, minute, hour, dayOfMonth, month, dayOfWeek } = fields;
  if (Number(second) !== 0 || !NUMBER.test(minute) || month !== '*') return undefined;
  if (hour === '*' && dayOfMonth === '*' && dayOfWeek === '*')
    return `every hour at minute ${Number(minute)}`;
  if (!NUMBER.test(hour)) return undefined;
  const at = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (dayOfMonth === '*') {
    const days = weekdayWords(dayOfWeek);
    return days === undefined ? undefined : `every ${days} at ${at}`;
  }
  if (!NUMBER.test(dayOfMonth) || dayOfWeek !== '*') return undefined;
  const day = Number(dayOfMonth);
  return `every month on day ${day} at ${at}${day > 28 ? ', in months that have that day' : ''}`;
}

function weekdayWords(field: string): string | undefined {
  const upper = field.toUpperCase();
  if (upper === '*') return 'day';
  if (upper === '1-5' || upper === 'MON-FRI') return 'weekday';
  const index = /^0?[0-7]$/.test(upper) ? Number(upper) % 7 : SHORT.indexOf(upper);
  return WEEKDAYS[index];
}

function cronPhrase({ expression, pattern, fields }: CronExpression): string {
  const both = fields.dayOfWeek.startsWith('+');
  // cronstrue knows neither croner's + nor its second spelling of "last Friday", 5#L.
  const readable = pattern.replace(' +', ' ').replace(/(\w)#L/gi, '$1L');
  try {
    const text = cronstrue.toString(readable, { use24HourTimeFormat: true, verbose: false });
    const days = text.replace(', and on ', both ? ', if it falls on ' : ', or on ');
    return days.charAt(0).toLowerCase() + days.slice(1);
  } catch {
    return `at the times of the cron expression "${expression}"`;
  }
}

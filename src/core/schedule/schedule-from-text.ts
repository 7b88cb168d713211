import { parseCron } from './engine/cron-expression.ts';
import { WEEKDAYS } from './kinds.ts';

type Schedule = Readonly<Record<string, string | number>>;

/** A time of day: `9`, `9am`, `09:30`. */
const TIME = '(\\d{1,2})(?:[:.](\\d{2}))?\\s*(am|pm)?';
const DAYS = WEEKDAYS.map((day) => day.toLowerCase());

/**
 * The schedule that a text means, as the object to send: a cron expression (`0 9 * * *`, `@daily`), or plain words
 * (`every day at 9`, `hourly`, `monday 18:30`). Models and people write these where an object belongs.
 * @returns `undefined` when the text is neither
 */
export function scheduleFromText(text: string): Schedule | undefined {
  if (text.length > 200) return undefined;
  const plain = text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  return parsePlainText(plain) ?? parseCronText(text.trim());
}

/** The JSON of the object to send in place of a text. */
export function describeScheduleObject(text: string): string {
  const meant = scheduleFromText(text);
  return JSON.stringify(meant ?? { type: 'daily', time: '09:00' });
}

function parseCronText(text: string): Schedule | undefined {
  try {
    return { type: 'custom', cron_expression: parseCron(text).expression };
  } catch {
    return undefined;
  }
}

function parsePlainText(text: string): Schedule | undefined {
  if (/^(?:hourly|every hour)$/.test(text)) return { type: 'hourly', minute: 0 };
  const minutes = /^every (\d{1,2}) min(?:ute)?s?$/.exec(text)?.[1];
  if (minutes !== undefined && Number(minutes) > 0 && 60 % Number(minutes) === 0)
    return {
      type: 'custom',
      cron_expression: Number(minutes) === 60 ? '0 * * * *' : `*/${Number(minutes)} * * * *`,
    };
  const hours = /^every (\d{1,2}) h(?:our)?s?$/.exec(text)?.[1];
  if (hours !== undefined && Number(hours) > 0 && 24 % Number(hours) === 0)
    return { type: 'custom', cron_expression: `0 */${Number(hours)} * * *` };
  const daily = new RegExp(
    `^(?:daily|every day|each day|every morning|every evening)(?: at)?(?: ${TIME})?$`,
  ).exec(text);
  if (daily !== null) {
    const time = daily[1] === undefined ? '09:00' : timeOf(daily);
    return time === undefined ? undefined : { type: 'daily', time };
  }
  const weekly = new RegExp(
    `^(?:every |each |on |weekly on )?(${DAYS.join('|')})s?(?: at)?(?: ${TIME})?$`,
  ).exec(text);
  if (weekly === null) return undefined;
  const [, day = '', ...parts] = weekly;
  const time = parts[0] === undefined ? '09:00' : timeOf(['', ...parts]);
  return time === undefined ? undefined : { type: 'weekly', day_of_week: DAYS.indexOf(day), time };
}

/** `HH:MM` from hour, minute and half of the day; `undefined` when there is no such time. */
function timeOf([, hourText, minuteText = '0', half]: readonly (string | undefined)[]): string | undefined {
  const hour = Number(hourText);
  if (half !== undefined && (hour < 1 || hour > 12)) return undefined;
  const full = half === undefined ? hour : (hour % 12) + (half === 'pm' ? 12 : 0);
  if (full > 23 || Number(minuteText) > 59) return undefined;
  return `${String(full).padStart(2, '0')}:${minuteText.padStart(2, '0')}`;
}

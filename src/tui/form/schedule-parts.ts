import { wallMs } from '../../core/schedule/engine/instant.ts';
import { type Form, withTexts } from './form.ts';
import type { FormTexts } from './form-texts.ts';

const DAY = 86_400_000;
const TIME = /^(\d{1,2}):(\d{2})$/;

/** Gives the schedule another type. What that needs and nobody has said yet comes from the type before, or from today. */
export function withType(form: Form, type: string, now: number): Form {
  const { texts } = form;
  const patch: { -readonly [K in keyof FormTexts]?: string } = { 'schedule.type': type };
  if (type === 'custom' && texts['schedule.cron_expression'].trim() === '') {
    const cron = asCron(texts);
    if (cron !== undefined) patch['schedule.cron_expression'] = cron;
  }
  if (type === 'once' && texts['schedule.date'].trim() === '') patch['schedule.date'] = tomorrow(form, now);
  return withTexts(form, patch);
}

/** The cron expression that says what the form says; `undefined` where there is none, or not enough is said. */
function asCron(texts: FormTexts): string | undefined {
  const [, hour, minute] = TIME.exec(texts['schedule.time'].trim()) ?? [];
  const time = hour === undefined ? undefined : `${Number(minute)} ${Number(hour)}`;
  const type = texts['schedule.type'];
  if (type === 'hourly') return `${texts['schedule.minute'].trim() || '0'} * * * *`;
  if (time === undefined) return undefined;
  if (type === 'daily') return `${time} * * *`;
  // Cron counts from Sunday, a weekly schedule from Monday.
  if (type === 'weekly') return `${time} * * ${(Number(texts['schedule.day_of_week']) + 1) % 7}`;
  return type === 'monthly' ? `${time} ${texts['schedule.day_of_month'].trim() || '1'} * *` : undefined;
}

function tomorrow({ zone }: Form, now: number): string {
  return new Date(wallMs(now, zone) + DAY).toISOString().slice(0, 10);
}

import { JobSchedule } from '../../../core/schedule/job-schedule.ts';
import type { ScheduleDict } from '../../../core/schedule/rule.ts';
import { fieldAt } from './fields.ts';
import type { FieldPath, Form, FormTexts } from './model.ts';

/** A choice for a field, with the texts that it sets in the form. */
export interface Option {
  label: string;
  words: string;
  patch: Partial<FormTexts>;
}

/** Common schedules. The user changes times and days in their fields. */
const COMMON: readonly ScheduleDict[] = [
  { type: 'custom', cron_expression: '0 9 * * 1-5' },
  { type: 'daily', time: '09:00' },
  { type: 'daily', time: '06:00' },
  { type: 'hourly', minute: 0 },
  { type: 'custom', cron_expression: '*/15 * * * *' },
  { type: 'custom', cron_expression: '0 8,20 * * *' },
  { type: 'custom', cron_expression: '0 9-17 * * 1-5' },
  { type: 'weekly', day_of_week: 0, time: '09:00' },
  { type: 'monthly', day_of_month: 1, time: '09:00' },
  { type: 'monthly', day_of_month: 31, time: '18:00' },
].map((dict) => ({ ...dict, timezone: 'UTC' }) as ScheduleDict);

/** The common schedules, with the descriptions that all interfaces use. */
export function presetOptions(): readonly Option[] {
  return COMMON.map((dict) => {
    const { timezone: _, ...parts } = dict;
    const entries = Object.entries(parts).map(([part, value]) => [`schedule.${part}`, String(value)]);
    const words = JobSchedule.fromDict(dict).describe().replace(' (UTC)', '');
    return {
      label: words,
      words: dict.type === 'custom' ? dict.cron_expression : dict.type,
      patch: Object.fromEntries(entries) as Partial<FormTexts>,
    };
  });
}

/** The choices for a field; empty for a free-text field. */
export function optionsFor(form: Form, path: FieldPath): readonly Option[] {
  const put = (value: string, label = value, words = ''): Option => ({
    label,
    words,
    patch: { [path]: value },
  });
  if (path === 'config_name') return (form.configs ?? []).map((name) => put(name));
  if (path === 'schedule.timezone') return zones().map((name) => put(name));
  const { kind } = fieldAt(path);
  if (kind.is !== 'choice') return [];
  const choices = kind.choices.map(({ value, label, words }) => put(value, label, words));
  return path === 'schedule.type' ? [...choices, ...presetOptions()] : choices;
}

let known: readonly string[] | undefined;

/** The names of the time zones, including UTC. */
export function zones(): readonly string[] {
  known ??= ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')];
  return known;
}

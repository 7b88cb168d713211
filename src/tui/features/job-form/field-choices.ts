import { foldText } from '../../../core/lib/fold-text.ts';
import { JobSchedule } from '../../../core/schedule/job-schedule.ts';
import type { ScheduleDict } from '../../../core/schedule/rule.ts';
import { bestMatches, fuzzyScore } from '../../ui/text/match-text.ts';
import type { FieldPath, Form, FormPatch } from './model.ts';
import { fieldAt } from './param-fields.ts';
import { textAt } from './param-texts.ts';

/** A choice for a field, with the texts that it sets in the form. */
export interface Option {
  label: string;
  words: string;
  patch: FormPatch;
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
      patch: Object.fromEntries(entries) as FormPatch,
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
  const { kind } = fieldAt(form, path);
  if (kind.is !== 'choice') return [];
  const choices = kind.choices.map(({ value, label, words }) => put(value, label, words));
  return path === 'schedule.type' ? [...choices, ...presetOptions()] : choices;
}

let known: readonly string[] | undefined;

/** The names of the time zones, including UTC. */
function zones(): readonly string[] {
  known ??= ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')];
  return known;
}

/** The choices of a field that match the query, best match first. */
export function pickRows(form: Form, path: FieldPath, query: string): readonly Option[] {
  return bestMatches(optionsFor(form, path), ({ label, words }) => fuzzyScore(query, label, words));
}

/** The maximum number of completions for a field. The right arrow inserts the first. */
const MAX_COMPLETIONS = 4;

/**
 * The completions of a field's text, best match first. Empty when the field has no completions, or when its text
 * already equals one.
 * @param tags returns the tags in use in the home
 */
export function completeField(form: Form, path: FieldPath, tags: () => readonly string[]): readonly string[] {
  const text = textAt(form.texts, path);
  switch (path) {
    case 'config_name':
      return closest(text, form.configs ?? []);
    case 'schedule.timezone':
      return closest(text, zones());
    case 'tags': {
      const start = text.lastIndexOf(',') + 1;
      const head = text.slice(0, start);
      const word = text.slice(start).trimStart();
      const space = head === '' ? '' : ' ';
      const used = head.split(',').map((one) => one.trim());
      return closest(
        word,
        tags().filter((tag) => !used.includes(tag)),
      ).map((tag) => `${head}${space}${tag}`);
    }
    default:
      return [];
  }
}

/**
 * Sorts names that start with the text first, then names with a matching part (`berlin` in `Europe/Berlin`), then names
 * that contain it.
 */
function closest(text: string, names: readonly string[]): readonly string[] {
  const wanted = foldText(text.trim()).replaceAll(' ', '_');
  if (wanted === '' || names.includes(text.trim())) return [];
  const ranked = names.flatMap((name) => {
    const rank = completionRank(foldText(name), wanted);
    return rank === undefined ? [] : [{ name, rank }];
  });
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MAX_COMPLETIONS)
    .map(({ name }) => name);
}

function completionRank(name: string, wanted: string): number | undefined {
  if (name.startsWith(wanted)) return 0;
  if (name.split(/[/_-]/).some((part) => part.startsWith(wanted)) || name.includes(`/${wanted}`)) return 1;
  return name.includes(wanted) ? 2 : undefined;
}

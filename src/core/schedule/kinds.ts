/** The fields of each kind of schedule besides `type` and `timezone`, in the order of the file. */
export const SCHEDULE_FIELDS = {
  once: ['date', 'time'],
  hourly: ['minute'],
  daily: ['time'],
  weekly: ['day_of_week', 'time'],
  monthly: ['day_of_month', 'time'],
  custom: ['cron_expression'],
} as const;

export type ScheduleKind = keyof typeof SCHEDULE_FIELDS;
export type ScheduleField = (typeof SCHEDULE_FIELDS)[ScheduleKind][number];

export const SCHEDULE_KINDS = Object.keys(SCHEDULE_FIELDS) as ScheduleKind[];

/** In the order of `day_of_week`: Monday is 0. (In cron Sunday is 0.) */
export const WEEKDAYS = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const;

export function hasField(kind: ScheduleKind, field: ScheduleField): boolean {
  const fields: readonly ScheduleField[] = SCHEDULE_FIELDS[kind];
  return fields.includes(field);
}

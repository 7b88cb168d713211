import { type Command, Option } from 'commander';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import {
  hasField,
  SCHEDULE_FIELDS,
  SCHEDULE_KINDS,
  type ScheduleField,
  type ScheduleKind,
  WEEKDAYS,
} from '../../core/schedule/kinds.ts';
import type { ScheduleDict } from '../../core/schedule/rule.ts';
import { integerParser } from './flag-values.ts';

/** A schedule as operations accept it: without a time zone, that of the settings applies. */
export type ScheduleInput = ScheduleDict extends infer D
  ? D extends { timezone: string }
    ? Omit<D, 'timezone'> & { timezone?: string }
    : never
  : never;

export interface ScheduleFlags {
  schedule?: ScheduleKind;
  cron?: string;
  at?: string;
  date?: string;
  minute?: number;
  day?: string;
  dayOfMonth?: number;
  timezone?: string;
}

/** The flag of each field, and its name among the options. */
const FLAGS = {
  time: { option: 'at', flag: '--at' },
  date: { option: 'date', flag: '--date' },
  minute: { option: 'minute', flag: '--minute' },
  day_of_week: { option: 'day', flag: '--day' },
  day_of_month: { option: 'dayOfMonth', flag: '--day-of-month' },
  cron_expression: { option: 'cron', flag: '--cron' },
} as const satisfies Record<ScheduleField, { option: keyof ScheduleFlags; flag: string }>;

export function addScheduleOptions(command: Command): Command {
  return command
    .addOption(new Option('--schedule <kind>', 'kind of schedule').choices([...SCHEDULE_KINDS]))
    .option('--cron <expression>', 'cron expression, such as "0 9 * * 1-5" (Sunday = 0), or @daily')
    .option('--at <HH:MM>', 'time of day: once, daily, weekly, monthly')
    .option('--date <YYYY-MM-DD>', 'day of a run that happens once')
    .option('--minute <0-59>', 'minute of every hour: hourly (default 0)', integerParser(0, 59))
    .option('--day <day>', 'day of the week: mon … sun, or 0 (Monday) … 6 (Sunday): weekly')
    .option(
      '--day-of-month <1-31>',
      "day of the month: monthly (the month's last day when it is shorter)",
      integerParser(1, 31),
    )
    .option(
      '--timezone <zone>',
      'IANA time zone, such as Europe/Berlin (default: the setting, else the system’s)',
    );
}

/**
 * The schedule that the flags describe.
 * @returns undefined when no flag concerns the schedule
 * @throws QuickscrapeError `invalid_params` with the flag that is missing or not allowed
 */
export function scheduleFromFlags(flags: ScheduleFlags): ScheduleInput | undefined {
  const kind = kindOf(flags);
  if (kind === undefined) {
    const [field] = presentFields(flags);
    if (field === undefined && flags.timezone === undefined) return undefined;
    throw invalidSchedule(
      `${field === undefined ? '--timezone' : FLAGS[field].flag} needs --schedule`,
      `Say which kind: --schedule ${kindsWith(field).join('|')}`,
    );
  }
  // A schedule without a minute starts on the hour.
  const missing = SCHEDULE_FIELDS[kind].filter(
    (field) => field !== 'minute' && flags[FLAGS[field].option] === undefined,
  );
  if (missing.length > 0) {
    throw invalidSchedule(
      `--schedule ${kind} needs ${listFlags(missing, ' and ')}`,
      `For example: ${EXAMPLE[kind]}`,
    );
  }
  rejectUnrelatedFlags(kind, flags);
  return withZone(buildSchedule(kind, flags), flags.timezone);
}

/**
 * Applies the flags to the current schedule. `--at` alone changes the time. Another kind or `--cron` creates a new
 * schedule, which keeps the time of day and the time zone where they still apply.
 * @returns undefined when no flag concerns the schedule
 * @throws QuickscrapeError `invalid_params` with the flag that is not allowed
 */
export function mergeScheduleFlags(current: ScheduleDict, flags: ScheduleFlags): ScheduleInput | undefined {
  if (kindOf(flags) === undefined && presentFields(flags).length === 0 && flags.timezone === undefined)
    return undefined;
  const kept: ScheduleFlags = {
    timezone: current.timezone,
    ...('time' in current && { at: current.time }),
    ...('date' in current && { date: current.date }),
    ...('minute' in current && { minute: current.minute }),
    ...('day_of_week' in current && { day: String(current.day_of_week) }),
    ...('day_of_month' in current && { dayOfMonth: current.day_of_month }),
    ...('cron_expression' in current && { cron: current.cron_expression }),
  };
  const kind = kindOf(flags) ?? current.type;
  if (kindOf(flags) === undefined) rejectOtherKinds(current, flags);
  rejectUnrelatedFlags(kind, flags);
  const options: readonly string[] = SCHEDULE_FIELDS[kind].map((field) => FLAGS[field].option);
  const applicable = Object.fromEntries(
    Object.entries(kept).filter(([name]) => name === 'timezone' || options.includes(name)),
  );
  return scheduleFromFlags({ ...applicable, ...flags, schedule: kind });
}

const EXAMPLE: Record<ScheduleKind, string> = {
  once: '--schedule once --date 2026-12-24 --at 18:00',
  hourly: '--schedule hourly --minute 15',
  daily: '--schedule daily --at 09:00',
  weekly: '--schedule weekly --day mon --at 09:00',
  monthly: '--schedule monthly --day-of-month 31 --at 09:00',
  custom: '--cron "0 9 * * 1-5"',
};

function kindOf(flags: ScheduleFlags): ScheduleKind | undefined {
  if (flags.cron !== undefined && flags.schedule !== undefined && flags.schedule !== 'custom') {
    throw invalidSchedule(`--cron and --schedule ${flags.schedule} exclude each other`, 'Give one of them.');
  }
  return flags.cron === undefined ? flags.schedule : 'custom';
}

function presentFields(flags: ScheduleFlags): ScheduleField[] {
  const fields = Object.keys(FLAGS) as ScheduleField[];
  return fields.filter((field) => flags[FLAGS[field].option] !== undefined);
}

function listFlags(fields: readonly ScheduleField[], separator: string): string {
  return fields.map((field) => FLAGS[field].flag).join(separator);
}

function rejectUnrelatedFlags(kind: ScheduleKind, flags: ScheduleFlags): void {
  const unrelated = presentFields(flags).find((field) => !hasField(kind, field));
  if (unrelated === undefined) return;
  const what = kind === 'custom' ? '--cron' : `--schedule ${kind}`;
  const allowed = listFlags(SCHEDULE_FIELDS[kind], ' and ');
  throw invalidSchedule(
    `${FLAGS[unrelated].flag} does not go with ${what}`,
    `${what} takes ${allowed}. For example: ${EXAMPLE[kind]}`,
  );
}

/** Flags without a kind change the current schedule; this rejects those that its kind does not have. */
function rejectOtherKinds(current: ScheduleDict, flags: ScheduleFlags): void {
  const unrelated = presentFields(flags).find((field) => !hasField(current.type, field));
  if (unrelated === undefined) return;
  const present =
    'cron_expression' in current ? `--cron "${current.cron_expression}"` : `--schedule ${current.type}`;
  const [kind] = kindsWith(unrelated).filter((other) => other !== 'once' || unrelated === 'date');
  const own = current.type === 'custom' ? 'a new --cron' : listFlags(SCHEDULE_FIELDS[current.type], ' or ');
  throw invalidSchedule(
    `the job has the schedule ${present}, which ${FLAGS[unrelated].flag} cannot change`,
    `Give ${own}, or another kind of schedule: ${EXAMPLE[kind ?? 'daily']}`,
  );
}

function buildSchedule(kind: ScheduleKind, flags: ScheduleFlags): ScheduleInput {
  const { at: time = '', date = '', minute = 0, dayOfMonth = 1, cron = '' } = flags;
  switch (kind) {
    case 'once':
      return { type: kind, date, time };
    case 'hourly':
      return { type: kind, minute };
    case 'daily':
      return { type: kind, time };
    case 'weekly':
      return { type: kind, day_of_week: parseDay(flags.day ?? ''), time };
    case 'monthly':
      return { type: kind, day_of_month: dayOfMonth, time };
    case 'custom':
      return { type: kind, cron_expression: cron };
    default:
      return kind satisfies never;
  }
}

function withZone(schedule: ScheduleInput, timezone: string | undefined): ScheduleInput {
  return timezone === undefined ? schedule : { ...schedule, timezone };
}

function parseDay(text: string): number {
  if (/^[0-6]$/.test(text)) return Number(text);
  const day =
    text.length < 3 ? -1 : WEEKDAYS.findIndex((name) => name.toLowerCase().startsWith(text.toLowerCase()));
  if (day >= 0) return day;
  throw invalidSchedule(
    `--day "${text}" is not a day of the week`,
    `Use ${WEEKDAYS.map((name) => name.slice(0, 3).toLowerCase()).join(', ')}, or 0 (Monday) to 6 (Sunday).`,
  );
}

function kindsWith(field: ScheduleField | undefined): ScheduleKind[] {
  return SCHEDULE_KINDS.filter((kind) => field === undefined || hasField(kind, field));
}

function invalidSchedule(message: string, hint: string): QuickscrapeError {
  return new QuickscrapeError('invalid_params', message, { field: 'schedule', hint });
}

import { type Command, Option } from 'commander';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { ScheduleDict } from '../../core/schedule/rule.ts';
import { integerParser } from './flag-values.ts';

/** A schedule as an operation takes it: without a time zone it gets the settings'. */
export type ScheduleInput = ScheduleDict extends infer D
  ? D extends { timezone: string }
    ? Omit<D, 'timezone'> & { timezone?: string }
    : never
  : never;

export interface ScheduleFlags {
  schedule?: Kind;
  cron?: string;
  at?: string;
  date?: string;
  minute?: number;
  day?: string;
  dayOfMonth?: number;
  timezone?: string;
}

type Kind = ScheduleDict['type'];
type Detail = 'at' | 'date' | 'minute' | 'day' | 'dayOfMonth' | 'cron';

const KINDS: readonly Kind[] = ['once', 'hourly', 'daily', 'weekly', 'monthly', 'custom'];
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const FLAG: Record<Detail, string> = {
  at: '--at',
  date: '--date',
  minute: '--minute',
  day: '--day',
  dayOfMonth: '--day-of-month',
  cron: '--cron',
};

/** What goes with each kind: needed, and allowed. */
const DETAILS: Record<Kind, { required: readonly Detail[]; allowed: readonly Detail[] }> = {
  once: { required: ['date', 'at'], allowed: ['date', 'at'] },
  hourly: { required: [], allowed: ['minute'] },
  daily: { required: ['at'], allowed: ['at'] },
  weekly: { required: ['day', 'at'], allowed: ['day', 'at'] },
  monthly: { required: ['dayOfMonth', 'at'], allowed: ['dayOfMonth', 'at'] },
  custom: { required: ['cron'], allowed: ['cron'] },
};

export function addScheduleOptions(command: Command): Command {
  return command
    .addOption(new Option('--schedule <kind>', 'kind of schedule').choices([...KINDS]))
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
 * The schedule that flags describe.
 * @returns undefined when no flag speaks of a schedule
 * @throws QuickscrapeError `invalid_params` that says which flag is missing or does not belong
 */
export function scheduleFromFlags(flags: ScheduleFlags): ScheduleInput | undefined {
  const kind = kindOf(flags);
  if (kind === undefined) {
    const [detail] = presentDetails(flags);
    if (detail === undefined && flags.timezone === undefined) return undefined;
    throw invalidSchedule(
      `${detail === undefined ? '--timezone' : FLAG[detail]} needs --schedule`,
      `Say which kind: --schedule ${kindsAllowing(detail).join('|')}`,
    );
  }
  const missing = DETAILS[kind].required.filter((detail) => flags[detail] === undefined);
  if (missing.length > 0) {
    throw invalidSchedule(
      `--schedule ${kind} needs ${missing.map((detail) => FLAG[detail]).join(' and ')}`,
      `For example: ${EXAMPLE[kind]}`,
    );
  }
  rejectUnrelatedFlags(kind, flags);
  return withZone(buildSchedule(kind, flags), flags.timezone);
}

/**
 * The present schedule with what the flags change in it: `--at` alone changes the time, another kind or `--cron`
 * makes it anew (keeping the time of day and the time zone where they still apply).
 * @returns undefined when no flag speaks of a schedule
 * @throws QuickscrapeError `invalid_params` that says which flag does not belong
 */
export function mergeScheduleFlags(current: ScheduleDict, flags: ScheduleFlags): ScheduleInput | undefined {
  if (kindOf(flags) === undefined && presentDetails(flags).length === 0 && flags.timezone === undefined)
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
  const { allowed } = DETAILS[kind];
  const applicable = Object.fromEntries(
    Object.entries(kept).filter(([name]) => name === 'timezone' || allowed.includes(name as Detail)),
  );
  return scheduleFromFlags({ ...applicable, ...flags, schedule: kind });
}

const EXAMPLE: Record<Kind, string> = {
  once: '--schedule once --date 2026-12-24 --at 18:00',
  hourly: '--schedule hourly --minute 15',
  daily: '--schedule daily --at 09:00',
  weekly: '--schedule weekly --day mon --at 09:00',
  monthly: '--schedule monthly --day-of-month 31 --at 09:00',
  custom: '--cron "0 9 * * 1-5"',
};

function kindOf(flags: ScheduleFlags): Kind | undefined {
  if (flags.cron !== undefined && flags.schedule !== undefined && flags.schedule !== 'custom') {
    throw invalidSchedule(`--cron and --schedule ${flags.schedule} exclude each other`, 'Give one of them.');
  }
  return flags.cron === undefined ? flags.schedule : 'custom';
}

function presentDetails(flags: ScheduleFlags): Detail[] {
  return (Object.keys(FLAG) as Detail[]).filter((detail) => flags[detail] !== undefined);
}

function rejectUnrelatedFlags(kind: Kind, flags: ScheduleFlags): void {
  const unrelated = presentDetails(flags).find((detail) => !DETAILS[kind].allowed.includes(detail));
  if (unrelated === undefined) return;
  const what = kind === 'custom' ? '--cron' : `--schedule ${kind}`;
  const allowed = DETAILS[kind].allowed.map((detail) => FLAG[detail]).join(' and ');
  throw invalidSchedule(
    `${FLAG[unrelated]} does not go with ${what}`,
    `${what} takes ${allowed}. For example: ${EXAMPLE[kind]}`,
  );
}

/** Flags without a kind change the schedule that is there; some of them it does not have. */
function rejectOtherKinds(current: ScheduleDict, flags: ScheduleFlags): void {
  const unrelated = presentDetails(flags).find((detail) => !DETAILS[current.type].allowed.includes(detail));
  if (unrelated === undefined) return;
  const present =
    'cron_expression' in current ? `--cron "${current.cron_expression}"` : `--schedule ${current.type}`;
  const [kind] = kindsAllowing(unrelated).filter((other) => other !== 'once' || unrelated === 'date');
  const own =
    current.type === 'custom'
      ? 'a new --cron'
      : DETAILS[current.type].allowed.map((detail) => FLAG[detail]).join(' or ');
  throw invalidSchedule(
    `the job has the schedule ${present}, which ${FLAG[unrelated]} cannot change`,
    `Give ${own}, or another kind of schedule: ${EXAMPLE[kind ?? 'daily']}`,
  );
}

function buildSchedule(kind: Kind, flags: ScheduleFlags): ScheduleInput {
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
  const day = text.length < 3 ? -1 : FULL_DAYS.findIndex((name) => name.startsWith(text.toLowerCase()));
  if (day >= 0) return day;
  throw invalidSchedule(
    `--day "${text}" is no day of the week`,
    `Use ${DAYS.join(', ')}, or 0 (Monday) to 6 (Sunday).`,
  );
}

const FULL_DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

function kindsAllowing(detail: Detail | undefined): Kind[] {
  return detail === undefined ? [...KINDS] : KINDS.filter((kind) => DETAILS[kind].allowed.includes(detail));
}

function invalidSchedule(message: string, hint: string): QuickscrapeError {
  return new QuickscrapeError('invalid_params', message, { field: 'schedule', hint });
}

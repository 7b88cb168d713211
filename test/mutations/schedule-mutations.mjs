import { mutation } from './mutation.mjs';

const cronerTest = 'test/core/schedule/engine/croner.property.test.ts';
const daylightSaving = 'test/core/schedule/engine/daylight-saving.test.ts';
const schedulerModel = 'test/reliability/scheduler-model.test.ts';
const OUTCOMES =
  'decides each occurrence once, with the outcome that it must have, and gives each run an end';
const zoneSpanTest = 'test/core/schedule/engine/zone-span.test.ts';

/** Occurrences at their times by calendar and clock, none missing and none too many. */
export const SCHEDULE_MUTATIONS = [
  mutation(
    'a search does not jump over times that come twice',
    [
      'nextByElapsedTime',
      'end - after < 2 * DAY_MS ? end - 1 : Math.max(end - 1, at - 2 * DAY_MS)',
      'Math.max(end - 1, at - 2 * DAY_MS)',
    ],
    [daylightSaving, 'elapsed time runs in the second pass also when nothing else follows for a year'],
  ),
  mutation(
    'a fixed time that has run in the first pass does not run in the second',
    ['nextFixedTime', 'if (at > from) return at;', 'return at;'],
    [daylightSaving, 'a fixed time does not run again when asked for between its two passes'],
  ),
  mutation(
    'a zone is sampled as often as its shortest span requires',
    ['STEP', '6 * DAY', '45 * DAY'],
    [zoneSpanTest, '%s: %s'],
  ),
  mutation(
    'a day matches when either field does',
    ['compileDays', '(isEveryDay ? inWeek : inMonth | inWeek)', '(inMonth & inWeek)'],
    [daylightSaving, 'a step in a day field restricts it, so that either day field matches'],
  ),
  mutation(
    'the last such weekday is counted from the end of the month',
    ['compileDays', '(first + length) % 7', 'first'],
    [cronerTest, 'means what croner means, or is left to it: each %s'],
  ),
  mutation(
    'a week that ends with Sunday has it as its last day',
    ['itemValues', "last.toUpperCase() === 'SUN' && of.max === 7", 'of.max === 8'],
    [cronerTest, 'means what croner means, or is left to it: each %s'],
  ),
  mutation(
    'only checked schedules count as checked',
    [
      'parseRule',
      'if (checked.has(value)) return value as ScheduleDict;',
      'if (Object.isFrozen(value)) return value as ScheduleDict;',
    ],
    ['test/core/schedule/invalid-schedule.test.ts', 'is found in an unchecked schedule, even a frozen one'],
  ),
  mutation(
    'a watermark does not fall',
    [
      'saveDecidedUntil',
      'watermark = max(job_state.watermark, excluded.watermark)',
      'watermark = excluded.watermark',
    ],
    [schedulerModel, OUTCOMES],
  ),
  mutation(
    'a waiting run does not wait longer after the clock was set back',
    ['adjustDeadlines', 'if (byMs > 0) return;', 'return;'],
    [schedulerModel, OUTCOMES],
  ),
  mutation(
    'a waiting run does not wait longer after the clock was set forward',
    ['adjustDeadlines', 'if (byMs > 0) return;', ''],
    [schedulerModel, OUTCOMES],
  ),
  mutation(
    'an occurrence is late after ten seconds',
    ['ON_TIME_MS', 'ON_TIME_MS = 10_000', 'ON_TIME_MS = 60_000'],
    [schedulerModel, OUTCOMES],
  ),
  mutation(
    'the latest missed occurrence is caught up',
    ['applyMisfirePolicy', 'eligible.slice(-1)', 'eligible.slice(0, 1)'],
    [schedulerModel, OUTCOMES],
  ),
];

import { Cron } from 'croner';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileBuiltInCron } from '../../../../src/core/schedule/engine/built-in-cron.ts';
import { formatInstant, zoneOffset } from '../../../../src/core/schedule/engine/instant.ts';
import { findOffsetTransitions } from '../../../../src/core/schedule/engine/zone-offsets.ts';
import { JobSchedule } from '../../../../src/core/schedule/job-schedule.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** QS_CRONER=20000 for a release. */
const CASES = Number(process.env['QS_CRONER'] ?? 50);

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const WEEKDAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');

interface Kind {
  min: number;
  max: number;
  names?: readonly string[];
}

const SECOND_OR_MINUTE: Kind = { min: 0, max: 59 };
const HOURS: Kind = { min: 0, max: 23 };
const DAYS: Kind = { min: 1, max: 31 };
const MONTH: Kind = { min: 1, max: 12, names: MONTHS };
const WEEKDAY: Kind = { min: 0, max: 7, names: WEEKDAYS };

function item({ min, max, names = [] }: Kind): fc.Arbitrary<string> {
  const value = fc.integer({ min, max });
  const written = fc.tuple(value, fc.integer({ min: 0, max: 9 })).map(([number, how]) => {
    const name = names[(number - min) % names.length];
    if (name !== undefined && how < 3) return how === 0 ? name.toLowerCase() : name;
    return how === 9 ? String(number).padStart(2, '0') : String(number);
  });
  const step = fc.integer({ min: 1, max: Math.min(max, max - min + 1) });
  const range = fc.tuple(value, value).map((ends) => ends.sort((a, b) => a - b).join('-'));
  return fc.oneof(
    { weight: 4, arbitrary: written },
    { weight: 1, arbitrary: fc.tuple(written, written).map((ends) => ends.join('-')) },
    { weight: 2, arbitrary: range },
    { weight: 1, arbitrary: fc.tuple(range, step).map((parts) => parts.join('/')) },
    { weight: 2, arbitrary: step.map((every) => `*/${every}`) },
  );
}

function field(kind: Kind, special: readonly string[] = []): fc.Arbitrary<string> {
  const one = special.length === 0 ? item(kind) : fc.oneof(item(kind), fc.constantFrom(...special));
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant('*') },
    { weight: 3, arbitrary: fc.array(one, { minLength: 1, maxLength: 3 }).map((all) => all.join(',')) },
  );
}

const pattern = fc
  .tuple(
    field(SECOND_OR_MINUTE),
    field(SECOND_OR_MINUTE),
    field(HOURS),
    field(DAYS, ['L', 'l', 'L', '15W']),
    field(MONTH),
    field(WEEKDAY, ['5L', 'SUNL', '7l', '5#2', 'MON#5', '0#1']),
  )
  .map((fields) => fields.join(' '));

/** Any few characters that a cron expression may have, right or wrong. */
const scribble = fc
  .array(fc.constantFrom(...'0123456789*/,-LW#?+SUNMOJA'), { minLength: 1, maxLength: 6 })
  .map((all) => all.join(''));

const instant = fc.oneof(
  fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2999, 11, 31) }),
  fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) }),
);

function croner(text: string, zone: { timezone: string } | { utcOffset: number }): Cron | undefined {
  try {
    return new Cron(text, { ...zone, paused: true, mode: '6-part', fixedTimeRule: 'no-wildcard' });
  } catch {
    return undefined;
  }
}

const iso = (at: number | null | undefined) => at && new Date(at).toISOString();

describe('a pattern that the built-in engine computes, without croner', () => {
  it('has croner’s times, in any year until 2999', () => {
    let taken = 0;
    fc.assert(
      fc.property(pattern, instant, (text, from) => {
        const next = compileBuiltInCron(text);
        if (next === undefined) return;
        taken += 1;
        const oracle = croner(text, { utcOffset: 0 });
        let [ours, theirs]: (number | null | undefined)[] = [from, from];
        for (let count = 0; count < 4 && ours && theirs; count += 1) {
          [ours, theirs] = [next(ours), oracle?.nextRun(new Date(theirs))?.getTime() ?? null];
          expect(iso(ours)).toBe(iso(theirs));
        }
      }),
      { numRuns: CASES },
    );
    expect(taken).toBeGreaterThan(CASES / 4);
  });

  it('is never one that croner refuses', () => {
    fc.assert(
      fc.property(pattern, fc.integer({ min: 0, max: 5 }), scribble, (text, index, wrong) => {
        const fields = text.split(' ').with(index, wrong);
        for (const each of [
          fields.join(' '),
          fields.map((_, at) => (at === index ? wrong : '*')).join(' '),
        ]) {
          if (compileBuiltInCron(each) !== undefined)
            expect(croner(each, { utcOffset: 0 }), each).toBeDefined();
        }
      }),
      { numRuns: CASES },
    );
  });

  it.each([
    ['minute', 1, ['*/60', '*/61', '0-59/60', '0-59/61', '50-59/9', '7-7', '007', '5/10', '1-2-3', '60']],
    ['hour', 2, ['*/24', '*/25', '22-23', '23-22', '24', '*/0', '', ',', '1,', '*,1']],
    ['day of month', 3, ['*/31', '*/32', '31', '32', '0', 'L', 'L,1', 'l,*/9', 'L,', 'L,*', '1L', 'L-3']],
    ['month', 4, ['jan', 'JAN-mar', 'DEC-JAN', 'JAN/2', 'JAN-DEC/5', '*/12', '*/13', '0', 'JANUARY', 'MON']],
    [
      'day of week',
      5,
      ['7', '8', '0-7', '7-7', 'SUN-SUN', 'FRI-SUN', 'SUN-TUE', 'SAT-MON', '5-7/2', '*/7', '*/8'],
    ],
    [
      'nth day of week',
      5,
      ['5L', 'friL', '7L', 'L', '5#2', 'sun#5', '5#6', '5#0', '5#L', '1,5#2', '5#2,1-3', '5L,*', '8L'],
    ],
  ])('means what croner means, or is left to it: each %s', (_, index, written) => {
    for (const text of written) {
      const fields = ['0', '0', '0', '*', '*', '*'].with(index, text).join(' ');
      const next = compileBuiltInCron(fields);
      const oracle = croner(fields, { utcOffset: 0 });
      if (next === undefined) continue;
      let at: number | null = Date.UTC(2026, 0, 1);
      for (let count = 0; count < 40 && at !== null; count += 1) {
        const expected: number | undefined = oracle?.nextRun(new Date(at))?.getTime();
        at = next(at);
        expect(iso(at), fields).toBe(iso(expected));
      }
    }
  });

  it('waits eight years for a leap day, and for ever for one that never comes', () => {
    const leapDay = compileBuiltInCron('0 0 0 29 2 *');
    expect(iso(leapDay?.(Date.UTC(2096, 2, 1)))).toBe('2104-02-29T00:00:00.000Z');
    expect(compileBuiltInCron('0 0 0 31 2,4 *')?.(Date.UTC(2026, 0, 1))).toBeNull();
  });

  it('is every one that people write', () => {
    for (const text of [
      '0 0 9 * * 1-5',
      '0 */15 * * * *',
      '0 0 0 29 2 *',
      '0 */7 3 L * *',
      '0 30 6,18 * JAN-MAR MON,WED',
    ]) {
      expect(compileBuiltInCron(text), text).toBeDefined();
    }
    for (const text of ['0 0 9 15W * *', '0 0 9 LW * *', '0 0 9 1 * +MON', '0 0 9 * * 1-5#2', '0 0 9 31 2']) {
      expect(compileBuiltInCron(text), text).toBeUndefined();
    }
  });
});

describe('occurrences in the zones of the world, 1900 to 2999', () => {
  const zone = fc.constantFrom(
    ...Intl.supportedValuesOf('timeZone'),
    ...['Australia/Lord_Howe', 'Pacific/Apia', 'Europe/Dublin', 'Africa/Casablanca', 'Antarctica/Troll'],
  );
  /** Half of them near a change of the clocks. */
  const place = fc
    .record({ zone, from: instant, far: fc.integer({ min: -6 * HOUR, max: 6 * HOUR }), isNear: fc.boolean() })
    .map(({ zone, from, far, isNear }) => {
      const change = isNear ? findOffsetTransitions(from, from + 366 * DAY, zone, zoneOffset)[0] : undefined;
      return { zone, from: change === undefined ? from : change.at + far };
    });

  it('are croner’s, apart from its known errors', () => {
    fc.assert(
      fc.property(pattern, place, (text, { zone: timezone, from }) => {
        const oracle = croner(sundayOnly(text), { timezone });
        if (oracle === undefined) return;
        const theirs = oracle.nextRuns(4, new Date(from)).map(Number);
        const ours = JobSchedule.custom(text, { timezone }).getNextRunTimes(4, new Date(from)).map(Number);
        const last = Math.max(from, ...theirs, ...ours) + DAY;
        if (findOffsetTransitions(from - 2 * DAY, last, timezone, zoneOffset).some(isKnown)) return;
        expect(ours.filter(isSearched).map(iso)).toEqual(theirs.filter(isSearched).map(iso));
      }),
      { numRuns: CASES, examples: [['0 0 0 * * 0,sun-Sun', { zone: 'UTC', from: Date.UTC(2020, 0, 1) }]] },
    );
  });

  /** Ours is Sunday for `SUN-SUN` and `0-SUN` (job-schedule.test.ts), croner's the whole week. */
  const sundayOnly = (text: string) => text.replaceAll(/(?<![\w-])(?:SUN|00?)-SUN(?!\w)/gi, '0-0');

  const isSearched = (at: number) => at < Date.UTC(3000, 0, 1);

  /** A gap that ends at midnight (daylight-saving.test.ts), and changes of more than three hours. */
  function isKnown({ at, before, after }: { at: number; before: number; after: number }): boolean {
    const endsAtMidnight = after > before && (at + after) % DAY === 0;
    return endsAtMidnight || Math.abs(after - before) > 3 * HOUR;
  }

  it.each(['UTC', 'Pacific/Kiritimati', 'Pacific/Niue'])('end with the year 2999 in %s', (timezone) => {
    for (const text of ['0 23 * * *', '30 */7 LW * *', '0 23 LW * *']) {
      const schedule = JobSchedule.custom(text, { timezone });
      const last = schedule.getNextRunTimes(100, new Date('2999-12-20T00:00:00Z')).at(-1) ?? new Date(0);
      expect([text, formatInstant(last.getTime(), timezone).slice(0, 10)]).toEqual([text, '2999-12-31']);
      expect(schedule.getNextRunTime(last)).toBeNull();
    }
  });

  it('follow elapsed time through seven hours that come twice, where croner sees no more than three', () => {
    // Davis went from +07:00 to UTC at the end of October 1964.
    const schedule = JobSchedule.custom('3 * * OCT *', { timezone: 'Antarctica/Davis' });
    const runs = schedule.getNextRunTimes(8, new Date('1964-10-31T16:59:00Z'));
    expect(runs.slice(0, 7).map((at) => at.toISOString().slice(0, 16))).toEqual(
      [17, 18, 19, 20, 21, 22, 23].map((hour) => `1964-10-31T${hour}:03`),
    );
    expect(runs[7]?.toISOString()).toBe('1965-10-01T00:03:00.000Z');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JobSchedule } from '../../../src/core/schedule/job-schedule.ts';
import { type PreviewNote, previewSchedule } from '../../../src/core/schedule/preview.ts';
import { SCAN_ZONES, type Window, windowsOf } from './minute-scan.ts';

const MINUTE = 60_000;
const RUNS = Number(process.env['QS_PREVIEW_CASES'] ?? 50);

interface Case {
  window: Window;
  schedule: JobSchedule;
  from: number;
}

/** Schedules and starting points close to a change of the clocks in zones with all kinds of changes. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    zone: fc.constantFrom(...SCAN_ZONES),
    which: fc.nat(),
    near: fc.integer({ min: -180, max: 180 }),
    from: fc.oneof(fc.integer({ min: -200, max: 60 }), fc.integer({ min: -3 * 1440, max: 240 })),
    kind: fc.constantFrom('once', 'hourly', 'daily', 'weekly', 'monthly', 'list', 'step'),
  })
  .map(({ zone, which, near, from, kind }) => {
    const windows = windowsOf(zone);
    const window = windows[which % windows.length] ?? windows[0];
    if (window === undefined) throw new TypeError('no window');
    // Minutes counted on from the wall clock before the change reach into a gap, which no minute shows.
    const wall = new Date((window.walls[window.change - 1] ?? 0) + (near + 1) * MINUTE);
    const [date = '', time = ''] = wall.toISOString().slice(0, 16).split('T');
    const [hour, minute] = [wall.getUTCHours(), wall.getUTCMinutes()];
    const options = { timezone: zone };
    const schedules = {
      once: () => JobSchedule.once(date, time, options),
      hourly: () => JobSchedule.hourly(minute, options),
      daily: () => JobSchedule.daily(time, options),
      weekly: () => JobSchedule.weekly((wall.getUTCDay() + 6) % 7, time, options),
      monthly: () => JobSchedule.monthly(31, time, options),
      list: () => JobSchedule.custom(`${minute} ${hour},${(hour + 12) % 24} * * *`, options),
      step: () => JobSchedule.custom(`*/20 ${hour} * * *`, options),
    };
    return { window, schedule: schedules[kind](), from: window.start + (window.change + from) * MINUTE };
  });

const byWall = new WeakMap<Window, Map<number, number[]>>();

/** Every minute at which the zone's clocks show `wall`, seen by Intl alone. */
function minutesShowing(window: Window, wall: number): number[] {
  let minutes = byWall.get(window);
  if (minutes === undefined) {
    minutes = new Map();
    for (const [index, shown] of window.walls.entries()) {
      minutes.set(shown, [...(minutes.get(shown) ?? []), window.start + index * MINUTE]);
    }
    byWall.set(window, minutes);
  }
  return minutes.get(wall) ?? [];
}

function wallAt({ walls, start }: Window, at: number): number {
  return walls[Math.floor((at - start) / MINUTE)] ?? Number.NaN;
}

/** The wall-clock times that a note's text names, with its date. */
function namedWalls({ text }: PreviewNote): number[] {
  const date = /\d{4}-\d{2}-\d{2}/.exec(text)?.[0];
  const times = text.slice(0, text.search(/ does | do | comes | … /)).match(/\d{2}:\d{2}/g) ?? [];
  return times.map((time) => Date.parse(`${date}T${time}:00Z`));
}

function claimIsTrue(note: PreviewNote, { window, schedule }: Case, runs: readonly number[]): boolean {
  const at = note.at.getTime();
  const walls = namedWalls(note);
  const runsAt = (instant: number) => schedule.getNextRunTime(new Date(instant - 1))?.getTime() === instant;
  const [before, now] = [wallAt(window, at - MINUTE), wallAt(window, at)];
  const isGap = now - before > MINUTE;
  const missing =
    walls.length > 0 &&
    walls.every((wall) => wall > before && wall < now && minutesShowing(window, wall).length === 0);
  const [first, second] = minutesShowing(window, now);
  switch (note.kind) {
    case 'shifted':
      return isGap && missing && runs.includes(at);
    case 'skipped':
      // What is left out has no instant: the note stands where the clocks change, and the time after the gap may run then.
      return isGap ? missing : !runsAt(at) && second === at && first !== undefined && runsAt(first);
    case 'doubled':
      return runs.includes(at) && second === at && first !== undefined && runsAt(first);
    case 'clamped': {
      const day = new Date(wallAt(window, at));
      const tomorrow = new Date(day.getTime() + 1440 * MINUTE);
      return runs.includes(at) && day.getUTCDate() < 31 && tomorrow.getUTCDate() === 1;
    }
    case 'staggered':
      return false;
  }
}

describe('the notes of a preview', () => {
  it('are true, each of them, as a look at every minute’s wall clock shows', () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(cases, (one) => {
        const { notes, next_runs } = previewSchedule(one.schedule, { from: new Date(one.from), count: 4 });
        const end = one.window.start + (one.window.walls.length - 1440) * MINUTE;
        const runs = next_runs.map((run) => run.getTime());
        for (const note of notes.filter(({ at }) => at.getTime() < end)) {
          kinds.add(note.kind);
          expect(claimIsTrue(note, one, runs), `${note.kind} ${note.at.toISOString()} ${note.text}`).toBe(
            true,
          );
        }
      }),
      { numRuns: RUNS, seed: 20_261_125 },
    );
    expect([...kinds].sort()).toEqual(['clamped', 'doubled', 'shifted', 'skipped']);
  });

  it('are complete: no run at another time than the schedule names, and no second pass, goes unsaid', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const { window, schedule } = one;
        const { notes, next_runs } = previewSchedule(schedule, { from: new Date(one.from), count: 4 });
        const end = window.start + (window.walls.length - 1440) * MINUTE;
        const said = (at: number, kind: string) =>
          notes.some((note) => note.kind === kind && note.at.getTime() === at);
        const rule = schedule.toDict();
        for (const at of next_runs.map((run) => run.getTime()).filter((run) => run < end)) {
          const shown = new Date(wallAt(window, at)).toISOString().slice(11, 16);
          if ('time' in rule && shown !== rule.time)
            expect(said(at, 'shifted'), `${shown} at ${at}`).toBe(true);
          if (minutesShowing(window, wallAt(window, at))[1] === at)
            expect(said(at, 'doubled'), `${shown} at ${at}`).toBe(true);
        }
      }),
      { numRuns: RUNS, seed: 20_261_125 },
    );
  });
});

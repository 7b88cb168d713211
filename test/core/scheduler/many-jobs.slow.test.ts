import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SchedulePlan } from '../../../src/core/scheduler/schedule-plan.ts';
import { clockedHome } from '../../clocked-home.ts';

const HOUR = 3_600_000;
/** More than are loaded, and more than are decided, at once. */
const MANY = 450;
const IDS = Array.from({ length: MANY }, (_, index) => `job-${String(index).padStart(3, '0')}`);

it('a scheduler that remembers few definitions decides each due job of many, once', () => {
  const home = clockedHome('2026-11-25T12:30:00Z');
  home.workspace.jobs.limitCache(3);
  home.jobFiles(IDS, '0 * * * *');
  home.jobFiles(['rare'], '0 0 1 1 *');
  home.begin(1_000);
  home.clock.advance(HOUR / 2 + 5_000);
  home.clock.advance(HOUR);
  const due = ['2026-11-25T13:00:00Z', '2026-11-25T14:00:00Z'].map((at) => Date.parse(at));
  for (const id of IDS) expect(home.decided(id)).toEqual(due);
  expect(home.decided('rare')).toEqual([]);
});

it('jobs that are gone are taken off, and new ones planned, when all are planned anew', () => {
  const home = clockedHome('2026-11-25T12:30:00Z');
  home.jobFiles(IDS, '0 * * * *');
  const timetable = new SchedulePlan(home.workspace, () => {});
  timetable.load();
  expect(timetable.next()).toBe(Date.parse('2026-11-25T13:00:00Z'));
  for (const id of IDS) rmSync(join(home.workspace.jobs.folder, `${id}.json`));
  home.jobFiles(['new'], '0 15 * * *');
  timetable.load();
  expect(timetable.next()).toBe(Date.parse('2026-11-25T15:00:00Z'));
});

it('one line reports how many jobs have occurrences decided ahead of the clock', () => {
  const home = clockedHome('2026-11-25T12:30:00Z');
  home.jobFiles(IDS, '0 * * * *');
  home.workspace.jobs.list();
  const { db } = home.workspace;
  const setMark = (at: string, ids: readonly string[]) => {
    for (const id of ids) db.run('UPDATE job_state SET watermark = ? WHERE job_id = ?', [Date.parse(at), id]);
  };
  setMark(
    '2026-11-25T13:00:00Z',
    IDS.filter((_, index) => index % 2 === 0),
  );
  setMark(
    '2027-11-25T13:00:00Z',
    IDS.filter((_, index) => index % 2 === 1),
  );
  home.begin();
  expect(home.said.filter((line) => line.includes('decided'))).toEqual([
    '225 jobs have occurrences that were decided far ahead (until 2027-11-25T13:00:00.000Z): the clock was wrong then, or is wrong now; occurrences count from now on',
    '225 jobs have occurrences that were decided while the clock was ahead; they are not repeated: the next ones come after 2026-11-25T13:00:00.000Z',
  ]);
  expect(home.watermark(IDS[1] ?? '')).toBe(Date.parse('2026-11-25T12:30:00Z'));
});

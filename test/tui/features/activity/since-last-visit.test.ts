import { cleanup } from 'ink-testing-library';
import { describe, expect, it } from 'vitest';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import { activityRows } from '../../../../src/tui/features/activity/activity-dialog.tsx';
import { editsSince, runsSince, withLastVisit } from '../../../../src/tui/features/activity/reducer.ts';
import type { JobRow } from '../../../../src/tui/home/job-row.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { FakeHome } from '../../fake-home.ts';
import { frameOf } from '../../frame-of.tsx';
import { homeOf, jobRow, NOW, pastRun } from '../../job-rows.ts';
import { press, someState } from '../../some-state.ts';

const HOUR = 3_600_000;
const LEFT = NOW - 2 * HOUR;

function withRuns(...runs: readonly Parameters<typeof pastRun>[0][]): JobRow {
  const history = runs.map((run) => pastRun(run));
  return jobRow('news', { history, last: history.at(-1) ?? null });
}

const texts = (row: JobRow) => runsSince(row, LEFT).map(({ text }) => text);

describe('since the last visit', () => {
  it('a job was created, edited or paused: by whom, and when', () => {
    const edited = jobRow('news', { updatedAt: NOW - HOUR, updatedBy: 'mcp', revision: 3 });
    expect(editsSince(edited, LEFT)).toMatchObject([{ at: NOW - HOUR, by: 'mcp', text: 'edited' }]);
    const made = jobRow('news', { updatedAt: NOW - HOUR, createdBy: 'cli', revision: 1 });
    expect(editsSince(made, LEFT)).toMatchObject([{ by: 'cli', text: 'created' }]);
    const paused = jobRow('news', { updatedAt: LEFT - 1, pausedAt: NOW - HOUR, failures: 5 });
    expect(editsSince(paused, LEFT)).toMatchObject([{ tone: 'bad', text: 'paused after 5 failures' }]);
    expect(editsSince(jobRow('news', { updatedAt: LEFT - 1 }), LEFT)).toEqual([]);
  });

  it('groups failed runs with their number, and recoveries', () => {
    const failed = { status: 'failed', errorKind: 'http' } as const;
    expect(texts(withRuns({ ...failed, ago: HOUR }))).toEqual(['failed: the site answers with an error']);
    expect(texts(withRuns({ ...failed, ago: 90 * 60_000 }, { status: 'timed_out', ago: HOUR }))).toEqual([
      'failed 2 times, last timed out',
    ]);
    expect(texts(withRuns({ ...failed, ago: 3 * HOUR }, { ago: HOUR, items: 4 }))).toEqual([
      'recovered: succeeded, 4 items',
    ]);
  });

  it('runs that went as always, or before, are no news', () => {
    expect(texts(withRuns({ ago: 90 * 60_000 }, { ago: HOUR }))).toEqual([]);
    expect(texts(withRuns({ status: 'failed', ago: 3 * HOUR }))).toEqual([]);
  });
});

describe('the dashboard that is opened again', () => {
  const failedRow = (isHistoryKnown: boolean): JobRow => {
    const history = isHistoryKnown ? [pastRun({ status: 'failed', ago: HOUR })] : [];
    const { updatedAt, updatedBy } = { updatedAt: LEFT - 1, updatedBy: 'cli' as const };
    return jobRow('a', { isHistoryKnown, history, last: history.at(-1) ?? null, updatedAt, updatedBy });
  };
  const told = (state: State, row: JobRow): State => {
    const event = new FakeHome().event(['a']);
    return reduce(state, { ...event, data: { ...event.data, jobs: [row] } }).state;
  };

  it('lists what happened since it was left, also when the runs are read later', () => {
    const state = withLastVisit(someState(), LEFT);
    expect(told(state, failedRow(true)).activity).toMatchObject({ list: [{ text: 'failed' }], unseen: 1 });
    const first = told(state, failedRow(false));
    expect(first.activity.list).toEqual([]);
    const later = told(first, failedRow(true));
    expect(later.activity.list).toMatchObject([{ text: 'failed' }]);
    expect(told(later, failedRow(true)).activity.list).toHaveLength(1);
  });

  it('lists what failed in the day before when it is asked for: runs, pauses and channels, newest first', () => {
    const history = [
      pastRun({ status: 'failed', errorKind: 'http', ago: 30 * HOUR }),
      pastRun({ status: 'failed', errorKind: 'http', ago: 5 * HOUR }),
      pastRun({ status: 'timed_out', ago: 4 * HOUR }),
      pastRun({ ago: 3 * HOUR, items: 4 }),
    ];
    const at = { updatedAt: NOW - 2 * HOUR };
    const jobs = [
      jobRow('shop', { ...at, history, last: history.at(-1) ?? null }),
      jobRow('poetry', { ...at, pausedAt: NOW - 6 * HOUR, failures: 5 }),
      jobRow('old', { ...at, pausedAt: NOW - 25 * HOUR, failures: 5 }),
    ];
    const channel = {
      channel: 'pager',
      since: NOW - HOUR,
      error: 'HTTP 503',
      waiting: 1,
      givenUp: 0,
      lastSentAt: 0,
    };
    const state = withLastVisit(someState({ now: NOW }), undefined);
    const event = { kind: 'home', changed: [], activity: [] } as const;
    const first = reduce(state, { ...event, data: homeOf(jobs, { failingChannels: [channel] }) }).state;
    expect(first.activity).toMatchObject({ list: [], past: [] });
    const opened = press(first, 'N').state;
    expect(opened.activity.past.map(({ jobId, text }) => [jobId, text])).toEqual([
      [null, 'pager fails: HTTP 503'],
      ['shop', 'recovered: succeeded, 4 items'],
      ['shop', 'failed 2 times, last timed out'],
      ['poetry', 'paused after 5 failures'],
    ]);
    const frame = frameOf(opened).join('\n');
    expect(frame).toContain('1 of 4, newest first');
    expect(frame).toMatch(/channel +pager fails: HTTP 503/);
    expect(press(opened, 'j', 'enter').state.jobs.table.selected).toBe('shop');
    cleanup();
  });

  it('does not list twice what happened since the last visit', () => {
    const row = failedRow(true);
    const state = told(withLastVisit(someState({ now: NOW }), LEFT), row);
    expect(activityRows(press(state, 'N').state).map(({ text }) => text)).toEqual(['failed']);
    const earlier = told(withLastVisit(someState({ now: NOW }), NOW - HOUR / 2), row);
    expect(activityRows(press(earlier, 'N').state).map(({ text }) => text)).toEqual(['failed']);
  });

  it('lists nothing when the last visit is unknown', () => {
    expect(told(someState(), failedRow(true)).activity.list).toEqual([]);
  });
});

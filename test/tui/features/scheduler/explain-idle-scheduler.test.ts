import { describe, expect, it } from 'vitest';
import { explainIdleScheduler } from '../../../../src/tui/features/scheduler/scheduler-dialog.tsx';
import type { SchedulerView } from '../../../../src/tui/home/home-data.ts';
import type { JobRow } from '../../../../src/tui/home/job-row.ts';
import { jobRow, NOW } from '../../job-rows.ts';

const clock = (instant: number) => new Date(instant).toISOString().slice(11, 16);

function why(...about: Parameters<typeof lineOf>) {
  return lineOf(...about)?.[0];
}

function lineOf(
  scheduler: Partial<SchedulerView>,
  jobs: readonly JobRow[] = [jobRow('news', { nextRun: NOW })],
) {
  const running: SchedulerView = {
    ...{ state: 'running', pid: 7, since: NOW, version: '1', slots: 4, slotsUsed: 0, queued: 0 },
    ...{ held: null, warnings: [], ...scheduler },
  };
  return explainIdleScheduler({ jobs, scheduler: running }, clock);
}

describe('why nothing runs', () => {
  it('is explained in one line, the cause before its consequence', () => {
    expect(why({ state: 'off', held: 'the disk is full' })).toMatch(/^The scheduler is off/);
    expect(why({ state: 'stopping', slotsUsed: 2 })).toMatch(/stopping .* waits for 2 runs/);
    expect(why({ held: 'the disk is full' })).toBe('Nothing starts: the disk is full.');
    expect(why({ slotsUsed: 4, queued: 2 })).toBe('All 4 slots are taken; 2 runs queued.');
  });

  it('is the next run when nothing is due, or that none will come', () => {
    expect(why({})).toBe('Nothing is due before 12:00 (news).');
    expect(why({}, [])).toBe('There are no jobs yet.');
    expect(why({}, [jobRow('a', { enabled: false })])).toBe('No job is enabled.');
    expect(why({}, [jobRow('a', { pausedAt: NOW })])).toMatch(/^All enabled jobs are paused/);
    expect(why({}, [jobRow('a')])).toBe('No enabled job has an upcoming run.');
    const two = [jobRow('a', { nextRun: NOW + 60_000 }), jobRow('b', { nextRun: NOW })];
    expect(why({}, two)).toContain('(b)');
  });

  it('is a warning only where a person could change it', () => {
    expect(lineOf({})?.[1]).toBe('plain');
    expect(lineOf({ state: 'off' })?.[1]).toBe('warning');
    expect(lineOf({}, [jobRow('a', { enabled: false })])?.[1]).toBe('warning');
  });

  it('needs no explanation while something runs', () => {
    expect(why({ slotsUsed: 1 })).toBeUndefined();
  });
});

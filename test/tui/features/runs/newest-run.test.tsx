import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunStatus } from '../../../../src/core/model/run-record.ts';
import type { HistoryRun } from '../../../../src/core/runs/last-run.ts';
import { reduce, subscriptionsOf } from '../../../../src/tui/app/reduce.ts';
import type { ActiveRun } from '../../../../src/tui/home/active-run.ts';
import type { HomeData } from '../../../../src/tui/home/home-data.ts';
import type { JobRow } from '../../../../src/tui/home/job-row.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { currentView } from '../../../../src/tui/kernel/step.ts';
import { frameOf } from '../../frame-of.tsx';
import { homeOf, jobRow, NOW, pastRun } from '../../job-rows.ts';
import { press, someState } from '../../some-state.ts';

afterEach(cleanup);

const BEFORE = pastRun({ runId: 'before', ago: 60_000 });

/** A run under way; one that is queued has not begun. */
function active(runId: string, status: RunStatus, ago: number, fields: Partial<ActiveRun> = {}): ActiveRun {
  const at = NOW - ago;
  return {
    ...{ runId, jobId: 'books', configName: 'shop', status, trigger: 'manual', requestedBy: 'tui' },
    ...{
      attempt: 1,
      maxAttempts: 1,
      queuedAt: at,
      startedAt: status === 'queued' ? null : at,
      notBefore: at,
    },
    ...{ items: 0, pages: 0, bytes: 0, totalPages: null, progress: null, cancelling: false, worker: null },
    ...fields,
  };
}

/** The dashboard once it has heard of these runs of the job `books`. */
function told(
  state: State,
  row: Pick<Partial<JobRow>, 'active' | 'last'>,
  scheduler: Partial<HomeData['scheduler']> = {},
): State {
  const data = homeOf([jobRow('books', { last: BEFORE, ...row })]);
  const home = {
    ...data,
    scheduler: { ...data.scheduler, state: 'running' as const, slots: 4, ...scheduler },
  };
  return reduce(state, { kind: 'home', data: home, changed: ['books'], activity: [] }).state;
}

/** The same with the log of the job open. */
function inLogOf(
  row: Pick<Partial<JobRow>, 'active' | 'last'>,
  scheduler: Partial<HomeData['scheduler']> = {},
): State {
  return press(told(someState({ now: NOW }), row, scheduler), 'l').state;
}

function shown(state: State): string | undefined {
  const view = currentView(state);
  return view.name === 'log' ? view.runId : undefined;
}

/** The line over the log: the run, and at its end what is done with it. */
function line(state: State): string {
  return frameOf(state)[1]?.trim() ?? '';
}

describe('the log of a job', () => {
  it('is that of the run that was just asked for, also while it is queued', () => {
    const queued = inLogOf({ active: [active('mine', 'queued', 500)] }, { slotsUsed: 4 });
    expect(shown(queued)).toBe('mine');
    expect(subscriptionsOf(queued)).toContainEqual({ kind: 'log', jobId: 'books', runId: 'mine' });
    expect(line(queued)).toMatch(/^mine queued, waiting for a free slot .* queued$/);
    const begun = told(queued, { active: [active('mine', 'running', 100)] });
    expect(shown(begun)).toBe('mine');
    expect(line(begun)).toMatch(/following$/);
    const over = told(begun, { last: pastRun({ runId: 'mine' }) });
    expect(shown(over)).toBe('mine');
    expect(line(over)).toMatch(/^mine .* ended$/);
  });

  it('goes on to a run that begins, and to one that finished unseen', () => {
    const old = inLogOf({});
    expect(shown(old)).toBe('before');
    expect(line(old)).toMatch(/ ended$/);
    const queued = told(old, { active: [active('mine', 'queued', 900)] });
    expect(shown(queued)).toBe('before');
    expect(line(queued)).toMatch(/the next run is queued · ended$/);
    expect(shown(told(queued, { active: [active('mine', 'running', 100)] }))).toBe('mine');
    const quick = told(old, { last: pastRun({ runId: 'quick', ago: 100, tookMs: 200 }) });
    expect(shown(quick)).toBe('quick');
    expect(line(quick)).toMatch(/ ended$/);
  });

  it('is that of the run that goes on, as long as the next one waits', () => {
    const runs = [active('one', 'running', 9_000), active('two', 'queued', 100)];
    const state = inLogOf({ active: runs });
    expect(shown(state)).toBe('one');
    expect(line(state)).toMatch(/following$/);
    const [, two] = runs;
    const next = told(state, { active: two ? [two] : [], last: pastRun({ runId: 'one' }) });
    expect(shown(next)).toBe('one');
    expect(shown(told(next, { active: [active('two', 'running', -50)] }))).toBe('two');
  });

  it('keeps a queued run that was cancelled, and never goes back to an older one', () => {
    const queued = inLogOf({ active: [active('mine', 'queued', 500)] });
    const cancelled = told(queued, {
      last: { ...pastRun({ runId: 'mine', status: 'cancelled' }), startedAt: null, durationMs: null },
    });
    expect(shown(cancelled)).toBe('mine');
    expect(line(cancelled)).toMatch(/ ended$/);
    expect(shown(told(queued, { last: BEFORE }))).toBe('mine');
  });

  it('stays during scrolling or typing with a notice of a newer run, and goes on at the end', () => {
    const row = { active: [active('mine', 'running', 100)] };
    const stopped = press(inLogOf({}), 'F').state;
    const newer = told(stopped, row);
    expect(shown(newer)).toBe('before');
    expect(line(newer)).toMatch(/a newer run has started · ended$/);
    expect(shown(told(press(newer, 'F').state, row))).toBe('mine');
    const typing = press(inLogOf({}), '/').state;
    expect(shown(told(typing, row))).toBe('before');
  });

  it('stays with a run that was chosen', () => {
    const history = ['newest', 'before', 'older'].map((run_id) => ({
      run_id,
      job_id: 'books',
      status: 'succeeded',
      started_at: '2026-11-25T11:00:00Z',
      duration_ms: 1000,
      items: 5,
    }));
    const state = inLogOf({});
    const listed = { ...state, runs: { ...state.runs, jobId: 'books', runs: history as never } };
    const chosen = press(listed, '[').state;
    expect(shown(chosen)).toBe('older');
    const row = { active: [active('mine', 'running', 100)] };
    expect(shown(told(chosen, row))).toBe('older');
    expect(line(told(chosen, row))).toMatch(/^ok · .* ended$/);
    const opened = press(told(someState({ now: NOW }), {}), 'enter').state;
    const ofRun = press({ ...opened, runs: { ...opened.runs, runs: history.slice(1) as never } }, 'l').state;
    expect(shown(told(ofRun, row))).toBe('before');
  });
});

describe('what a queued run waits for', () => {
  const QUEUED = active('mine', 'queued', 10_000);

  it.each<[string, Partial<ActiveRun>, Partial<HomeData['scheduler']>, readonly ActiveRun[]]>([
    ['until 12:30', { notBefore: NOW + 1_800_000 }, {}, []],
    ['for a free slot', {}, { slots: 2, slotsUsed: 2 }, []],
    ['for a worker', {}, {}, []],
    ['for a worker', { queuedAt: NOW - 500 }, { state: 'off' }, []],
    ['for the scheduler, which is off', {}, { state: 'off' }, []],
    ['the disk is full', {}, { held: 'the disk is full' }, []],
  ])('is shown above its log: %s', (words, fields, scheduler, others) => {
    const state = inLogOf({ active: [...others, { ...QUEUED, ...fields }] }, scheduler);
    expect(line(state)).toContain(words);
  });
});

it('a run that waits for its host shows this, as its row in the history does', () => {
  const state = inLogOf({ active: [active('mine', 'queued', 10_000)] }, {});
  const waits_for = 'host a.example is busy with run other (max_runs_per_host is 1)';
  const runs = [{ run_id: 'mine', job_id: 'books', waits_for }] as never;
  const listed = { ...state, runs: { ...state.runs, jobId: 'books', runs } };
  expect(line(listed)).toContain(`mine queued: ${waits_for}`);
});

it('a log that is removed while it is open was not cut, and its run has logged something', () => {
  const page = { lines: [], from: 0, until: 0, unfinished: undefined, size: 0 };
  const event = { kind: 'log', runId: 'before', event: { kind: 'renewed', page } } as const;
  const { state } = reduce(inLogOf({}), event);
  const frame = frameOf(state).join('\n');
  expect(frame).toContain('The log was removed with its run');
  expect(frame).not.toMatch(/was cut|Nothing was logged/);
});

it('a run of another day has ended, with whatever is known of it', () => {
  const old: HistoryRun = pastRun({ runId: 'old', status: 'failed', ago: 86_400_000 });
  expect(line(inLogOf({ last: old }))).toMatch(/^old\s+ended$/);
});

it('i opens the items of the newest run of the job that has some', () => {
  const history = [
    pastRun({ runId: 'older', items: 20 }),
    pastRun({ runId: 'found', items: 60 }),
    pastRun({ runId: 'nothing', status: 'failed', items: 0 }),
  ];
  const opened = (fields: Partial<JobRow>) => {
    const home = homeOf([jobRow('books', { history, last: history.at(-1) ?? null, ...fields })]);
    return press(
      reduce(someState({ now: NOW }), { kind: 'home', data: home, changed: [], activity: [] }).state,
      'i',
    );
  };
  const { state, effects } = opened({});
  expect(currentView(state)).toEqual({ name: 'items', jobId: 'books', runId: 'found' });
  expect(effects).toContainEqual(expect.objectContaining({ kind: 'read_items', runId: 'found' }));
  expect(currentView(press(state, 'escape').state).name).toBe('jobs');
  const why = (fields: Partial<JobRow>) => opened(fields).state.notices.at(-1)?.text;
  expect(why({ history: history.slice(2) })).toContain('None of its last runs has items; Enter shows them.');
  expect(why({ history: [], last: null })).toContain('The job has not run yet.');
});

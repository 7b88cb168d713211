import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import type { JobDefinition } from '../../../../src/core/model/definition.ts';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import { withLastVisit } from '../../../../src/tui/features/activity/reducer.ts';
import { describeEntry } from '../../../../src/tui/features/undo/journal.ts';
import type { ActivityEntry, SchedulerView } from '../../../../src/tui/home/home-data.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { FakeHome } from '../../fake-home.ts';
import { expectFit, frameOf } from '../../frame-of.tsx';
import { jobRow, NOW } from '../../job-rows.ts';
import { press, someState } from '../../some-state.ts';

afterEach(cleanup);

const EDIT: ActivityEntry = {
  ...{ what: 'other', at: NOW, jobId: 'b', runId: null, by: 'mcp', tone: 'plain', text: 'edited: tags' },
};
const RUN: ActivityEntry = {
  ...{ what: 'other', at: NOW, jobId: 'a', runId: 'r1', by: 'scheduler', tone: 'plain', text: 'started' },
};

function told(
  state: State,
  activity: readonly ActivityEntry[],
  { failures = 0, scheduler = {} }: { failures?: number; scheduler?: Partial<SchedulerView> } = {},
): State {
  const home = new FakeHome();
  for (const id of ['a', 'b', 'c']) home.add(id);
  const event = home.event();
  const jobs = event.data.jobs.map((row) => ({ ...row, failures }));
  const data = { ...event.data, jobs, scheduler: { ...event.data.scheduler, ...scheduler } };
  return reduce(state, { ...event, data, activity }).state;
}

const texts = ({ activity }: State) => activity.list.map(({ text }) => text);

describe('what has happened', () => {
  it('is in a dialog as wide as its longest text where the screen is', () => {
    const text = `edited: ${'one key after the other, '.repeat(5)}end`;
    const frame = (columns: number) =>
      frameOf(press(told(someState({ columns, rows: 50 }), [{ ...EDIT, text }]), 'N').state).filter((line) =>
        line.includes('an agent │'),
      );
    expect(frame(200)).toEqual([expect.stringContaining(text)]);
    expect(frame(149)).toEqual([expect.not.stringContaining(text)]);
    const many = `edited: ${'one key after the other, '.repeat(20)}end`;
    const lines = frameOf(
      press(told(someState({ columns: 200, rows: 50 }), [{ ...EDIT, text: many }]), 'N').state,
    );
    expectFit(lines, 200, 50);
  });

  it('lists changes and failures, but no ordinary runs', () => {
    const bad: ActivityEntry = { ...RUN, tone: 'bad', text: 'failed: http' };
    const good: ActivityEntry = { ...RUN, tone: 'good', text: 'succeeded, 3 items' };
    const state = told(told(someState(), []), [RUN, good, bad, EDIT]);
    expect(texts(state)).toEqual(['failed: http', 'edited: tags']);
  });

  it('says that a job recovered when its last runs had failed', () => {
    const good: ActivityEntry = { ...RUN, tone: 'good', text: 'succeeded, 3 items' };
    expect(texts(told(told(someState(), [], { failures: 2 }), [good]))).toEqual([
      'recovered: succeeded, 3 items',
    ]);
  });

  it('says since when nothing has', () => {
    const shown = (leftAt?: number) =>
      frameOf(press(withLastVisit(someState(), leftAt), 'N').state).join('\n');
    expect(shown()).toContain('Nothing has happened since this dashboard was opened (10:00).');
    expect(shown(Date.parse('2026-11-26T09:30:00Z'))).toContain(
      'Nothing has happened since your last visit (09:30).',
    );
  });

  it('names no key for a row where there is none', () => {
    const footer = (state: State) => frameOf(press(state, 'N').state).at(-1);
    expect(footer(withLastVisit(someState(), undefined))).not.toMatch(/go to the job|choose/);
    expect(footer(told(told(someState(), []), [EDIT]))).toContain('Enter go to the job  ↑↓ choose');
  });

  it('reports the scheduler’s start and end', () => {
    const running = told(told(someState(), []), [], { scheduler: { state: 'running', pid: 7 } });
    expect(texts(told(running, []))).toEqual(['was started, pid 7', 'ended']);
  });

  it('counts others’ changes until they are viewed, and opens the job', () => {
    const ours: ActivityEntry = { ...EDIT, by: 'tui' };
    const state = told(told(someState(), []), [EDIT, ours]);
    expect(state.activity.unseen).toBe(1);
    const gone = press(state, 'N', 'j', 'enter').state;
    expect(gone.activity.unseen).toBe(0);
    expect(gone.jobs.table.selected).toBe('b');
    expect(gone.dialog).toBeUndefined();
  });

  it('names a key for it only where the key does that', () => {
    const state = { ...told(told(someState(), []), [EDIT]), notices: [] };
    const last = (shown: State) => frameOf(shown).at(-2)?.trim();
    expect(last(state)).toBe('1 new: N shows what has happened');
    expect(last(press(state, 'T').state)).toBe('1 new: N in the list of jobs shows what has happened');
  });

  it('reports that you restored what you deleted, whoever had created it', () => {
    const made: ActivityEntry = { ...EDIT, by: 'cli', what: 'created', text: 'created' };
    const fresh = (version: State['journal']['fresh'] extends ReadonlyMap<string, infer V> ? V : never) => ({
      journal: { ...someState().journal, fresh: new Map([['b', version]]) },
    });
    const version = { definition: jobRow('b').definition as JobDefinition, revision: 1 };
    const deleted = told({ ...told(someState(), []), ...fresh(null) }, [
      { ...EDIT, by: null, what: 'deleted', text: 'deleted' },
    ]);
    const back = told({ ...deleted, ...fresh(version) }, [made]);
    expect(back.activity.list.map(({ by, text }) => [text, by])).toEqual([
      ['deleted', 'tui'],
      ['restored', 'tui'],
    ]);
    expect(back.activity.unseen).toBe(0);
    expect(back.notices).toEqual([]);
    // What others make is theirs.
    expect(told(deleted, [made]).notices.at(-1)?.text).toBe('b: created (a command)');
  });

  it('reports that a deleted job was imported, which is no restore', () => {
    const deleted = told(someState(), [{ ...EDIT, what: 'deleted', text: 'deleted' }]);
    const version = { definition: jobRow('b').definition as JobDefinition, revision: 1 };
    const imported = reduce(deleted, { kind: 'imported', jobs: [{ id: 'b', version }], configs: [] }).state;
    const back = told(imported, [{ ...EDIT, by: 'tui', what: 'created', text: 'created' }]);
    expect(texts(back)).toContain('imported');
    expect(back.journal.entries.map(describeEntry)).toEqual(['Imported b']);
  });

  it('reports a job that no longer exists', () => {
    const lost: ActivityEntry = { ...EDIT, jobId: 'zzz', what: 'deleted', text: 'deleted' };
    const state = told(told(someState(), []), [lost]);
    expect(press(state, 'N', 'enter').state.notices.at(-1)?.text).toBe('zzz no longer exists.');
  });
});

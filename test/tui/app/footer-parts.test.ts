import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { footerParts } from '../../../src/tui/app/footer.ts';
import { paletteRows } from '../../../src/tui/app/palette.tsx';
import { reduce } from '../../../src/tui/app/reduce.ts';
import type { ActivityEntry } from '../../../src/tui/home/home-data.ts';
import type { JobRow } from '../../../src/tui/home/job-row.ts';
import type { State } from '../../../src/tui/kernel/model.ts';
import { visibleNotice } from '../../../src/tui/kernel/notices.ts';
import { frameOf } from '../frame-of.tsx';
import { itemPage } from '../item-page.ts';
import { homeOf, jobRow, NOW, pastRun } from '../job-rows.ts';
import { run } from '../run-output.ts';
import { press, someState, typed } from '../some-state.ts';

afterEach(cleanup);

function withJob(fields: Partial<JobRow>, size: Partial<State> = {}): State {
  const data = homeOf([jobRow('news', { last: pastRun(), ...fields })]);
  return reduce(someState({ now: NOW, ...size }), { kind: 'home', data, changed: [], activity: [] }).state;
}

const wordsOf = (state: State) => footerParts(state, state.columns).map(({ key, word }) => `${key} ${word}`);

const ENTRY: ActivityEntry = {
  ...{ what: 'other', at: 0, jobId: 'news', runId: null, by: 'cli', tone: 'plain', text: 'edited' },
};

describe('the footer', () => {
  it('says as long as it is so that the program was upgraded, also after its notice', () => {
    const upgraded = (isReplaced: boolean, state: State) =>
      reduce(state, { kind: 'program', isReplaced }).state;
    const state = upgraded(true, withJob({}));
    expect(visibleNotice(state)?.text).toBe(
      'QuickScrape was upgraded while this ran: leave with q and start it again.',
    );
    expect(wordsOf(state)).toContain('q upgraded: quit, start again');
    expect(wordsOf({ ...state, columns: 60 })).toContain('q upgraded: quit, start again');
    expect(wordsOf(upgraded(false, state))).toContain('q quit');
  });

  it('begins with what opens the job', () => {
    expect(wordsOf(withJob({}))[0]).toBe('Enter runs');
  });

  it('offers at once to repair a job that failed, and to edit a file that cannot be used', () => {
    expect(wordsOf(withJob({ state: 'failed', last: pastRun({ status: 'failed' }) }))).toContain('R repair');
    expect(wordsOf(withJob({}))).not.toContain('R repair');
    const invalid = withJob({
      state: 'invalid',
      error: 'news.json:2:3: no',
      definition: null,
      configName: null,
    });
    expect(wordsOf(invalid)[0]).toBe('E edit the file');
    expect(wordsOf(withJob({}))).not.toContain('E edit the file');
  });

  it('does not offer to repair a run that succeeded, whose key still works', () => {
    const views: State['views'] = [{ name: 'jobs' }, { name: 'runs', jobId: 'news' }];
    const of = (status: 'succeeded' | 'failed') => {
      const open = { ...withJob({}, { columns: 200 }), views };
      const output = { runs: [run('r', { status })], total: 1 };
      const state = { ...open, runs: { ...open.runs, jobId: 'news' } };
      return reduce(state, { kind: 'answer', name: 'list_runs', tag: 'runs.news', ok: true, output }).state;
    };
    expect(wordsOf(of('failed'))).toContain('R repair');
    expect(wordsOf(of('succeeded'))).not.toContain('R repair');
    expect(press(of('succeeded'), 'R').effects).not.toEqual([]);
  });

  it('names in the runs of a job, at 80 columns, the log and the items of a run', () => {
    const views: State['views'] = [{ name: 'jobs' }, { name: 'runs', jobId: 'news' }];
    const open = { ...withJob({}, { columns: 80 }), views };
    for (const status of ['succeeded', 'failed', 'running'] as const) {
      const output = { runs: [run('r', { status })], total: 1 };
      const state = { ...open, runs: { ...open.runs, jobId: 'news' } };
      const read = reduce(state, {
        kind: 'answer',
        name: 'list_runs',
        tag: 'runs.news',
        ok: true,
        output,
      }).state;
      expect(wordsOf(read)).toEqual(expect.arrayContaining(['Enter log', 'i items']));
      expect(wordsOf(read)).toContain(status === 'running' ? 'x cancel' : 'r retry');
    }
  });

  it('says that Enter takes nothing while what is typed cannot apply, faint and with what to do', () => {
    const views: State['views'] = [{ name: 'jobs' }, { name: 'items', jobId: 'news', runId: 'r' }];
    const open = { ...withJob({}, { columns: 80, rows: 24 }), views };
    const page = itemPage([{ title: 'Emma', price: 3 }]);
    const read = { kind: 'items', runId: 'r', event: { kind: 'page', page } } as const;
    const items = reduce({ ...open, items: { ...open.items, jobId: 'news', runId: 'r' } }, read).state;
    const wrong = press(items, '/', ...typed('title:"red')).state;
    expect(footerParts(wrong, 80)[0]).toEqual({ key: 'Enter', word: 'refused: see above', isRefused: true });
    const frame = frameOf(wrong);
    expect(frame.at(-1)).toBe('Enter refused: see above  Esc undo');
    expect(frame.at(-3)).toBe('the quote is not closed');
    const right = press(wrong, '"').state;
    expect(wordsOf(right)[0]).toBe('Enter keep');
  });

  it('names no key for the selected row of a list that has none, or that leads nowhere', () => {
    expect(wordsOf(press(withJob({}), 'U').state)).toEqual(['Esc close']);
    const activity = [ENTRY, { ...ENTRY, jobId: null, at: 1 }];
    const told = reduce(withJob({}), {
      ...{ kind: 'home', data: homeOf([jobRow('news')]), changed: [], activity },
    }).state;
    expect(wordsOf(press(told, 'N').state)).toEqual(['↑↓ choose', 'Esc close']);
    expect(wordsOf(press(told, 'N', 'j').state)[0]).toBe('Enter go to the job');
    const tags = press(withJob({}), '#').state;
    expect(footerParts(tags, 80)[0]).toEqual({ key: 'Enter', word: 'apply', isRefused: true });
    expect(footerParts(press(tags, 'enter').state, 80)[0]).toMatchObject({ word: 'refused: see above' });
    expect(footerParts(press(tags, 'a').state, 80)[0]).toEqual({ key: 'Enter', word: 'apply' });
  });

  it('begins in the items with what people do most there, from 80 columns on', () => {
    const views: State['views'] = [{ name: 'jobs' }, { name: 'items', jobId: 'news', runId: 'r' }];
    const open = { ...withJob({}, { columns: 80, rows: 24 }), views };
    const page = itemPage([{ title: 'Emma' }]);
    const read = { kind: 'items', runId: 'r', event: { kind: 'page', page } } as const;
    const state = reduce({ ...open, items: { ...open.items, jobId: 'news', runId: 'r' } }, read).state;
    const most = ['Enter item', '/ filter', 's sort', 'F values', 'c changes'];
    expect(wordsOf(state)).toEqual([...most, 'Esc back', '? help', 'q quit']);
    const more = wordsOf({ ...state, columns: 200 });
    expect(more.slice(0, 9)).toEqual([...most, 'x write', 'y copy', 'f search', 'o pager']);
  });

  it('says in a whole item how to go back to the table', () => {
    const views: State['views'] = [{ name: 'jobs' }, { name: 'items', jobId: 'news', runId: 'r' }];
    const open = { ...withJob({}, { columns: 120, rows: 24 }), views };
    const page = itemPage([{ title: 'Emma' }, { title: 'Persuasion' }]);
    const read = { kind: 'items', runId: 'r', event: { kind: 'page', page } } as const;
    const state = reduce({ ...open, items: { ...open.items, jobId: 'news', runId: 'r' } }, read).state;
    const whole = press(state, 'j', 'enter').state;
    expect(wordsOf(whole)[0]).toBe('Enter table');
    expect(frameOf(whole)[0]).toContain('item 2 of 2');
    expect(wordsOf(press(whole, 'enter').state)).toContain('Enter item');
  });

  it('ends with the tabs of the detail and the layout, where there is room', () => {
    const wide = wordsOf(withJob({}, { columns: 250, rows: 50 }));
    expect(wide.slice(-4)).toEqual(['] tabs', '+ layout', '? help', 'q quit']);
    expect(wordsOf(withJob({}, { columns: 80, rows: 24 }))).not.toContain('+ layout');
  });

  it('offers in the palette only what can be done now', () => {
    const never = press(withJob({ last: null }), ':', ...'repair the sel').state;
    expect(wordsOf(never)).toEqual(['↑↓ choose', 'Esc close']);
    const failed = withJob({ state: 'failed', last: pastRun({ status: 'failed' }) });
    expect(wordsOf(press(failed, ':', ...'repair the sel').state)[0]).toBe('Enter do it');
  });

  it('mentions the other pane where there is room for only one', () => {
    const small = wordsOf(withJob({}, { columns: 40, rows: 10 }));
    expect(small).toEqual(['Enter runs', 'Tab pane', '? help', 'q quit']);
  });

  it('begins with the action that creates a job where there is none', () => {
    const event = { kind: 'home', data: homeOf([]), changed: [], activity: [] } as const;
    const empty = reduce(someState({ now: NOW, columns: 60, rows: 12 }), event).state;
    expect(wordsOf(empty).slice(0, 2)).toEqual(['n new job', 'c configs']);
    expect(frameOf(empty).join('\n')).toContain('c, then n: create a configuration for a site.');
    expect(frameOf({ ...empty, readOnly: true }).join('\n')).not.toContain('c, then n');
  });

  it('offers to start a scheduler that is off, and not to stop it', () => {
    expect(wordsOf(press(withJob({}), 'D').state)).toEqual(['s start', 'Esc close']);
  });

  it('keeps the way out of a dialog where not all fits', () => {
    const state = withJob({}, { columns: 40, rows: 10 });
    const list = [{ ...ENTRY, at: state.now }];
    const small = press({ ...state, activity: { ...state.activity, list } }, 'N').state;
    expect(wordsOf(small)).toEqual(['Enter go to the job', 'Esc close']);
  });

  it('says what Esc gives up', () => {
    expect(wordsOf(withJob({}))).not.toContain('Esc back');
    expect(wordsOf(press(withJob({}), 'space').state)).toContain('Esc no marks');
    const filtered = press(withJob({}), '1').state;
    expect(wordsOf(filtered)).toContain('Esc show all');
    expect(wordsOf(press(filtered, 'escape').state)).not.toContain('Esc show all');
  });

  it('names the yes of a question that takes one', () => {
    expect(wordsOf(press(withJob({}), 'd').state)).toEqual(['y yes', 'Esc no']);
  });
});

it('the palette begins with what one most likely wants', () => {
  const failed = withJob({ state: 'failed', last: pastRun({ status: 'failed' }) });
  expect(
    paletteRows(failed, '')
      .slice(0, 2)
      .map(({ key }) => key),
  ).toEqual(['Enter', 'R']);
});

describe('a key that cannot do anything now', () => {
  const said = (state: State, key: string) => press(state, key).state.notices.at(-1)?.text;

  it('says in the runs of a job that they are still being read', () => {
    const runs = press(withJob({}), 'enter').state;
    expect(said(runs, 'i')).toBe('Show the items of the run: The runs are still being read.');
    expect(said(runs, 'l')).toBe('Show the log of the run: The runs are still being read.');
  });

  it('is not spoken of in another view', () => {
    const refused = press(press(withJob({}), 'enter').state, 'i').state;
    expect(visibleNotice(refused)?.text).toContain('still being read');
    expect(visibleNotice(press(refused, 'escape').state)).toBeUndefined();
  });

  it('says what cannot be done and why, on a narrow screen only why', () => {
    const never = withJob({ last: null });
    expect(said(never, 'R')).toBe('Repair the selectors: It has not run yet.');
    expect(said(withJob({ last: null }, { columns: 40, rows: 10 }), 'R')).toBe('It has not run yet.');
  });
});

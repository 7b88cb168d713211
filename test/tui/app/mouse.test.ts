import { describe, expect, it } from 'vitest';
import { ACTIONS } from '../../../src/tui/app/actions.ts';
import { footerParts } from '../../../src/tui/app/footer.ts';
import { reduce } from '../../../src/tui/app/reduce.ts';
import { bindKeys, formatKey, keyOfLabel } from '../../../src/tui/kernel/key-bindings.ts';
import type { State, Step } from '../../../src/tui/kernel/model.ts';
import { homeOf, jobRow, NOW, pastRun } from '../job-rows.ts';
import { press, someState } from '../some-state.ts';

const MOUSE = {
  kind: 'mouse',
  what: 'press',
  button: 'left',
  shift: false,
  alt: false,
  ctrl: false,
} as const;

function withJobs(size: Partial<State> = {}): State {
  const data = homeOf([jobRow('news', { last: pastRun() }), jobRow('shop', { last: pastRun() })]);
  return reduce(someState({ now: NOW, ...size }), { kind: 'home', data, changed: [], activity: [] }).state;
}

/** Clicks on the footer's part with this word. */
function clickFooter(state: State, word: string, double?: true): Step {
  const parts = footerParts(state, state.columns);
  const at = parts.findIndex((part) => part.word === word);
  if (at < 0) throw new TypeError(`the footer has no ${word}: ${parts.map((part) => part.word).join()}`);
  const before = parts.slice(0, at).map(({ key, word: other }) => `${key} ${other}  `);
  const column = before.join('').length;
  return reduce(state, { ...MOUSE, column, row: state.rows - 1, ...(double && { double }) });
}

function clickRow(state: State, row: number, double?: true): State {
  return reduce(state, { ...MOUSE, column: 20, row, ...(double && { double }) }).state;
}

const viewNames = (state: State) => state.views.map(({ name }) => name);

describe('a click on the footer', () => {
  it('does what the key there does', () => {
    expect(clickFooter(withJobs(), 'help').state.dialog?.kind).toBe('help');
    expect(clickFooter(withJobs(), 'quit').effects).toEqual([{ kind: 'quit', exitCode: 0 }]);
    expect(viewNames(clickFooter(withJobs(), 'runs').state)).toEqual(['jobs', 'runs']);
  });

  it('does it with keys of the user, too', () => {
    const { bindings } = bindKeys(ACTIONS, new Map([['help.open', ['f5']]]));
    expect(clickFooter(withJobs({ keys: bindings }), 'help').state.dialog?.kind).toBe('help');
  });

  it('works in a dialog and while a text is typed', () => {
    const help = press(withJobs(), '?').state;
    expect(clickFooter(help, 'close').state.dialog).toBeUndefined();
    expect(clickFooter(help, 'choose').state).toBe(help);
    const filtering = press(withJobs(), '/', 's', 'h').state;
    const [part] = footerParts(filtering, filtering.columns).filter(({ key }) => key === 'Enter');
    const kept = clickFooter(filtering, part?.word ?? '').state;
    expect(kept.jobs.filterPrompt).toMatchObject({ isOpen: false, line: { text: 'sh' } });
  });

  it('does nothing between two parts', () => {
    const state = withJobs();
    const [first] = footerParts(state, state.columns);
    const column = `${first?.key} ${first?.word}`.length;
    expect(reduce(state, { ...MOUSE, column, row: state.rows - 1 }).state).toBe(state);
  });

  it('goes on with a chord that is begun', () => {
    const { state } = clickFooter(press(withJobs(), 'g').state, 'charts');
    expect(viewNames(state)).toEqual(['jobs', 'charts']);
    expect(state.chord).toEqual([]);
  });

  it('does nothing the second time in a double click: a question may be in this place then', () => {
    const state = withJobs();
    expect(clickFooter(state, 'help', true).state).toBe(state);
  });
});

describe('a double click', () => {
  it('on a row does what Enter does', () => {
    const opened = clickRow(clickRow(withJobs(), 3), 3, true);
    expect(opened.views.at(-1)).toEqual({ name: 'runs', jobId: 'shop' });
  });

  it('does what the user has given to Enter', () => {
    const { bindings } = bindKeys(ACTIONS, new Map([['timeline.open', ['enter']]]));
    const opened = clickRow(clickRow(withJobs({ keys: bindings }), 3), 3, true);
    expect(viewNames(opened)).toEqual(['jobs', 'timeline']);
  });

  it('on a heading sorts twice, and below the rows does nothing', () => {
    const once = clickRow(withJobs(), 1);
    expect(clickRow(once, 1, true)).toMatchObject({
      views: [{ name: 'jobs' }],
      jobs: {
        table: { sort: { by: once.jobs.table.sort.by, descending: !once.jobs.table.sort.descending } },
      },
    });
    expect(viewNames(clickRow(withJobs(), 10, true))).toEqual(['jobs']);
  });
});

it('each key is found again by its label in the footer', () => {
  for (const key of ACTIONS.flatMap(({ keys }) => keys).filter((key) => !key.includes(' ')))
    expect(keyOfLabel(formatKey(key)), key).toBe(key);
  expect(['alt++', 'alt+-', 'ctrl+s'].map(formatKey)).toEqual(['Alt-+', 'Alt--', 'Ctrl-S']);
  expect(['Alt-+', 'Alt--'].map(keyOfLabel)).toEqual(['alt++', 'alt+-']);
  expect(keyOfLabel('↑↓')).toBeUndefined();
});

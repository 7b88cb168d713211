import { cleanup } from 'ink-testing-library';
import stringWidth from 'string-width';
import { afterEach, describe, expect, it } from 'vitest';
import { ACTIONS, reachableActions } from '../../../src/tui/app/actions.ts';
import { VIEWS } from '../../../src/tui/app/features.ts';
import { helpLines, helpRows, KEY_CELLS } from '../../../src/tui/app/help-rows.ts';
import { reduce } from '../../../src/tui/app/reduce.ts';
import { bindKeys } from '../../../src/tui/kernel/key-bindings.ts';
import type { DialogOf, State } from '../../../src/tui/kernel/model.ts';
import { EMPTY_LINE } from '../../../src/tui/ui/text/edit-line.ts';
import { frameOf } from '../frame-of.tsx';
import { homeOf, jobRow, NOW } from '../job-rows.ts';
import { press, someState, typed } from '../some-state.ts';

afterEach(cleanup);

const PRESS = {
  kind: 'mouse',
  what: 'press',
  button: 'left',
  shift: false,
  alt: false,
  ctrl: false,
} as const;

describe('the help', () => {
  const lines = (state: State, query = '') =>
    helpRows(state, query).flatMap((row) => (row.kind === 'action' ? [row] : []));
  const inView = (name: string) => someState({ views: [{ name: 'jobs' }, { name }] as State['views'] });

  it('has every action with a key that can be reached, and finds by key or word', () => {
    const withKey = reachableActions(someState()).filter(({ keys }) => keys.length > 0);
    const listed = lines(someState()).flatMap(({ actions }) => actions);
    expect(new Set(listed)).toEqual(new Set(withKey));
    const [suspend] = lines(someState(), 'ctrl-z');
    expect(suspend?.actions.map(({ id }) => id)).toContain('program.suspend');
  });

  it('has no action twice, none without keys, no keys that are cut, and no title twice: the table finds the style of a title by its text', () => {
    for (const name of Object.keys(VIEWS)) {
      const rows = lines(inView(name));
      const ids = rows.flatMap(({ actions }) => actions.map(({ id }) => id));
      expect(ids).toEqual([...new Set(ids)]);
      const titles = rows.map(({ title }) => title);
      expect(titles).toEqual([...new Set(titles)]);
      for (const { keys, title } of rows) {
        expect(keys.length, `${name}: ${keys}`).toBeLessThan(KEY_CELLS);
        expect(keys, title).not.toBe('');
      }
    }
  });

  it('begins with what is used most in this view, and ends with what can be done everywhere', () => {
    const groups = helpRows(someState(), '').flatMap((row) => (row.kind === 'group' ? [row.group] : []));
    expect(groups).toEqual(['Most used', 'Find', 'Job', 'Marks', 'View', 'Move', 'Everywhere']);
    const first = (state: State) =>
      lines(state)
        .slice(0, 5)
        .flatMap(({ actions }) => actions[0]?.id);
    expect(first(someState())).toEqual([
      ...['runs.open', 'jobs.run', 'jobs.log', 'configs.repair', 'form.edit'],
    ]);
    expect(first(inView('runs'))[0]).toBe('log.open');
    expect(first(inView('items'))[0]).toBe('items.whole');
    expect(first(inView('trash'))[0]).toBe('trash.restore');
  });

  it('joins in one line what does the same in two directions', () => {
    const titles = lines(someState()).map(({ keys, title }) => `${keys}  ${title}`);
    expect(titles).toContain('j, k, ↓, ↑  Select the next or previous job');
    expect(titles).toContain('gg, G  Go to the first or last job');
    expect(titles).toContain('. or , or S  Sort by another column, or reverse');
    expect(titles).toContain('], [  Show the next or previous tab');
    expect(titles).toContain('>, <  Make the column wider or narrower');
    expect(titles).toContain('+, _  Next or previous layout: list, both panes, detail');
    expect(titles).toContain('1, 2, 3, 4, 5  Show or hide jobs by state: failed, active, ok, new, disabled');
  });

  it('counts the actions without a key, and finds them by a word', () => {
    const note = helpRows(someState(), '').at(-1);
    expect(note).toMatchObject({
      kind: 'note',
      keys: ': by name',
      text: expect.stringContaining('more actions'),
    });
    const keysOf = (state: State) => lines(state, 'start the scheduler').map(({ keys }) => keys);
    expect(keysOf(someState())).toContain(': by name');
    const { bindings } = bindKeys(ACTIONS, new Map([['palette.open', ['ctrl+p']]]));
    expect(keysOf(someState({ keys: bindings }))).toContain('Ctrl-P by name');
  });

  it.each([
    [120, 35],
    [200, 50],
  ])('fits on one page of %d×%d in every view, in two columns', (columns, rows) => {
    // Without header, notices and footer, the frame and the line of the search.
    const room = 2 * (rows - 6);
    for (const name of Object.keys(VIEWS)) expect(helpRows(inView(name), '').length, name).toBeLessThan(room);
    const shown = frameOf(press(someState({ columns, rows }), '?').state);
    expect(shown.find((line) => line.includes('─ Keys'))).toContain('Keys, QuickScrape');
    expect(shown.filter((line) => line.includes('Most used'))[0]).toMatch(/Most used +(View|Marks|Move)/);
    expect(shown.filter((line) => line.includes('more actions'))).toHaveLength(1);
  });

  it('cuts no title on 120×35: one that is longer than its column goes on below', () => {
    for (const name of Object.keys(VIEWS)) {
      const state = press({ ...inView(name), columns: 120, rows: 35 }, '?').state;
      const cut = frameOf(state).filter((line) => line.startsWith('│') && /\S…/.test(line));
      expect(
        cut.filter((line) => !line.includes('▌')),
        name,
      ).toEqual([]);
    }
  });

  it('cuts no word of a title and no list in it, and no page ends with the name of a group', () => {
    const state = press(someState({ columns: 80, rows: 24 }), '?').state;
    const groups = helpRows(state, '').flatMap((row) => (row.kind === 'group' ? [row.group] : []));
    for (let index = 0; index < helpRows(state, '').length; index += 1) {
      const dialog: DialogOf<'help'> = { kind: 'help', query: EMPTY_LINE, index };
      const lines = frameOf({ ...state, dialog }).flatMap(
        (line) => /^.?│ (.*) [│█]/.exec(line)?.[1]?.trim() ?? [],
      );
      expect(lines.filter((line) => /…$/.test(line) && !line.endsWith(' …'))).toEqual([]);
      expect(groups).not.toContain(lines.findLast((line) => line !== ''));
    }
    expect(frameOf(state).join('\n')).toMatch(/Filter the jobs +│/);
  });

  it('opens and closes with ?, and takes letters as what to find', () => {
    const { state } = press(someState(), '?', ...typed('page'));
    expect(state.dialog).toMatchObject({ kind: 'help', query: { text: 'page' } });
    expect(press(someState(), '?', '?').state.dialog).toBeUndefined();
    const none = frameOf(press(someState(), '?', ...typed('qqq')).state).join('\n');
    expect(none).toContain('No key or word matches “qqq”');
    // Of a word that begins with a key of lists, after a slash.
    expect(press(someState(), '?', '/', ...typed('jk/?')).state.dialog).toMatchObject({
      query: { text: 'jk/?' },
    });
  });

  const selectedLine = (state: State) => {
    const { dialog } = state;
    return dialog?.kind === 'help' ? helpLines(state, dialog.query.text)[dialog.index] : undefined;
  };
  const selectedId = (state: State) => selectedLine(state)?.chosen?.id;
  const withJob = (size: Partial<State> = {}) =>
    reduce(someState({ now: NOW, ...size }), {
      ...{ kind: 'home', data: homeOf([jobRow('news')]), changed: [], activity: [] },
    }).state;

  it('has a selected line: keys of lists move it, over the names of groups', () => {
    const open = press(withJob(), '?').state;
    const last = helpLines(open, '').length - 1;
    const at = (...keys: string[]) => (press(open, ...keys).state.dialog as DialogOf<'help'>).index;
    expect([at(), at('down'), at('j', 'j', 'k'), at('j', 'up')]).toEqual([0, 1, 1, 0]);
    expect([at('pagedown'), at('ctrl+d', 'pageup'), at('end'), at('G', 'home')]).toEqual([10, 0, last, 0]);
    const found = press(open, ...typed('timeline'), 'enter').state;
    expect(found).toMatchObject({ dialog: undefined, views: [{ name: 'jobs' }, { name: 'timeline' }] });
  });

  it('runs the selected action in the view below, as its key does, and closes', () => {
    const open = press(withJob(), '?').state;
    const at = helpLines(open, '').findIndex(({ chosen }) => chosen?.id === 'jobs.run');
    const moved = press(open, ...Array<string>(at).fill('j')).state;
    expect(frameOf(moved).at(-1)).toContain('Enter run  ↑↓ choose  / find  Esc close');
    const { state, effects } = press(moved, 'enter');
    expect(state.dialog).toBeUndefined();
    expect(effects).toEqual(press(withJob(), 'r').effects);
    expect(effects).toHaveLength(1);
    const note = press(open, 'end', 'enter').state;
    expect(note.dialog).toMatchObject({ kind: 'palette' });
  });

  it('names in the footer which action of a line with several Enter runs', () => {
    const state = press(withJob(), '?', ...typed('show or hide jobs')).state;
    expect(frameOf(state).at(-1)).toMatch(/^Enter run: show or hide jobs that are [a-z, …]+ {2}↑↓/);
    const undo = press(withJob(), '?', ...typed('quit')).state;
    expect(frameOf(undo).at(-1)).toContain('Enter run: quit  ');
  });

  it('says why an action cannot be run now, in the words of the palette, and stays', () => {
    const open = press(someState(), '?', ...typed('run the job now')).state;
    const line = frameOf(open).find((each) => each.includes('▌'));
    expect(line).toMatch(/▌r +Run the job now +No job is selected\./);
    expect(frameOf(open).at(-1)).not.toContain('Enter');
    const { state, effects } = press(open, 'enter');
    const palette = press(someState(), ':', ...typed('run the job'), 'enter').state;
    expect(effects).toEqual([]);
    expect(state.dialog?.kind).toBe('help');
    expect(state.notices.at(-1)?.text).toBe(palette.notices.at(-1)?.text);
  });

  it('answers on a line that moves about in the view, and on its own', () => {
    const said = (query: string) => press(withJob(), '?', ...typed(query), 'enter').state;
    expect(said('next or previous job').notices.at(-1)?.text).toBe(
      'This moves in the view below: Esc closes the help, then j, k, ↓, ↑.',
    );
    expect(said('show all keys').notices.at(-1)?.text).toBe('This is the help: Esc closes it.');
    expect(said('show all keys').dialog?.kind).toBe('help');
  });

  it.each([
    [80, 24],
    [120, 35],
  ])('selects a clicked line on %d×%d, and runs it with a double click', (columns, rows) => {
    const open = press(withJob({ columns, rows }), '?').state;
    const lines = frameOf(open);
    for (const [title, id] of [
      ['Run the job now', 'jobs.run'],
      ['Open the timeline', 'timeline.open'],
    ] as const) {
      const row = lines.findIndex((line) => line.includes(title));
      if (row < 0) continue;
      const click = { ...PRESS, row, column: stringWidth((lines[row] ?? '').split(title)[0] ?? '') };
      const clicked = reduce(open, click).state;
      expect(selectedId(clicked)).toBe(id);
      expect(frameOf(clicked)[row]).toMatch(new RegExp(`▌.{15}${title}`));
      const run = reduce(clicked, { ...click, double: true });
      expect(run.state.dialog).toBeUndefined();
    }
    const group = lines.findIndex((line) => line.includes('Most used'));
    expect(reduce(open, { ...PRESS, row: group, column: 10 }).state).toBe(open);
  });

  it('moves to the line beside in two columns', () => {
    const open = press(withJob({ columns: 120, rows: 35 }), '?').state;
    const lineOf = (state: State) => frameOf(state).findIndex((line) => line.includes('▌'));
    for (let down = 1; down < 8; down += 1) {
      const at = press(open, ...Array<string>(down).fill('j')).state;
      const beside = press(at, 'right').state;
      expect(selectedId(beside)).not.toBe(selectedId(at));
      // One more where the name of a group is beside.
      expect([0, 1]).toContain(lineOf(beside) - lineOf(at));
      expect([0, 1]).toContain(lineOf(press(beside, 'left').state) - lineOf(beside));
      expect(press(beside, 'right').state.dialog).toEqual(beside.dialog);
    }
  });
});

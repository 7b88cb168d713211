import { expect, it } from 'vitest';
import { footerParts } from '../../../../src/tui/app/footer.ts';
import { PreferenceFile, preferencePath } from '../../../../src/tui/app/preferences.ts';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import { toJobColumns } from '../../../../src/tui/features/jobs/job-columns.ts';
import { shownColumns } from '../../../../src/tui/features/jobs/reducer.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { NOT_ARRANGED } from '../../../../src/tui/ui/column-arrangement.ts';
import { tempFolderInMemory } from '../../../temp-folder.ts';
import { homeOf, jobRow, NOW, pastRun } from '../../job-rows.ts';
import { press, someState } from '../../some-state.ts';

function opened(fields: Partial<State> = {}): State {
  const jobs = ['news', 'shop'].map((id) =>
    jobRow(id, { last: pastRun(), nextRun: NOW + 60_000, history: [pastRun()] }),
  );
  const data = homeOf(jobs);
  const state = someState({ now: NOW, columns: 80, rows: 24, ...fields });
  return reduce(state, { kind: 'home', data, changed: [], activity: [] }).state;
}

const after = (...keys: string[]) => press(opened(), ...keys).state;
const ids = (state: State) => shownColumns(state).map(({ id }) => id);
const cells = (state: State, id: string) => shownColumns(state).find((column) => column.id === id)?.cells;
const lastNotice = (state: State) => state.notices.at(-1)?.text;

it('the arrows go to a column, Esc leaves it', () => {
  expect(after('right').jobs.column).toBe('state');
  expect(after('right', 'right', 'right', 'left').jobs.column).toBe('job');
  expect(after('left').jobs.column).toBe(ids(opened()).at(-1));
  expect(after('right', 'escape').jobs.column).toBeUndefined();
});

it('the column of the history explains its signs', () => {
  const at = ids(opened()).indexOf('history');
  expect(lastNotice(after(...Array.from({ length: at }, () => 'right')))).toBeUndefined();
  expect(lastNotice(after(...Array.from({ length: at + 1 }, () => 'right')))).toMatch(
    /^HISTORY: a bar a run, low for the fewest items.*✗ failed · skipped/,
  );
});

it('a column is moved, and stays under the cursor', () => {
  expect(ids(opened()).slice(0, 3)).toEqual(['state', 'job', 'next']);
  expect(ids(after('right', '}', '}')).slice(0, 3)).toEqual(['job', 'next', 'state']);
  expect(after('right', '}').jobs.column).toBe('state');
  expect(ids(after('right', '}', '{'))).toEqual(ids(opened()));
  expect(ids(after('right', '{'))).toEqual(ids(opened()));
});

it('a moved column passes those for which the screen has no room', () => {
  const narrow = press(opened({ columns: 50 }), 'left', '{').state;
  const moved = ids(narrow);
  expect(moved).not.toEqual(ids(opened({ columns: 50 })));
  const wide = ids(reduce(narrow, { kind: 'resize', columns: 150, rows: 24 }).state);
  expect(wide.filter((id) => moved.includes(id))).toEqual(moved);
});

it('a column is made wider and narrower', () => {
  expect(cells(after('right', 'right', '>'), 'job')).toBe((cells(opened(), 'job') ?? 0) + 4);
  expect(cells(after('right', 'right', '<', '<', '<', '<'), 'job')).toBe(3);
});

it('no column grows until it leaves the screen', () => {
  const grown = press(opened(), 'right', 'right', ...Array.from({ length: 40 }, () => '>')).state;
  expect(ids(grown)).toContain('job');
  const others = press(opened(), 'right', ...Array.from({ length: 40 }, () => '>')).state;
  expect(ids(others)).toContain('state');
  expect(lastNotice(others)).toMatch(/no room/);
  expect(others.jobs.column).toBe('state');
});

it('a hidden column leaves its room to others, and the message says how to get it back', () => {
  const hidden = after('right', 'right', 'right', '-');
  expect(ids(hidden)).not.toContain('next');
  expect(ids(hidden).length).toBeGreaterThanOrEqual(ids(opened()).length);
  expect(lastNotice(hidden)).toContain('= shows all columns again');
  expect(ids(press(hidden, '=').state)).toEqual(ids(opened()));
  expect(press(hidden, ':', ...'reset columns', 'enter').state.jobs.arrangement).toBe(NOT_ARRANGED);
});

it('the last line names the keys while a column is under the cursor', () => {
  const words = (state: State) => footerParts(state, 80).map(({ key, word }) => `${key} ${word}`);
  expect(words(opened())).not.toContain('- hide');
  expect(words(after('right'))).toEqual(
    expect.arrayContaining(['> width', '} move', '- hide', 'Esc no column']),
  );
  expect(words(after('right'))).not.toContain('= reset');
  expect(words(after('right', '}'))).toContain('= reset');
});

it('the names of the jobs cannot be hidden', () => {
  const state = after('right', 'right', '-');
  expect(ids(state)).toContain('job');
  expect(lastNotice(state)).toBe('The names of the jobs always stay.');
});

it('without a column under the cursor, and on a linear screen, the keys say why nothing happens', () => {
  expect(lastNotice(after('-'))).toContain('← and → choose a column first.');
  expect(lastNotice(press(opened({ linear: true }), 'right').state)).toContain('screen reader');
});

it('s begins with the column under the cursor', () => {
  expect(after('right', 's', 'enter').jobs.table.sort.by).toBe('state');
});

it('with --read-only columns are arranged, too: they are the user’s', () => {
  const { state, effects } = press(opened({ readOnly: true }), 'right', '}');
  expect(ids(state)[0]).toBe('job');
  expect(effects).toEqual([{ kind: 'save_preferences', changed: { jobColumns: state.jobs.arrangement } }]);
});

it('the arrangement is kept in the file, and a reset removes it', async () => {
  const file = preferencePath({ XDG_STATE_HOME: tempFolderInMemory() });
  const { arrangement } = after('right', '}', '>').jobs;
  const save = async (jobColumns: typeof arrangement) => {
    const preferences = new PreferenceFile(file, '/home');
    preferences.save({ jobColumns });
    await preferences.close();
  };
  await save(arrangement);
  expect(new PreferenceFile(file, '/home').read()).toEqual({ jobColumns: arrangement });
  await save(NOT_ARRANGED);
  expect(new PreferenceFile(file, '/home').read()).toEqual({});
});

it('a saved arrangement counts as far as it makes sense', () => {
  expect(toJobColumns('wide')).toBeUndefined();
  expect(
    toJobColumns({ hidden: ['job', 'took', 'luck'], order: 'state', widths: { took: 9, job: -1, luck: 4 } }),
  ).toEqual({ hidden: ['took'], order: [], widths: { took: 9 } });
});

import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { reachableActions } from '../../../src/tui/app/actions.ts';
import { VIEWS } from '../../../src/tui/app/features.ts';
import { reduce } from '../../../src/tui/app/reduce.ts';
import type { DialogKind, DialogOf, State, ViewName } from '../../../src/tui/kernel/model.ts';
import { visibleNotice } from '../../../src/tui/kernel/notices.ts';
import { EMPTY_LINE } from '../../../src/tui/ui/text/edit-line.ts';
import { homeOf, jobRow, pastRun } from '../job-rows.ts';
import { press, someState } from '../some-state.ts';

/** Every character of a keyboard, and keys with names. Ctrl-C always quits. */
const KEYS = [
  ...Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at)),
  ...[
    'space',
    'enter',
    'tab',
    'shift+tab',
    'backspace',
    'delete',
    'insert',
    'f1',
    'f5',
    'ctrl+b',
    'ctrl+r',
    'ctrl+y',
  ],
];

const RUN = { jobId: 'a', runId: 'run-0' };

function inView(name: ViewName): State {
  const views = name === 'jobs' ? [{ name }] : [{ name: 'jobs' }, { name, ...RUN, configName: 'shop' }];
  const state = someState({ views: views as unknown as State['views'] });
  const rows = ['a', 'b', 'c'].map((id) => jobRow(id, { history: [pastRun()], last: pastRun() }));
  return reduce(state, { kind: 'home', data: homeOf(rows), changed: [], activity: [] }).state;
}

/** The keys after which nothing has changed, and nothing was said. */
function silentKeys(state: State): string[] {
  return KEYS.filter((key) => {
    const after = press(state, key);
    const isSaid = visibleNotice(after.state) !== undefined;
    return !isSaid && after.effects.length === 0 && isDeepStrictEqual(after.state, state);
  });
}

const DIALOGS: { readonly [K in DialogKind]: Omit<DialogOf<K>, 'kind'> } = {
  confirm: { title: 'Delete?', lines: ['news'], effects: [], typed: '' },
  palette: { query: EMPTY_LINE, index: 0 },
  help: { query: EMPTY_LINE, index: 0 },
  sort: { index: 0 },
  activity: { index: 0 },
  journal: { index: 0 },
  homes: { listing: undefined, index: 0 },
  scheduler: {},
  compared_run: { index: 0 },
  item_columns: { described: undefined, problem: undefined, index: 0 },
  item_values: { ...RUN, field: 'price', frequency: undefined, problem: undefined, index: 0 } as never,
  form: { panel: { is: 'leave' } },
  new_config: { url: EMPTY_LINE, name: EMPTY_LINE, field: 'url' } as never,
  messages: { jobId: null, answer: undefined, index: 0 },
  attempts: { ...RUN, answer: undefined, top: 0 },
  results: { batch: 1, top: 0 },
  tags: { jobIds: ['a'], line: EMPTY_LINE },
  file_path: { task: 'import', line: EMPTY_LINE },
  import_preview: { path: '~/a.json', revision: '', entries: [], enabled: 0, top: 0 },
};

describe('every key answers', () => {
  it.each(Object.keys(VIEWS) as ViewName[])('in the view %s', (name) => {
    const state = inView(name);
    // At the end of a list, there is nowhere to go.
    const moves = reachableActions(state).flatMap(({ group, keys }) => (group === 'Move' ? keys : []));
    // Without items there is none to open.
    const usual = name === 'items' ? [...moves, 'enter'] : moves;
    expect(silentKeys(state).filter((key) => !usual.includes(key))).toEqual([]);
  });

  it.each(Object.keys(DIALOGS) as DialogKind[])('in the dialog %s', (kind) => {
    const dialog = { kind, ...DIALOGS[kind] } as State['dialog'];
    // In an empty field there is nothing to delete, and at the end of a list nowhere to go.
    const usual = ['tab', 'shift+tab', 'j', 'k', 'G', 'backspace', 'delete'];
    const moves = kind === 'new_config' ? [...usual, 'enter'] : usual;
    const silent = silentKeys({ ...inView('jobs'), dialog }).filter((key) => !moves.includes(key));
    expect(silent).toEqual([]);
  });

  it('says in a dialog where the keys that count are named', () => {
    const dialog = { kind: 'confirm', ...DIALOGS.confirm } as const;
    const { state } = press({ ...inView('jobs'), dialog }, 'X');
    expect(visibleNotice(state)?.text).toBe('No key X here; Esc closes.');
    expect(state.dialog).toEqual(dialog);
  });
});

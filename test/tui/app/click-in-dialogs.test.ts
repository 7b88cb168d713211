import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { reduce } from '../../../src/tui/app/reduce.ts';
import type { Dialog, DialogOf, State, Step } from '../../../src/tui/kernel/model.ts';
import { EMPTY_LINE } from '../../../src/tui/ui/text/edit-line.ts';
import { FormDriver } from '../features/job-form/form-driver.ts';
import { frameOf } from '../frame-of.tsx';
import { homeOf, jobRow, NOW, pastRun } from '../job-rows.ts';
import { run } from '../run-output.ts';
import { press, someState } from '../some-state.ts';

afterEach(cleanup);

const PRESS = {
  kind: 'mouse',
  what: 'press',
  button: 'left',
  shift: false,
  alt: false,
  ctrl: false,
} as const;

function click(state: State, row: number, double?: true): Step {
  return reduce(state, { ...PRESS, column: state.columns / 2, row, ...(double && { double }) });
}

/** A screen with two jobs, and this dialog over a view of the first one. */
function withDialog(dialog: Dialog, fields: Partial<State> = {}): State {
  const rows = ['news', 'shop'].map((id) => jobRow(id, { history: [pastRun()], last: pastRun() }));
  const start = someState({ now: NOW, columns: 120, rows: 35 });
  const { state } = reduce(start, { kind: 'home', data: homeOf(rows), changed: [], activity: [] });
  return { ...state, ...fields, dialog };
}

const HOMES = ['@acme', '@base', '@cargo'].map((label) => ({ label, place: `~/${label}`, folder: label }));
const MESSAGES = ['team', 'boss', 'pager'].map((channel) => ({
  ...{ message_id: channel, channel, event: 'failure', job_id: 'shop', run_id: 'r1', status: 'sent' },
  ...{ created_at: '2026-11-26T09:00:00.000Z', sent_at: '2026-11-26T09:00:02.000Z' },
  ...{ next_attempt_at: null, attempts: 0, error: null },
}));
const ENTRIES = ['edited', 'paused', 'resumed'].map((text, at) => ({
  ...{ what: 'other' as const, at: NOW - at, jobId: 'shop', runId: null, by: null, tone: 'plain' as const },
  text,
}));
const VALUES = {
  rows: 6,
  filled: 6,
  distinct: 3,
  type: 'text',
  values: ['red', 'green', 'blue'].map((text) => ({ text, rows: 2 })),
};

const DIALOGS: [string, Dialog, Partial<State>, string][] = [
  ['the ways to sort', { kind: 'sort', index: 0 }, {}, 'State, the most'],
  ['the homes', { kind: 'homes', listing: { file: '', homes: HOMES, problems: [] }, index: 0 }, {}, '@cargo'],
  [
    'the activity',
    { kind: 'activity', index: 0 },
    { activity: { ...someState().activity, past: ENTRIES as never } },
    'resumed',
  ],
  ['the messages', { kind: 'messages', jobId: null, answer: MESSAGES as never, index: 0 }, {}, 'pager'],
  [
    'the values of a column',
    { kind: 'item_values', jobId: 'news', runId: 'r', field: 'colour', frequency: VALUES, index: 0 } as never,
    {},
    'blue',
  ],
  ['the palette', { kind: 'palette', query: EMPTY_LINE, index: 0 }, {}, 'Filter the jobs'],
];

describe('a click in a dialog', () => {
  it.each(DIALOGS)('selects a row of %s, and a double click takes it', (_, dialog, fields, text) => {
    const state = withDialog(dialog, fields);
    const row = frameOf(state).findIndex((line) => line.includes(text));
    const { state: selected } = click(state, row);
    const { index } = selected.dialog as DialogOf<'sort'>;
    expect(index).toBeGreaterThan(0);
    // The keys lead to the same row.
    const byKeys = press(state, ...Array<string>(index).fill('down')).state;
    expect(selected.dialog).toEqual(byKeys.dialog);
    expect(click(selected, row, true)).toEqual(press(selected, 'enter'));
    expect(click(selected, row, true).state.dialog).toBeUndefined();
  });

  it('selects a run to compare with', () => {
    const runs = ['r3', 'r2', 'r1'].map((id) => run(id, { items: 3 }));
    const state = withDialog({ kind: 'compared_run', index: 0 });
    const shown = {
      ...state,
      items: { ...state.items, jobId: 'news', runId: 'r3' },
      runs: { ...state.runs, jobId: 'news', runs },
    };
    const row = frameOf(shown).findIndex((line) => line.includes('│') && line.includes('r1'));
    expect(click(shown, row).state.dialog).toEqual({ kind: 'compared_run', index: 1 });
  });

  it('selects a choice of a field, and takes it', async () => {
    const driver = await FormDriver.open(1, undefined, { columns: 120, rows: 35 });
    const { state } = driver.press('e', 'ctrl+o');
    const row = frameOf(state).findIndex((line) => line.includes('every day at 06:00'));
    const selected = click(state, row).state;
    expect(frameOf(click(selected, row, true).state).join('\n')).toContain('every day at 06:00');
    expect(click(selected, row, true).state.dialog).toBeUndefined();
  });

  it('takes what the first press has selected, also where the list has scrolled meanwhile', () => {
    const homes = Array.from({ length: 60 }, (_, at) => ({ label: `@h${at}`, place: '', folder: `h${at}` }));
    const state = withDialog({ kind: 'homes', listing: { file: '', homes, problems: [] }, index: 0 });
    const row = frameOf(state).findLastIndex((line) => line.includes('@h'));
    const selected = click(state, row).state;
    const home = homes[(selected.dialog as DialogOf<'homes'>).index];
    expect(frameOf(selected)[row]).not.toContain(`${home?.label} `);
    expect(click(selected, row, true).effects).toEqual([{ kind: 'open_home', home }]);
  });

  it('does nothing beside the rows, and in what a screen reader reads', () => {
    const state = withDialog({ kind: 'sort', index: 0 });
    const title = frameOf(state).findIndex((line) => line.includes('Sort by'));
    expect(click(state, title).state).toBe(state);
    expect(reduce(state, { ...PRESS, column: 0, row: title + 2 }).state).toBe(state);
    const linear = { ...state, linear: true };
    expect(click(linear, title + 2).state).toBe(linear);
  });
});

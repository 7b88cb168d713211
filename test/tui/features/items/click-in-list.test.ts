import { cleanup } from 'ink-testing-library';
import { afterEach, expect, it } from 'vitest';
import type { ColumnDescription } from '../../../../src/core/items/describe-columns.ts';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import type { ItemsEvent } from '../../../../src/tui/features/items/model.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import type { MouseInput } from '../../../../src/tui/ui/input.ts';
import { frameOf } from '../../frame-of.tsx';
import { itemPage } from '../../item-page.ts';
import { press, someState } from '../../some-state.ts';

afterEach(cleanup);

const FIELDS = Array.from({ length: 60 }, (_, n) => `field${n}`);
const COUNTED = { type: 'text', filled: 9, distinct: 9, isCut: false } as const;

function after(state: State, ...events: ItemsEvent[]): State {
  return events.reduce((next, event) => reduce(next, { kind: 'items', runId: 'r', event }).state, state);
}

/** The items of a run with many columns. */
function opened(): State {
  const views: State['views'] = [{ name: 'jobs' }, { name: 'items', jobId: 'j', runId: 'r' }];
  const state = someState({ views, columns: 120, rows: 35 });
  const shown = { ...state, items: { ...state.items, jobId: 'j', runId: 'r' } };
  const item = Object.fromEntries(FIELDS.map((field) => [field, 'a']));
  return after(shown, { kind: 'page', page: itemPage([item]) });
}

function columnsOpen(further = 0): State {
  const columns = FIELDS.map((field): ColumnDescription => ({ field, ...COUNTED }));
  return after(press(opened(), 'I').state, {
    kind: 'described',
    described: { rows: 9, columns, ...(further > 0 && { further }) },
  });
}

function valuesOpen(): State {
  const values = Array.from({ length: 40 }, (_, n) => ({ text: `value${n}`, rows: 1 }));
  const frequency = { field: 'field0', ...COUNTED, rows: 40, filled: 40, values };
  return after(press(opened(), 'F').state, { kind: 'values', field: 'field0', frequency });
}

/** A press on a text of the screen. */
function click(state: State, text: string, double = false): State {
  const lines = frameOf(state);
  const row = lines.findIndex((line) => line.includes(text));
  const input: MouseInput = {
    ...{ kind: 'mouse', what: 'press', button: 'left', row, column: lines[row]?.indexOf(text) ?? -1 },
    ...{ shift: false, alt: false, ctrl: false },
    ...(double && { double: true }),
  };
  return reduce(state, input).state;
}

it('a click on a column of the description selects it, a double click goes to it', () => {
  const once = click(columnsOpen(), 'field7 ');
  expect(once.dialog).toMatchObject({ kind: 'item_columns', index: 7 });
  const twice = click(once, 'field7 ', true);
  expect(twice.dialog).toBeUndefined();
  expect(twice.items.slice.table.field).toBe('field7');
});

it('a double click at the edge of a list chooses the row of its first press, though that scrolled', () => {
  const lowest = frameOf(columnsOpen())
    .flatMap((line) => /field\d+ /.exec(line)?.[0] ?? [])
    .at(-1);
  const once = click(columnsOpen(), lowest ?? '');
  const index = Number(lowest?.replace('field', ''));
  expect(once.dialog).toMatchObject({ index });
  const places = frameOf(columnsOpen()).findIndex((line) => line.includes(lowest ?? ''));
  const other = /field\d+ /.exec(frameOf(once)[places] ?? '')?.[0] ?? '';
  expect(other).not.toBe(lowest);
  expect(click(once, other, true).items.slice.table.field).toBe(`field${index}`);
});

it('a click on a value selects it, a double click shows only its items', () => {
  const once = click(valuesOpen(), 'value5 ');
  expect(once.dialog).toMatchObject({ kind: 'item_values', index: 5 });
  const twice = click(once, 'value5 ', true);
  expect(twice.dialog).toBeUndefined();
  expect(twice.items.slice.table.filter.text).toBe('field0=value5');
});

it('a click beside the rows changes nothing', () => {
  for (const state of [columnsOpen(), valuesOpen()]) {
    expect(click(state, 'items').dialog).toEqual(state.dialog);
    expect(click(state, '└').dialog).toEqual(state.dialog);
  }
});

it('all described columns can be reached, and further ones are counted', () => {
  const lines = frameOf(press(columnsOpen(), 'G').state).join('\n');
  expect(lines).toContain('field59');
  expect(lines).not.toContain('more columns;');
  expect(frameOf(columnsOpen(200)).join('\n')).toContain(
    'of 9 items · and 200 more columns; F on a column shows it',
  );
});

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runFiles } from '../../../../src/core/runs/run-files.ts';
import type { Workspace } from '../../../../src/core/workspace.ts';
import { describePosition } from '../../../../src/tui/features/items/describe-position.ts';
import {
  inputToPrompt,
  openPrompt,
  promptKeys,
  promptLines,
  promptProblem,
} from '../../../../src/tui/features/items/item-prompt.ts';
import {
  EMPTY_ITEMS,
  type ItemsEvent,
  type ItemsSlice,
  type TableChange,
} from '../../../../src/tui/features/items/model.ts';
import { reduceItems } from '../../../../src/tui/features/items/reducer.ts';
import {
  toWriteRequest,
  writeLabel,
  writeShownItems,
} from '../../../../src/tui/features/items/write-items.ts';
import type { Event } from '../../../../src/tui/kernel/model.ts';
import type { EffectContext } from '../../../../src/tui/runtime/effect-context.ts';
import { keyInput } from '../../../../src/tui/ui/input.ts';
import { addRun } from '../../../core/operations/add-run.ts';
import { it } from '../../../extend.ts';
import { itemPage } from '../../item-page.ts';

const BOOKS = [
  { title: 'Lantern', price: 20, stock: 'In stock' },
  { title: 'Attic', price: 3.5, stock: 'In stock' },
  { title: '=1+1', price: 7, stock: null },
];
const VIEW = { columns: 60, rows: 10 };

function after(...events: ItemsEvent[]): ItemsSlice {
  const page: ItemsEvent = { kind: 'page', page: itemPage(BOOKS) };
  return [page, ...events].reduce((slice, event) => reduceItems(slice, VIEW, event).slice, EMPTY_ITEMS);
}
const change = (made: TableChange): ItemsEvent => ({ kind: 'table', change: made });
const request = (...events: ItemsEvent[]) => toWriteRequest(after(...events), 'books.csv', false);

it('what is written is what is shown: the filter, the order and the columns as arranged', () => {
  expect(request()).toEqual({
    to: 'books.csv',
    force: false,
    selection: { terms: [] },
    fields: ['title', 'price', 'stock'],
  });
  const shown = request(
    change({ kind: 'filter', text: 'price>5' }),
    { kind: 'column', by: 1 },
    change({ kind: 'sort' }),
    change({ kind: 'move', by: -1 }),
    { kind: 'column', by: 1 },
    change({ kind: 'hide' }),
  );
  expect(shown).toMatchObject({
    selection: {
      terms: [{ kind: 'compare', field: 'price', value: '5' }],
      order: [{ field: 'price', descending: false }],
      fields: ['price', 'stock'],
    },
    fields: ['price', 'stock'],
  });
});

it('what stands in place of a damaged line is no column of the file', () => {
  const read = after({ kind: 'page', page: itemPage([...BOOKS, { '…': 'a line that is no item' }]) });
  const hidden = reduceItems(read, VIEW, change({ kind: 'hide' })).slice;
  expect(toWriteRequest(hidden, 'books.csv', false).fields).toEqual(['price', 'stock']);
});

it('marked items are written alone, whatever the filter shows', () => {
  const slice = after(change({ kind: 'mark' }), { kind: 'row', by: 2 }, change({ kind: 'mark' }));
  expect(toWriteRequest(slice, 'a.csv', false).selection).toEqual({ terms: [], rows: [0, 2] });
  expect(writeLabel(slice)).toBe('Write 2 marked items to: ');
  expect(writeLabel(after())).toBe('Write 3 items to: ');
});

it('the prompt says that only marked items are written, and how all are', () => {
  const lines = (slice: ItemsSlice) => promptLines(openPrompt('write', slice.table, 'a.csv'), slice, 80);
  const marked = after(change({ kind: 'mark' }));
  expect(lines(marked).join(' ')).toMatch(
    /^Only the marked 1 of 3 items\. Esc twice removes the marks: then x writes all that are shown\. The ending/,
  );
  // The first Esc closes the prompt, the next two show all and take the marks.
  const only = after(change({ kind: 'mark' }), change({ kind: 'only_marked' }));
  expect(lines(only).join(' ')).toContain('Esc three times removes the marks');
  expect(lines(after()).join(' ')).toMatch(/^The ending chooses the format/);
});

it('a field that no item in memory has is written, too, unless its column was hidden', () => {
  const figures = ['title', 'price', 'stock', 'late'].map((field) => ({
    ...{ field, filled: 1, numbers: 0, sum: 0, min: 0, max: 0, median: undefined, unit: ['', ''] as const },
  }));
  const counted: ItemsEvent = { kind: 'figures', asks: 0, figures, fields: undefined };
  expect(request(counted, change({ kind: 'hide' })).fields).toEqual(['price', 'stock', 'late']);
});

it('the prompt says which endings there are, and Enter waits for one of them', () => {
  const prompt = openPrompt('write', EMPTY_ITEMS.table, 'books.txt');
  expect(promptProblem(prompt, EMPTY_ITEMS)).toBe('End it in .csv, .json, .jsonl, .xlsx or .sqlite');
  expect(inputToPrompt({ ...after(), prompt }, keyInput('enter'))).toEqual([]);
  expect(promptKeys(prompt, EMPTY_ITEMS)[0]).toMatchObject({ word: 'refused: see above', isRefused: true });
  const empty = openPrompt('write', EMPTY_ITEMS.table);
  expect(promptKeys(empty, EMPTY_ITEMS)[0]).toEqual({ key: 'Enter', word: 'write', isRefused: true });
  const good = openPrompt('write', EMPTY_ITEMS.table, 'books.json.gz');
  expect(promptProblem(good, EMPTY_ITEMS)).toBe('');
  expect(inputToPrompt({ ...after(), prompt: good }, keyInput('enter'))).toEqual([
    { kind: 'prompt', prompt: undefined },
    { kind: 'write', to: 'books.json.gz', force: false },
  ]);
  expect(inputToPrompt({ ...after(), prompt: good }, keyInput('escape'))).toEqual([
    { kind: 'prompt', prompt: undefined },
  ]);
});

it('a file that exists is replaced by Enter once more, and by no other name', () => {
  const slice = after({ kind: 'exists', to: 'books.csv' });
  const { prompt } = slice;
  if (prompt === undefined) throw new Error('no prompt');
  expect(promptProblem(prompt, slice)).toBe('It exists: Enter replaces it.');
  expect(promptKeys(prompt, slice)[0]).toEqual({ key: 'Enter', word: 'replace it' });
  expect(inputToPrompt(slice, keyInput('enter'))).toContainEqual({
    kind: 'write',
    to: 'books.csv',
    force: true,
  });
  const other = { ...prompt, line: openPrompt('write', slice.table, 'other.csv').line };
  expect(inputToPrompt({ ...slice, prompt: other }, keyInput('enter'))).toContainEqual({
    kind: 'write',
    to: 'other.csv',
    force: false,
  });
});

it('the first line says how far it is', () => {
  const position = (share: number) =>
    describePosition({
      jobId: 'mine',
      runId: 'abc',
      slice: after({ kind: 'writing', writing: { to: 'books.csv', share } }),
    });
  expect(position(0.456)).toBe('1 of 3 items · writing books.csv… 45 %');
  expect(position(1)).toBe('1 of 3 items · writing books.csv…');
});

/** Writes and returns what the dashboard is told until the end. */
function written(
  workspace: Workspace,
  to: string,
  { readOnly = false, ...given }: { readOnly?: boolean; force?: boolean; slice?: ItemsSlice },
): Promise<Event[]> {
  const told: Event[] = [];
  const { slice = after(), force = false } = given;
  return new Promise((resolve) => {
    const send = (event: Event) => {
      told.push(event);
      const isEnd = event.kind === 'said' || (event.kind === 'items' && event.event.kind === 'exists');
      if (isEnd) resolve(told);
    };
    const context = { workspace, readOnly, send } as unknown as EffectContext;
    const wanted = toWriteRequest(slice, to, force);
    writeShownItems({ kind: 'write_items', jobId: 'mine', runId: 'abc', ...wanted }, context);
  });
}

it('writes the file and says how many items went where', async ({ workspace, folder }) => {
  addRun({ workspace }, 'abc', { items: BOOKS });
  const file = join(folder, 'books.csv');
  const slice = after(change({ kind: 'sort' }), { kind: 'column', by: 2 }, change({ kind: 'hide' }));
  const told = await written(workspace, file, { slice, readOnly: true });
  expect(told.at(-1)).toEqual({ kind: 'said', tone: 'good', text: `Wrote 3 items (41 B) to ${file}` });
  expect(told[0]).toMatchObject({ event: { kind: 'writing', writing: { to: file } } });
  expect(readFileSync(file, 'utf8')).toBe("title,price\n'=1+1,7\nAttic,3.5\nLantern,20\n");

  const again = await written(workspace, file, {});
  expect(again.at(-1)).toMatchObject({ event: { kind: 'exists', to: file } });
  const forced = await written(workspace, file, { force: true, slice: after(change({ kind: 'mark' })) });
  expect(forced.at(-1)).toMatchObject({ tone: 'good', text: `Wrote 1 item (38 B) to ${file}` });
  expect(readFileSync(file, 'utf8')).toBe('title,price,stock\nLantern,20,In stock\n');
  expect(readdirSync(folder)).toEqual(['books.csv']);
});

it('writes the items of a damaged file, and says which lines are left out', async ({ workspace, folder }) => {
  addRun({ workspace }, 'abc', { items: BOOKS });
  const { items } = runFiles(workspace.paths, 'mine', 'abc');
  writeFileSync(items, `{"title":\n${readFileSync(items, 'utf8')}\n`);
  const file = join(folder, 'books.csv');
  const told = await written(workspace, file, {});
  expect(told.at(-1)).toEqual({
    kind: 'said',
    tone: 'warning',
    text: expect.stringMatching(
      /^Wrote 3 items; 2 damaged lines \(1, 5\) are left out: \d+ B in .*books\.csv$/,
    ),
  });
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(5);
});

it('says why nothing was written', async ({ workspace, folder }) => {
  addRun({ workspace }, 'abc', { items: BOOKS });
  const { output } = workspace.paths;
  const inside = await written(workspace, join(output, 'a.csv'), { readOnly: true });
  expect(inside.at(-1)).toMatchObject({
    tone: 'bad',
    text: expect.stringContaining('is in the home, which is opened with --read-only'),
  });
  writeFileSync(join(folder, 'plain'), '');
  const below = await written(workspace, join(folder, 'plain', 'a.csv'), {});
  expect(below.at(-1)).toMatchObject({
    tone: 'bad',
    text: expect.stringContaining('is a file, not a folder'),
  });
});

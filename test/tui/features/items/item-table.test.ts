import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NO_ITEM_FILTER } from '../../../../src/core/items/parse-item-filter.ts';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import { describePosition } from '../../../../src/tui/features/items/describe-position.ts';
import {
  inputToPrompt,
  openPrompt,
  promptHelp,
  promptProblem,
} from '../../../../src/tui/features/items/item-prompt.ts';
import { ItemReader, Replaced } from '../../../../src/tui/features/items/item-reader.ts';
import { cursorField, itemAt, toRowQuery } from '../../../../src/tui/features/items/item-table.ts';
import { filterBySelected, filterByValue } from '../../../../src/tui/features/items/item-values.ts';
import {
  EMPTY_ITEMS,
  type Item,
  type ItemsEvent,
  type ItemsSlice,
  type ItemsView,
  type TableChange,
} from '../../../../src/tui/features/items/model.ts';
import { itemColumns, reduceItems } from '../../../../src/tui/features/items/reducer.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { keyInput } from '../../../../src/tui/ui/input.ts';
import { tempFolderInMemory } from '../../../temp-folder.ts';
import { itemPage } from '../../item-page.ts';
import { someState } from '../../some-state.ts';

const BOOKS = [
  { title: 'Lantern', price: '£20.00', stock: 'In stock' },
  { title: 'Attic', price: '£3.50', stock: 'In stock' },
  { title: 'Zoo', price: null, stock: 'Sold out' },
  { title: 'attic, the second', price: '£103.00', stock: null },
];
const VIEW: ItemsView = { columns: 60, rows: 10 };

/** The table of a run, whose requests are answered by a real reader. */
class Table {
  slice: ItemsSlice = EMPTY_ITEMS;
  readonly #reader: ItemReader;

  constructor(items: readonly Item[]) {
    const file = join(tempFolderInMemory(), 'items.jsonl');
    writeFileSync(file, items.map((item) => `${JSON.stringify(item)}\n`).join(''));
    this.#reader = new ItemReader(file);
  }

  async open(): Promise<this> {
    return this.send({ kind: 'page', page: await this.#firstPage() });
  }

  /** The figures of all items are still being counted. */
  async openPage(): Promise<void> {
    const event: ItemsEvent = { kind: 'page', page: await this.#firstPage() };
    this.slice = reduceItems(this.slice, VIEW, event).slice;
  }

  #firstPage() {
    return this.#reader.read({ first: 0, count: 500, query: { terms: [] }, asks: 0 });
  }

  async send(...events: ItemsEvent[]): Promise<this> {
    for (const event of events) {
      const { slice, requests } = reduceItems(this.slice, VIEW, event);
      this.slice = slice;
      for (const request of requests) {
        if (request.kind === 'page')
          await this.send({ kind: 'page', page: await this.#reader.read(request) });
        if (request.kind === 'count') {
          const counted = await this.#reader.countColumns(request);
          await this.send({ kind: 'figures', asks: request.asks, ...counted });
        }
        if (request.kind === 'find') {
          const hit = await this.#reader.find(request);
          const result = hit === null ? 'not found' : `${hit.at} of ${hit.of}`;
          await this.send({ kind: 'found', text: request.text, row: hit?.row, result });
        }
      }
    }
    return this;
  }

  async markAll(): Promise<void> {
    const numbers = await this.#reader.numbersOf(toRowQuery(this.slice));
    await this.change({ kind: 'mark_numbers', numbers });
  }

  change(...changes: TableChange[]): Promise<this> {
    return this.send(...changes.map((change): ItemsEvent => ({ kind: 'table', change })));
  }

  column(by: number): Promise<this> {
    return this.send({ kind: 'column', by });
  }

  titles(): unknown[] {
    return Array.from({ length: this.slice.total ?? 0 }, (_, row) => itemAt(this.slice, row)?.['title']);
  }

  fields(): string[] {
    return itemColumns(this.slice, VIEW).map(({ field }) => field);
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}

it('filters in the language of the jobs, sorts by the column, and counts what is shown', async () => {
  const table = await new Table(BOOKS).open();
  expect(table.slice.table.figures?.get('price')).toMatchObject({ filled: 3, sum: 126.5 });
  await table.change({ kind: 'filter', text: 'attic' });
  expect(table.titles()).toEqual(['Attic', 'attic, the second']);
  expect([table.slice.total, table.slice.all]).toEqual([2, 4]);
  expect(table.slice.table.figures?.get('price')).toMatchObject({ filled: 2, sum: 106.5 });
  await table.column(1);
  expect(cursorField(table.slice)).toBe('price');
  await table.change({ kind: 'filter', text: '' }, { kind: 'sort' });
  expect(table.titles()).toEqual(['Attic', 'Lantern', 'attic, the second', 'Zoo']);
  await table.change({ kind: 'sort' });
  expect(table.titles()).toEqual(['attic, the second', 'Lantern', 'Attic', 'Zoo']);
  await table.change({ kind: 'sort' });
  expect(table.titles()).toEqual(BOOKS.map(({ title }) => title));
  await table.close();
});

it('columns are widened, moved and hidden, and come back as they were', async () => {
  const table = await new Table(BOOKS).open();
  await table.column(1);
  await table.change({ kind: 'move', by: -1 });
  expect(table.fields()).toEqual(['price', 'title', 'stock']);
  const before = table.slice.arranged[0]?.cells ?? 0;
  await table.change({ kind: 'width', by: 4 });
  expect(table.slice.arranged[0]?.cells).toBe(before + 4);
  await table.change({ kind: 'hide' });
  expect(table.fields()).toEqual(['title', 'stock']);
  expect(cursorField(table.slice)).toBe('title');
  await table.change({ kind: 'hide' }, { kind: 'hide' });
  // One column stays, or there would be nothing to see.
  expect(table.fields()).toHaveLength(1);
  await table.change({ kind: 'restore' });
  expect(table.fields()).toEqual(['title', 'price', 'stock']);
  await table.close();
});

it('marks stay with their items when others are shown or the order changes', async () => {
  const table = await new Table(BOOKS).open();
  await table.send({ kind: 'row', by: 1 });
  await table.change({ kind: 'mark' }, { kind: 'filter', text: 'second' }, { kind: 'mark' });
  expect([...table.slice.table.marked]).toEqual([1, 3]);
  await table.change({ kind: 'filter', text: '' }, { kind: 'mark_screen' });
  expect(table.slice.table.marked.size).toBe(4);
  await table.change({ kind: 'mark_screen' });
  expect(table.slice.table.marked.size).toBe(0);
  await table.close();
});

it('all items that a filter shows are marked at once, and unmarked', async () => {
  const table = await new Table(BOOKS).open();
  await table.change({ kind: 'filter', text: 'attic' });
  await table.markAll();
  await table.change({ kind: 'filter', text: '' });
  expect([...table.slice.table.marked]).toEqual([1, 3]);
  await table.change({ kind: 'filter', text: 'attic' });
  await table.markAll();
  expect(table.slice.table.marked.size).toBe(0);
  await table.close();
});

it('only the marked items are shown, filtered and counted, and all again', async () => {
  const table = await new Table(BOOKS).open();
  await table.change({ kind: 'mark' });
  await table.send({ kind: 'row', by: 3 });
  await table.change({ kind: 'mark' }, { kind: 'only_marked' });
  expect(table.titles()).toEqual(['Lantern', 'attic, the second']);
  expect(table.slice.table.figures?.get('price')).toMatchObject({ filled: 2, sum: 123 });
  await table.change({ kind: 'filter', text: 'attic' });
  expect(table.titles()).toEqual(['attic, the second']);
  await table.change({ kind: 'filter', text: '' }, { kind: 'only_marked' });
  expect(table.titles()).toHaveLength(4);
  await table.close();
});

it('the value under the cursor becomes a condition, also no value', async () => {
  const table = await new Table(BOOKS).open();
  await table.column(2);
  const filtered = async () => {
    const event = filterBySelected(table.slice);
    if (event !== undefined) await table.send(event);
    return table.slice.table.filter.text;
  };
  expect(await filtered()).toBe('stock="In stock"');
  expect(table.titles()).toEqual(['Lantern', 'Attic']);
  await table.change({ kind: 'filter', text: '' });
  await table.send({ kind: 'row', by: 3 });
  expect(await filtered()).toBe('stock:none');
  expect(table.titles()).toEqual(['attic, the second']);
  await table.close();
});

it('a search goes to the next item with the text in the order that is shown, around the end', async () => {
  const table = await new Table(BOOKS).open();
  await table.send({ kind: 'find', by: 1, text: 'attic' });
  expect([table.slice.row, table.slice.table.find?.result]).toEqual([1, '1 of 2']);
  await table.send({ kind: 'find', by: 1 });
  expect([table.slice.row, table.slice.table.find?.result]).toEqual([3, '2 of 2']);
  await table.send({ kind: 'find', by: 1 });
  expect(table.slice.row).toBe(1);
  await table.send({ kind: 'find', by: -1 });
  expect(table.slice.row).toBe(3);
  await table.send({ kind: 'find', by: 1, text: 'nowhere' });
  expect([table.slice.row, table.slice.table.find?.result]).toEqual([3, 'not found']);
  await table.close();
});

it('a filter applies while it is typed; with very many items only when it was typed; Esc takes it back', async () => {
  const table = await new Table(BOOKS).open();
  const key = (text: string) => ({ kind: 'key', key: text, text }) as const;
  const named = (name: string) => ({ kind: 'key', key: name, text: '' }) as const;
  const { filter } = table.slice.table;
  await table.send({
    kind: 'prompt',
    prompt: { what: 'filter', line: { text: '', cursor: 0 }, before: filter },
  });
  await table.send(...(inputToPrompt(table.slice, key('z')) ?? []));
  expect(table.titles()).toEqual(['Zoo']);
  await table.send(...(inputToPrompt(table.slice, named('escape')) ?? []));
  expect([table.titles().length, table.slice.prompt]).toEqual([4, undefined]);
  const many = {
    ...table.slice,
    all: 1_000_000,
    prompt: { what: 'filter', line: { text: '', cursor: 0 }, before: filter },
  } as const;
  expect(inputToPrompt(many, key('z'))).toHaveLength(1);
  expect(inputToPrompt(many, named('enter'))).toContainEqual({
    kind: 'table',
    change: { kind: 'filter', text: '' },
  });
  await table.close();
});

it('a filter with a mistake is not taken over: Enter leaves it open, and Esc brings the one before back', async () => {
  const table = await new Table(BOOKS).open();
  await table.change({ kind: 'filter', text: 'attic' });
  const typed = (text: string) => ({
    kind: 'prompt' as const,
    prompt: openPrompt('filter', { ...table.slice.table, filter: { ...table.slice.table.filter, text } }),
  });
  const before = table.slice.table.filter;
  for (const text of ['prise>50', 'price>>50', 'attic price>']) {
    const { prompt } = typed(text);
    await table.send({ kind: 'prompt', prompt: { ...prompt, before } });
    const many = { ...table.slice, all: 1_000_000 };
    for (const slice of [table.slice, many]) expect(inputToPrompt(slice, keyInput('enter'))).toEqual([]);
  }
  await table.send(...(inputToPrompt(table.slice, keyInput('escape')) ?? []));
  expect([table.slice.prompt, table.slice.table.filter.text, table.titles().length]).toEqual([
    undefined,
    'attic',
    2,
  ]);
  // While no field is known, none is wrong.
  const unread = { ...EMPTY_ITEMS, prompt: typed('price>1').prompt };
  expect(inputToPrompt(unread, keyInput('enter'))).not.toEqual([]);
  await table.close();
});

it('a text that is compared with numbers matches nothing, and the first line says why', async () => {
  const table = await new Table(BOOKS).open();
  await table.change({ kind: 'filter', text: 'price>cheap' });
  const said = () => describePosition({ jobId: 'j', runId: 'r', slice: table.slice });
  expect(said()).toMatch(
    /^None of 4 items matches · price>cheap · cheap is no number, as those of price are /,
  );
  await table.change({ kind: 'filter', text: 'prise>1' });
  expect(said()).toContain(
    'a part of the filter does not apply: there is no field prise. Did you mean price?',
  );
  await table.close();
});

it('a page that answers an earlier question is late, and is not shown', async () => {
  const table = await new Table(BOOKS).open();
  const old = { first: 0, items: [{ title: 'old' }], numbers: [0], total: 1, all: 1, asks: 0 };
  await table.change({ kind: 'filter', text: 'zoo' });
  await table.send({ kind: 'page', page: old });
  expect(table.titles()).toEqual(['Zoo']);
  await table.close();
});

it('a query that was replaced by another one is given up', async () => {
  const file = join(tempFolderInMemory(), 'items.jsonl');
  writeFileSync(file, '{"n":1}\n'.repeat(200_000));
  const reader = new ItemReader(file);
  const page = { first: 0, count: 5, asks: 0 };
  const filtered = reader.read({ ...page, query: { terms: [{ kind: 'text', negated: false, text: '2' }] } });
  const all = reader.read({ ...page, query: { terms: [] } });
  await expect(filtered).rejects.toBeInstanceOf(Replaced);
  expect((await all).total).toBe(200_000);
  await reader.close();
});

it.each([
  ['', 'stock', { value: 'In stock', negated: false }, 'stock="In stock"'],
  ['price>3 ', 'stock', { value: 'x', negated: true }, 'price>3 !stock=x'],
  ['', 'stock', { value: undefined, negated: false }, 'stock:none'],
  ['', 'stock', { value: 'a "b"', negated: false }, 'stock="a \\"b\\""'],
])('a value of a column joins the filter %j', (filter, field, value, joined) => {
  expect(filterByValue(filter, field, value)).toBe(joined);
});

it('a click selects an item, a double click shows it whole, and a click below the items does nothing', () => {
  const views: State['views'] = [{ name: 'jobs' }, { name: 'items', jobId: 'j', runId: 'r' }];
  const before = someState({ views });
  const opened = { ...before, items: { ...before.items, jobId: 'j', runId: 'r' } };
  const page: ItemsEvent = { kind: 'page', page: itemPage(BOOKS) };
  const { state } = reduce(opened, { kind: 'items', runId: 'r', event: page });
  const click = (row: number, double?: true) => {
    const at = { column: 8, row, shift: false, alt: false, ctrl: false } as const;
    const press = { kind: 'mouse', what: 'press', button: 'left', ...at, ...(double && { double }) } as const;
    const { row: selected, open } = reduce(state, press).state.items.slice;
    return [selected, open];
  };
  // The header, the position and the titles are above the items.
  expect(click(4)).toEqual([1, false]);
  expect(click(4, true)).toEqual([1, true]);
  expect(click(20)).toEqual([0, false]);
});

describe('a field that only the last of 50,000 items has', () => {
  const items: Item[] = Array.from({ length: 50_000 }, (_, id) => ({ id, title: `Book ${id}` }));
  items[49_999] = { id: 49_999, title: 'Last', newfield: 4 };

  it('is a column once all items were read, and can be filtered and sorted by', async () => {
    const table = await new Table(items).open();
    expect(table.fields()).toEqual(['id', 'title', 'newfield']);
    await table.change({ kind: 'filter', text: 'newf>3' });
    expect([table.titles(), table.slice.table.filter.problems]).toEqual([['Last'], []]);
    await table.change({ kind: 'filter', text: '' });
    await table.column(2);
    await table.change({ kind: 'sort' });
    expect(itemAt(table.slice, 0)?.['title']).toBe('Last');
    await table.close();
  });

  it('is no unknown one in a filter while they are read, and a wrong name is one afterwards', async () => {
    const table = new Table(items);
    await table.openPage();
    const typed = (text: string) =>
      openPrompt('filter', { ...table.slice.table, filter: { ...NO_ITEM_FILTER, text } });
    expect(promptProblem(typed('newfield>3'), table.slice)).toBe('');
    expect(promptHelp(typed('newfield>3'), table.slice)).toBe(
      'No item has newfield so far; the others are still being read.',
    );
    // The filter replaces the count, which then is about all fields as well.
    await table.change({ kind: 'filter', text: 'newfield>3' });
    expect(table.titles()).toEqual(['Last']);
    expect(table.slice.table.filter.assumed).toEqual([]);
    expect(promptProblem(typed('newfeld>3'), table.slice)).toBe(
      'there is no field newfeld. Did you mean newfield?',
    );
    await table.close();
  });

  it('of a name that no item has, the filter says so when all were read', async () => {
    const table = new Table(items);
    await table.openPage();
    await table.change({ kind: 'filter', text: 'newfeld>3' });
    expect(describePosition({ jobId: 'j', runId: 'r', slice: table.slice })).toBe(
      '1 of 50,000 items · a part of the filter does not apply: there is no field newfeld. Did you mean newfield?',
    );
    await table.close();
  });

  it('figures that were being counted are counted again after a sort that came first', async () => {
    const table = new Table(items);
    await table.openPage();
    await table.change({ kind: 'sort' });
    expect(table.slice.table.figures?.get('id')).toMatchObject({ filled: 50_000 });
    await table.close();
  });
});

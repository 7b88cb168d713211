import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { joinRuns } from '../../../../src/core/operations/join-runs.ts';
import type { Workspace } from '../../../../src/core/workspace.ts';
import { columnLines, describePosition } from '../../../../src/tui/features/items/describe-position.ts';
import { visibleColumnsFrom } from '../../../../src/tui/features/items/item-columns.ts';
import { ItemReader } from '../../../../src/tui/features/items/item-reader.ts';
import { cursorField, itemAt } from '../../../../src/tui/features/items/item-table.ts';
import {
  EMPTY_ITEMS,
  type Item,
  type ItemsEvent,
  type ItemsRequest,
  type ItemsSlice,
  type TableChange,
} from '../../../../src/tui/features/items/model.ts';
import { dispatchToItems, reduceItems } from '../../../../src/tui/features/items/reducer.ts';
import { tableActions } from '../../../../src/tui/features/items/table-actions.ts';
import { toWriteRequest, writeShownItems } from '../../../../src/tui/features/items/write-items.ts';
import type { Event } from '../../../../src/tui/kernel/model.ts';
import type { EffectContext } from '../../../../src/tui/runtime/effect-context.ts';
import { addRun } from '../../../core/operations/add-run.ts';
import { it } from '../../../extend.ts';
import { tempFolderInMemory } from '../../../temp-folder.ts';
import { someState } from '../../some-state.ts';

const VIEW = { columns: 100, rows: 10 };
const BEFORE = [
  { url: '/a', title: 'Attic', price: 100 },
  { url: '/b', title: 'Barn', price: 50 },
  { url: '/c', title: 'Cave', price: 10 },
  { url: '/same', title: 'Same', price: 1 },
];
const AFTER = [
  { url: '/a', title: 'Attic', price: 90 },
  { url: '/b', title: 'Barn', price: 75 },
  { url: '/same', title: 'Same', price: 1 },
  { url: '/new', title: 'New', price: 5 },
];

/** Two runs side by side, whose requests are answered by real files. */
class Joined {
  slice: ItemsSlice = EMPTY_ITEMS;
  readonly asked: ItemsRequest[] = [];
  readonly #workspace: Workspace;
  #reader: ItemReader | undefined;

  /** @param between so many runs between the two have no items any more */
  constructor(
    workspace: Workspace,
    after: readonly Item[] = AFTER,
    between = 0,
    before: readonly Item[] = BEFORE,
  ) {
    this.#workspace = workspace;
    addRun({ workspace }, 'before', { items: [...before] });
    for (let n = 1; n <= between; n += 1) addRun({ workspace }, `gone-${n}`, { items: null });
    addRun({ workspace }, 'after', { items: [...after] });
  }

  async send(...events: ItemsEvent[]): Promise<this> {
    for (const event of events) {
      const { slice, requests } = reduceItems(this.slice, VIEW, event);
      this.slice = slice;
      for (const request of requests) await this.#answer(request);
    }
    return this;
  }

  async #answer(request: ItemsRequest): Promise<void> {
    this.asked.push(request);
    if (request.kind === 'join') {
      const file = join(tempFolderInMemory(), 'joined.jsonl');
      const joined = await joinRuns(this.#workspace, file, { runId: 'after' });
      this.#reader = new ItemReader(file);
      await this.send({ kind: 'joined', joined });
    }
    if (this.#reader === undefined || this.slice.mode === 'items') return;
    if (request.kind === 'page') await this.send({ kind: 'page', page: await this.#reader.read(request) });
    if (request.kind === 'count') {
      const counted = await this.#reader.countColumns(request);
      await this.send({ kind: 'figures', asks: request.asks, ...counted });
    }
  }

  change(...changes: TableChange[]): Promise<this> {
    return this.send(...changes.map((change): ItemsEvent => ({ kind: 'table', change })));
  }

  async toColumn(field: string): Promise<this> {
    await this.send({ kind: 'column', by: -10 });
    while (cursorField(this.slice) !== field) await this.send({ kind: 'column', by: 1 });
    return this;
  }

  titles(): unknown[] {
    return Array.from({ length: this.slice.total ?? 0 }, (_, row) => itemAt(this.slice, row)?.['title']);
  }

  position(): string {
    return describePosition({ jobId: 'mine', runId: 'after', slice: this.slice });
  }

  async close(): Promise<void> {
    await this.#reader?.close();
  }
}

it('shows what differs, then one kind of rows after the other, also those that are the same', async ({
  workspace,
}) => {
  const table = await new Joined(workspace).send({ kind: 'mode' });
  expect(table.titles()).toEqual(['Attic', 'Barn', 'New', 'Cave']);
  expect(table.position()).toBe('1 of 4 · 2 changed, 1 added, 1 removed of 5, by url');
  expect(table.slice.arranged.map(({ field }) => field)).toEqual(['change', 'url', 'title', 'price']);
  await table.change({ kind: 'shown', shown: 'all' });
  expect(table.titles()).toEqual(['Attic', 'Barn', 'Same', 'New', 'Cave']);
  await table.change({ kind: 'shown', shown: 'changed' });
  expect(table.titles()).toEqual(['Attic', 'Barn']);
  expect(table.position()).toMatch(/^1 of 2 · only changed · 2 changed/);
  await table.close();
});

it('filters by both values and by the change, and sorts by its size', async ({ workspace }) => {
  const table = await new Joined(workspace).send({ kind: 'mode' });
  const shownBy = async (text: string) => (await table.change({ kind: 'filter', text })).titles();
  expect(await shownBy('price>20')).toEqual(['Attic', 'Barn']);
  expect(await shownBy('before.price>60')).toEqual(['Attic']);
  expect(await shownBy('change.price<0')).toEqual(['Attic']);
  expect(await shownBy('change:added')).toEqual(['New']);
  expect(await shownBy('')).toHaveLength(4);
  await (await table.toColumn('price')).change({ kind: 'sort_change' });
  expect(table.titles()).toEqual(['Barn', 'Attic', 'New', 'Cave']);
  expect(table.position()).toContain(' · by the change of price, descending · ');
  await table.change({ kind: 'sort_change' });
  expect(table.titles()).toEqual(['Attic', 'Barn', 'New', 'Cave']);
  await table.change({ kind: 'sort_change' });
  expect(table.slice.table.sort).toBeUndefined();
  expect(table.slice.table.figures?.get('change.price')).toMatchObject({ numbers: 2, min: -10, max: 25 });
  // A value that is no number has no size.
  const { slice } = table;
  table.slice = { ...slice, table: { ...slice.table, sort: { field: 'before.title', descending: true } } };
  expect(table.position()).toContain(' · by title before, descending · ');
  await table.close();
});

it('says in a sentence why the changes of a column cannot be sorted by', async ({ workspace }) => {
  const table = await new Joined(workspace).send({ kind: 'mode' });
  const why = async (field: string) => {
    await table.toColumn(field);
    const state = someState();
    const action = tableActions.find(({ id }) => id === 'items.sort-change');
    return action?.available?.({ ...state, items: { jobId: 'mine', runId: 'after', slice: table.slice } });
  };
  expect(await why('change')).toBe('This column names the kind of change: S sorts by a column of the items.');
  expect(await why('title')).toBe('No value of title changed: S sorts by a column with changes.');
  expect(await why('price')).toBe(true);
  await table.close();
});

it('each of the two tables keeps its filter and its order, and the runs are joined once', async ({
  workspace,
}) => {
  const table = await new Joined(workspace).send({ kind: 'mode' });
  await table.change({ kind: 'filter', text: 'change:added' });
  await table.send({ kind: 'mode' });
  expect(table.slice.table.filter.text).toBe('');
  await table.send({ kind: 'mode' });
  expect(table.slice.table.filter.text).toBe('change:added');
  expect(table.titles()).toEqual(['New']);
  expect(table.asked.filter(({ kind }) => kind === 'join')).toHaveLength(1);
  await table.close();
});

it('says so when nothing changed, and shows the rows all the same', async ({ workspace }) => {
  const table = await new Joined(workspace, BEFORE).send({ kind: 'mode' });
  expect(table.position()).toBe('Nothing changed since run before (4 items, matched by url). t shows them.');
  await table.change({ kind: 'shown', shown: 'all' });
  expect(table.titles()).toHaveLength(4);
  await table.close();
});

it('the cursor begins at the first column that changed, and stays where the user moves it', async ({
  workspace,
}) => {
  const table = await new Joined(workspace).send({ kind: 'mode' });
  expect(cursorField(table.slice)).toBe('price');
  await (await table.toColumn('change')).change({ kind: 'shown', shown: 'all' });
  expect(cursorField(table.slice)).toBe('change');
  await table.close();
});

it('compares with the newest earlier run whose items are kept, and says how many have none', async ({
  workspace,
}) => {
  const table = await new Joined(workspace, AFTER, 2).send({ kind: 'mode' });
  expect(table.slice.joined).toMatchObject({ withRunId: 'before', skippedRuns: 2 });
  expect(table.position()).toBe(
    '1 of 4 · 2 changed, 1 added, 1 removed of 5 · 2 runs between have no items any more, by url',
  );
  await table.close();
});

it('says why there is nothing to compare with, and what to do', async ({ workspace, folder }) => {
  const joinOf = (runId: string) => joinRuns(workspace, join(folder, 'joined.jsonl'), { runId });
  addRun({ workspace }, 'gone-1', { items: null });
  addRun({ workspace }, 'kept', { items: BEFORE });
  await expect(joinOf('kept')).rejects.toThrow(
    'The one run of job mine that succeeded before kept has no items any more',
  );
  await expect(joinOf('gone-1')).rejects.toThrow('no run of job mine before gone-1 succeeded');
  addRun({ workspace }, 'other-gone', { job: 'other', items: null });
  addRun({ workspace }, 'other-gone-too', { job: 'other', items: null });
  addRun({ workspace }, 'other-kept', { job: 'other', items: BEFORE });
  await expect(joinOf('other-kept')).rejects.toMatchObject({
    message: expect.stringContaining(
      'None of the 2 runs of job other that succeeded before other-kept has items any more',
    ),
    hint: expect.stringContaining('Run the job again'),
  });
});

it('writes both values of what is shown', async ({ workspace, folder }) => {
  const table = await new Joined(workspace).send({ kind: 'mode' });
  await table.change({ kind: 'shown', shown: 'changed' });
  await (await table.toColumn('title')).change({ kind: 'hide' });
  const file = join(folder, 'changes.csv');
  await new Promise<void>((resolve) => {
    const send = (event: Event) => event.kind === 'said' && resolve();
    const context = { workspace, readOnly: false, send } as unknown as EffectContext;
    const wanted = toWriteRequest(table.slice, file, false);
    const rows = { jobId: 'mine', runId: 'after', joined: true } as const;
    writeShownItems({ kind: 'write_items', ...rows, ...wanted }, context);
  });
  expect(readFileSync(file, 'utf8')).toBe(
    'change,url,price,before.price,change.price\nchanged,/a,90,100,-10\nchanged,/b,75,50,25\n',
  );
  await table.close();
});

it('back from two runs side by side, the items are those of the run', async ({ workspace }) => {
  const { slice } = await new Joined(workspace).send({ kind: 'mode' });
  const state = someState();
  const items = { jobId: 'mine', runId: 'after', slice };
  const { effects } = dispatchToItems({ ...state, items }, { kind: 'mode' });
  expect(effects).toMatchObject([{ kind: 'read_items', runId: 'after' }]);
  expect(effects[0]).not.toHaveProperty('joined');
});

it('the kind of change and the first column stay in sight while one goes to the right', async ({
  workspace,
}) => {
  const table = await new Joined(workspace).send({ kind: 'mode' });
  const { slice } = table;
  const [kind, first, ...others] = slice.arranged;
  expect([kind?.field, kind?.isKept, first?.isKept]).toEqual(['change', true, true]);
  expect(others.some(({ isKept }) => isKept)).toBe(false);
  const last = slice.arranged.length - 1;
  const fields = visibleColumnsFrom(slice.arranged, last, 60).map(({ field }) => field);
  expect(fields).toEqual([kind, first, slice.arranged[last]].map((column) => column?.field));
  await table.close();
});

it('says by how much a column has changed, in the form of its values', async ({ workspace }) => {
  const priced = (items: readonly Item[]) =>
    items.map((item) => ({ ...item, price: `£${item['price']}.00` }));
  const table = await new Joined(workspace, priced(AFTER), 0, priced(BEFORE)).send({ kind: 'mode' });
  await table.toColumn('price');
  expect(columnLines(table.slice, 200, 1)[0]).toContain('2 changed, by -£10.00 to +£25.00');
  await table.close();
});

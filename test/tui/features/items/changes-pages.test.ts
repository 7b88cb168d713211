import { expect } from 'vitest';
import { callOperation } from '../../../../src/core/operations/call-operation.ts';
import type { Workspace } from '../../../../src/core/workspace.ts';
import { toItemChanges } from '../../../../src/tui/features/items/item-columns.ts';
import {
  EMPTY_ITEMS,
  type ItemsEvent,
  type ItemsRequest,
  type ItemsSlice,
} from '../../../../src/tui/features/items/model.ts';
import { reduceItems } from '../../../../src/tui/features/items/reducer.ts';
import { describePosition } from '../../../../src/tui/features/items/table-lines.tsx';
import { addRun } from '../../../core/operations/add-run.ts';
import { it } from '../../../extend.ts';
import { itemPage } from '../../item-page.ts';

const VIEW = { columns: 60, rows: 10 };
const BEFORE = Array.from({ length: 300 }, (_, n) => ({ url: `/${n}`, price: 100 }));
/** 250 changed, the last one most; 50 gone; 20 new. */
const AFTER = [
  ...BEFORE.slice(0, 250).map(({ url }, n) => ({ url, price: 101 + n })),
  ...Array.from({ length: 20 }, (_, n) => ({ url: `/new-${n}`, price: 1 })),
];

/** The changes between two runs, whose requests are answered by the operation. */
class Changes {
  slice: ItemsSlice = EMPTY_ITEMS;
  readonly asked: ItemsRequest[] = [];
  readonly #workspace: Workspace;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
    addRun({ workspace }, 'before', { items: BEFORE });
    addRun({ workspace }, 'after', { items: AFTER });
  }

  async send(...events: ItemsEvent[]): Promise<this> {
    for (const event of events) {
      const { slice, requests } = reduceItems(this.slice, VIEW, event);
      this.slice = slice;
      for (const request of requests) {
        if (request.kind !== 'changes') continue;
        this.asked.push(request);
        const { query, cursor } = request;
        const output = await callOperation(this.#workspace, 'compare_runs', {
          ...{ run_id: 'after', with_run_id: 'before', limit: 100, cursor },
          ...{ kind: query.only, sort: query.sort },
        });
        await this.send({ kind: 'changes', changes: toItemChanges(output) });
      }
    }
    return this;
  }

  open(): Promise<this> {
    return this.send({ kind: 'page', page: itemPage(AFTER) }, { kind: 'mode' });
  }

  /** Goes down until nothing more comes. */
  async toEnd(): Promise<string[]> {
    for (let count = -1; count !== this.slice.changes?.rows.length; ) {
      count = this.slice.changes?.rows.length ?? 0;
      await this.send({ kind: 'row', by: 1_000 });
    }
    return (this.slice.changes?.rows ?? []).map(({ kind, item }) => `${kind} ${item['url']}`);
  }

  position(): string {
    return describePosition({ jobId: 'mine', runId: 'after', slice: this.slice });
  }
}

it('the changes go on to the last one, each of them once', async ({ workspace }) => {
  const changes = await new Changes(workspace).open();
  expect(changes.slice.changes?.rows).toHaveLength(100);
  expect(changes.position()).toMatch(/^1 of 320 · 20 added, 50 removed, 250 changed, 0 the same/);
  await changes.send({ kind: 'row', by: 20 });
  expect(changes.asked).toHaveLength(1);
  const all = await changes.toEnd();
  expect(new Set(all).size).toBe(320);
  expect(all).toHaveLength(320);
  expect(changes.position()).toMatch(/^320 of 320 · /);
  expect(changes.asked).toHaveLength(4);
});

it('shows one kind only, with the largest change first', async ({ workspace }) => {
  const changes = await new Changes(workspace).open();
  await changes.send({ kind: 'change_query', query: { only: 'changed', sort: 'change' } });
  expect(changes.position()).toMatch(/^only changed, largest change first · 1 of 250 · 20 added/);
  const all = await changes.toEnd();
  expect(all).toEqual(Array.from({ length: 250 }, (_, n) => `changed /${249 - n}`));
  await changes.send({ kind: 'change_query', query: { only: 'added' } });
  expect(await changes.toEnd()).toHaveLength(20);
});

it('says so when nothing changed', () => {
  const counts = { added: 0, removed: 0, changed: 0, unchanged: 1000 };
  const runs = { runId: 'after', withRunId: 'before', rows: [], next: undefined };
  const position = (key: string | null) => {
    const slice: ItemsSlice = {
      ...EMPTY_ITEMS,
      mode: 'changes',
      changes: { ...runs, key, rules: [], counts },
    };
    return describePosition({ jobId: 'mine', runId: 'after', slice });
  };
  expect(position('link')).toBe('Nothing changed since run before (1,000 items, matched by link).');
  expect(position(null)).toBe('Nothing changed since run before (1,000 items, compared as a whole).');
});

it('while further changes are awaited, they are not requested again', async ({ workspace }) => {
  const { slice } = await new Changes(workspace).open();
  const first = reduceItems(slice, VIEW, { kind: 'row', by: 95 });
  expect(first.requests).toMatchObject([{ kind: 'changes', cursor: slice.changes?.next }]);
  expect(reduceItems(first.slice, VIEW, { kind: 'row', by: 4 }).requests).toEqual([]);
  expect(describePosition({ jobId: 'mine', runId: 'after', slice: { ...first.slice, row: 99 } })).toMatch(
    /^100 of 320 · reading more… · /,
  );
});

import * as z from 'zod';
import { QuickscrapeError } from '../lib/errors.ts';
import { Limiter } from '../lib/limiter.ts';
import { once } from '../lib/once.ts';
import { type TruncationLimits, truncateValues } from '../lib/truncate-values.ts';
import { isActive, type RunRecord } from '../model/run-record.ts';
import { BROKEN_RULES_FIELD, MAX_BROKEN_ROWS } from '../model/value-rules.ts';
import { type OpenItems, openBrokenRows, openRunItems } from '../runs/item-file.ts';
import { ITEM_OPERATORS, type ItemCondition, needsValue } from '../runs/item-filter.ts';
import type { ConcealRow } from '../runs/row-concealer.ts';
import { neverStarted, unknownItemField } from '../runs/run-errors.ts';
import type { Item } from '../runs/run-files.ts';
import {
  type ItemPosition,
  type PageEnd,
  parseItemOrder,
  type SelectedItems,
  selectItems,
} from '../runs/select-items.ts';
import type { Workspace } from '../workspace.ts';
import { concealItems, rowConcealer } from './concealed-rows.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';
import { findRun } from './find-or-throw.ts';
import { explainNoItems } from './no-matches.ts';
import { runIdInput } from './operation-fields.ts';
import { cursorOfOtherCall, makePageCursor, readPageCursor } from './page-cursor.ts';
import { fillPage } from './page-room.ts';

/** Each call reads a whole file; others wait. */
const LIMITER = new Limiter(2);

/** The limits of an item in an answer; what is longer is cut, with a mark. */
const ITEM_LIMITS: TruncationLimits = { text: 1_000_000, entries: 10_000, fields: 1_000, depth: 100 };
/** A page ends when it has this many bytes of items. */
const MAX_PAGE_BYTES = 1024 * 1024;

const itemCondition = once(() =>
  z.strictObject({
    field: z.string().min(1).max(200).describe('The exact name'),
    op: z.enum(ITEM_OPERATORS).describe('contains ignores case; empty and filled need no value'),
    value: z
      .union([z.string().max(1_000), z.number(), z.boolean()])
      .optional()
      .describe('A text or number; £51.77 counts as 51.77'),
  }),
);

const fieldStats = once(() =>
  z.object({
    field: z.string(),
    filled: z.int(),
    distinct: z.int(),
    numbers: z.int().optional().describe('Values that are numbers, or texts with one number such as £51.77'),
    min: z.union([z.number(), z.string()]).optional(),
    max: z.union([z.number(), z.string()]).optional(),
    average: z.number().optional(),
    median: z.number().optional(),
    examples: z.array(z.string()).optional(),
    approximate: z
      .literal(true)
      .optional()
      .describe('Over 10,000 values: distinct is at least this, median that of a sample of 10,000'),
  }),
);

export const listItems = defineOperation({
  name: 'list_items',
  title: 'List items',
  description:
    'Rows of a run: filter, sort, page, and stats per field. What changed between runs: compare_runs.',
  input: () =>
    z.strictObject({
      run_id: runIdInput(),
      fields: z.array(z.string().min(1).max(200)).max(100).optional().describe('Only these fields'),
      where: z.array(itemCondition()).max(20).default([]).describe('Conditions, all of which must hold'),
      sort: z.string().max(1_000).optional().describe('Fields to sort by, such as -price,title'),
      limit: z.int().min(0).max(1_000).default(20).describe('Items at most'),
      cursor: z.string().optional().describe('next_cursor of the previous answer'),
      stats: z
        .boolean()
        .default(false)
        .describe('Also figures per field: filled, distinct, min, max, average, median'),
    }),
  output: () =>
    z.object({
      run_id: z.string(),
      items: z.array(z.record(z.string(), z.unknown())),
      total: z.int().describe('Items that match, over all pages'),
      all: z.int().describe('All items of the run so far'),
      fields: z.array(z.string()).describe('Fields that items have'),
      stats: z
        .array(fieldStats())
        .optional()
        .describe('Of the items that match; if none does, of all items, for the fields of where'),
      hint: z.string().optional(),
      next_cursor: z.string().optional(),
    }),
  annotations: READ_ONLY,
  errors: ['run_not_found', 'conflict'],
  async handler(workspace, { run_id, fields, where, sort, limit, cursor, stats }, context) {
    const run = findRun(workspace, run_id);
    if (run.startedAt === null) throw neverStarted(run);
    for (const condition of where) assertValue(condition);
    const call = [run.runId, run.attempt, where, sort, fields];
    const after = cursor === undefined ? undefined : toPageEnd(readPageCursor(cursor, call, 7));
    const query = {
      where,
      order: parseItemOrder(sort),
      limit,
      fields,
      after,
      stats: statsFields(stats, fields),
      signal: context.signal,
    };
    const conceal = rowConcealer(workspace, context, [run]);
    const isFinal = !isActive(run.status);
    const { selected, items: read } = await LIMITER.run(() =>
      readPage(workspace, run, { ...query, conceal }),
    );
    const others = {
      total: selected.total,
      all: selected.all,
      fields: selected.fields,
      ...(selected.all === 0 && {
        hint: areBroken(where) ? NONE_BROKEN : explainNoItems(run, context.offers),
      }),
      ...describeFigures(selected, stats),
      ...(areBroken(where) && selected.all >= MAX_BROKEN_ROWS && { hint: CUT }),
    };
    const items = fillPage(context.room, others, read, (item) => cutItem(pickFields(item, fields)));
    const last = selected.page[items.length - 1];
    const left = selected.left + selected.page.length - items.length;
    return {
      run_id: run.runId,
      items,
      ...others,
      ...(left > 0 &&
        last !== undefined && {
          next_cursor: makePageCursor(call, fromPageEnd({ ...selected, ...last, left, isFinal })),
        }),
    };
  },
});

/** A condition on the broken rules asks for the rows that were kept because they break one. */
function areBroken(where: readonly ItemCondition[]): boolean {
  return where.some(({ field }) => field === BROKEN_RULES_FIELD);
}

const NONE_BROKEN = 'No row of this run breaks a rule of expect.fields.';
const CUT = `At most ${MAX_BROKEN_ROWS.toLocaleString('en-US')} broken rows of a run are kept; its checks count all.`;

type Query = Parameters<typeof selectItems>[1];

async function readPage(
  workspace: Workspace,
  run: RunRecord,
  { conceal, ...query }: Query & { conceal: ConcealRow | undefined },
): Promise<{ selected: SelectedItems; items: Item[] }> {
  const source = concealItems(await openItems(workspace, run, query.where), conceal);
  try {
    const selected = await select(source, query);
    if (selected.all > 0 && selected.missing[0] !== undefined)
      throw unknownItemField(selected.missing[0], selected.fields, whereUsed(selected.missing[0], query));
    return { selected, items: await readItems(source, selected.page) };
  } finally {
    await source.close();
  }
}

/** @throws QuickscrapeError `invalid_params` when the item that the cursor names is no longer there */
async function select(source: OpenItems, query: Query): Promise<SelectedItems> {
  if (query.after !== undefined)
    await source.read(query.after.place).catch(() => {
      throw cursorOfOtherCall();
    });
  return selectItems(source, query);
}

/** Reads the items of a page, as many as fit into an answer; at least one. */
async function readItems(source: OpenItems, page: readonly ItemPosition[]): Promise<Item[]> {
  const items: Item[] = [];
  let bytes = 0;
  for (const { place } of page) {
    bytes += place.length;
    if (bytes > MAX_PAGE_BYTES && items.length > 0) break;
    items.push(await source.read(place));
  }
  return items;
}

/** The items of a run, also while it is running; or those that break a rule. */
function openItems(
  { paths }: Workspace,
  run: RunRecord,
  where: readonly ItemCondition[],
): Promise<OpenItems> {
  if (areBroken(where)) return openBrokenRows(paths, run);
  // A run that has just begun has no file yet.
  return openRunItems(paths, isActive(run.status) ? { ...run, items: 0 } : run);
}

function assertValue({ field, op, value }: ItemCondition): void {
  if (!needsValue(op) || value !== undefined) return;
  throw new QuickscrapeError('invalid_params', `where: ${op} on "${field}" needs a value`, {
    field: 'where',
    hint: 'Only the operators empty and filled need none.',
  });
}

function statsFields(stats: boolean, fields: readonly string[] | undefined): Query['stats'] {
  return stats ? (fields ?? 'all') : undefined;
}

function whereUsed(field: string, { where, order }: Query): 'where' | 'sort' | 'fields' {
  if (where.some((condition) => condition.field === field)) return 'where';
  return order.some((one) => one.field === field) ? 'sort' : 'fields';
}

function toPageEnd([row = 0, offset = 0, length = 0, ...counts]: readonly number[]): PageEnd {
  const [total = 0, all = 0, left = 0, isFinal] = counts;
  return { row, place: { offset, length }, total, all, left, isFinal: isFinal === 1 };
}

function fromPageEnd({ row, place, total, all, left, isFinal }: PageEnd): number[] {
  return [row, place.offset, place.length, total, all, left, Number(isFinal)];
}

function pickFields(item: Item, fields: readonly string[] | undefined): Item {
  if (fields === undefined) return item;
  return Object.fromEntries(
    fields.filter((name) => Object.hasOwn(item, name)).map((name) => [name, item[name]]),
  );
}

function cutItem(item: Item): Item {
  return truncateValues(item, ITEM_LIMITS) as Item;
}

/** When nothing matches, the figures of all items tell which values there are. */
function describeFigures({ total, all, stats, allStats }: SelectedItems, isRequested: boolean) {
  if (total === 0 && all > 0)
    return {
      stats: allStats,
      hint: `None of ${all} items matches. stats tells what the fields of where hold in all items.`,
    };
  return isRequested ? { stats } : {};
}

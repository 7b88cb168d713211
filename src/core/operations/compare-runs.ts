import * as z from 'zod';
import { QuickscrapeError } from '../lib/errors.ts';
import { Limiter } from '../lib/limiter.ts';
import { once } from '../lib/once.ts';
import { activeRules } from '../model/change-rules.ts';
import type { RunRecord } from '../model/run-record.ts';
import { compareItems } from '../quality/compare-items.ts';
import { comparisonDoubts } from '../quality/comparison-doubts.ts';
import { type ComparisonKey, formatKey, KEY_SOURCES, WHOLE_ITEM } from '../quality/comparison-key.ts';
import {
  DIFFERENCE_KINDS,
  type DifferenceCounts,
  type DifferenceKind,
  shortenPage,
} from '../quality/difference-page.ts';
import type { ConcealRow } from '../runs/row-concealer.ts';
import { unknownItemField } from '../runs/run-errors.ts';
import type { Workspace } from '../workspace.ts';
import { comparisonRules, earlierRun, openComparedItems } from './compared-runs.ts';
import { concealItems, rowConcealer } from './concealed-rows.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';
import { findRun } from './find-or-throw.ts';
import { runIdInput } from './operation-fields.ts';
import { makePageCursor, readPageCursor } from './page-cursor.ts';
import { fillPage, type PageRoom } from './page-room.ts';
import { readRunConfig } from './run-config.ts';

/** The number of concurrent comparisons; others wait. Each holds about 100 bytes per item. */
const LIMITER = new Limiter(2);

const itemOutput = once(() => z.record(z.string(), z.unknown()));

export const compareRuns = defineOperation({
  name: 'compare_runs',
  title: 'Compare two runs',
  description:
    'Compares the items of a run with an earlier run: how many were added, removed and changed, figures by field, and ' +
    'examples.',
  input: () =>
    z.strictObject({
      run_id: runIdInput(),
      with_run_id: runIdInput()
        .optional()
        .describe('The earlier run; left out: the job’s last good one before it'),
      key: z
        .string()
        .min(1)
        .max(1_000)
        .optional()
        .describe(
          'The field that tells items apart; left out: changes.key or output.key of the configuration, or a unique field',
        ),
      whole: z.boolean().default(false).describe('Compare whole items, without a key'),
      all: z
        .boolean()
        .default(false)
        .describe('Every difference counts, whatever changes of the configuration leaves out'),
      fields: z
        .array(z.string().min(1).max(200))
        .min(1)
        .max(100)
        .optional()
        .describe('Only these fields are compared and shown, also those that the configuration ignores'),
      kind: z.enum(DIFFERENCE_KINDS).optional().describe('Only examples of this kind'),
      sort: z.enum(['change']).optional().describe('change: the largest change of a number in percent first'),
      limit: z.int().min(0).max(100).default(20).describe('Most examples, of all kinds'),
      cursor: z.string().optional().describe('next_cursor of the previous answer'),
    }),
  output: () =>
    z.object({
      run_id: z.string(),
      with_run_id: z.string(),
      key: z
        .string()
        .nullable()
        .describe('The field, or fields, that told items apart; null: compared as a whole'),
      key_from: z
        .enum(KEY_SOURCES)
        .nullable()
        .describe(
          'Where the key comes from: the input, the configuration, or the items, in which it is unique',
        ),
      rules: z
        .array(z.string())
        .describe(
          'The parts of changes in the configuration by which some differences do not count: ignore, only, when …',
        ),
      warnings: z
        .array(z.string())
        .optional()
        .describe('What is doubtful: items without a key or with the same one, conditions on no number'),
      added: z.int(),
      removed: z.int(),
      changed: z.int(),
      unchanged: z.int(),
      by_field: z
        .record(
          z.string(),
          z.object({
            changed: z.int(),
            up: z.int(),
            down: z.int(),
            median_percent: z.number().optional(),
            up_median_percent: z.number().optional().describe('Of the numbers that have grown'),
            down_median_percent: z.number().optional().describe('Of those that have fallen'),
            largest: z
              .object({ key: z.unknown(), before: z.number(), after: z.number(), percent: z.number() })
              .optional(),
          }),
        )
        .describe(
          'Of all changed items, by field: how many differ in it, and how its numbers changed, in percent of the earlier one; texts such as £51.77 count as numbers',
        ),
      examples: z.array(
        z.object({
          kind: z.enum(['added', 'removed', 'changed']),
          key: z
            .unknown()
            .describe('The item’s value of the key field, a list for several; null without a key'),
          before: itemOutput().optional(),
          after: itemOutput().optional(),
          fields: z.array(z.string()).optional().describe('The fields that differ'),
        }),
      ),
      next_cursor: z.string().optional(),
    }),
  annotations: READ_ONLY,
  errors: ['run_not_found', 'conflict'],
  async handler(workspace, { run_id, with_run_id, key, whole, all, ...query }, context) {
    if (whole && key !== undefined) throw conflictingOptions();
    const run = findRun(workspace, run_id);
    const earlier =
      with_run_id === undefined ? earlierRun(workspace, run) : findRun(workspace, with_run_id, 'with_run_id');
    const requestedKey: ComparisonKey | undefined = whole
      ? WHOLE_ITEM
      : key === undefined
        ? undefined
        : { fields: [key], from: 'given' };
    const { by, next, compared, rules } = await LIMITER.run(() =>
      compare(workspace, earlier, run, {
        ...query,
        all,
        requestedKey,
        signal: context.signal,
        conceal: rowConcealer(workspace, context, [run, earlier]),
        room: context.room,
      }),
    );
    if (key !== undefined && !compared.keyFound && compared.fields.length > 0)
      throw unknownKey(key, compared.fields);
    const [missing] = compared.missing;
    if (missing !== undefined && compared.fields.length > 0)
      throw unknownItemField(missing, compared.fields, 'fields');
    const { added, removed, changed, unchanged, examples } = compared;
    const warnings = whole || key !== undefined ? [] : comparisonDoubts(rules, by, compared);
    return {
      run_id: run.runId,
      with_run_id: earlier.runId,
      key: formatKey(by),
      key_from: by.from,
      rules: activeRules(rules),
      ...(warnings.length > 0 && { warnings }),
      added,
      removed,
      changed,
      unchanged,
      by_field: compared.byField,
      examples,
      ...(next !== undefined && { next_cursor: next }),
    };
  },
});

interface Query {
  requestedKey: ComparisonKey | undefined;
  all: boolean;
  fields?: readonly string[] | undefined;
  kind?: DifferenceKind | undefined;
  sort?: 'change' | undefined;
  limit: number;
  cursor?: string | undefined;
  signal?: AbortSignal | undefined;
  conceal: ConcealRow | undefined;
  room: PageRoom | undefined;
}

type Compared = Awaited<ReturnType<typeof compareItems>>;

async function compare(workspace: Workspace, earlier: RunRecord, run: RunRecord, query: Query) {
  const before = concealItems(await openComparedItems(workspace, earlier), query.conceal);
  try {
    const after = concealItems(await openComparedItems(workspace, run), query.conceal);
    try {
      const yaml = readRunConfig(workspace, run);
      const { fields, kind, sort, limit, cursor, signal } = query;
      // A field that is named counts, also if it is usually ignored.
      const isEvery = query.all || fields !== undefined;
      const { by, rules, ...found } = await comparisonRules(yaml, after, isEvery, query.requestedKey);
      const counted = { ...found.counted, ...(fields && { fields }) };
      // What the next page must have in common with this one.
      const call = [run.runId, earlier.runId, by.fields, rules, counted.ignored, fields, kind, sort];
      const from = cursor === undefined ? undefined : toCounts(readPageCursor(cursor, call, 3));
      const all = await compareItems(before, after, {
        key: by.fields,
        counted,
        fields,
        kind,
        sort,
        from,
        limit,
        signal,
        hasFigures: true,
      });
      const fitting = fillPage(query.room, { by_field: all.byField }, all.examples, (example) => example);
      const compared =
        fitting.length === all.examples.length ? all : { ...all, ...shortenPage(all, fitting.length, sort) };
      return { by, compared, rules, next: nextCursor(compared, call, from) };
    } finally {
      await after.close();
    }
  } finally {
    await before.close();
  }
}

/** Returns the cursor of the next page; `undefined` when no difference is left, or the page has none. */
function nextCursor(
  { examples, remaining }: Compared,
  call: unknown,
  from: DifferenceCounts | undefined,
): string | undefined {
  const shown = (kind: DifferenceKind) => examples.filter((example) => example.kind === kind).length;
  const isLast = DIFFERENCE_KINDS.every((kind) => shown(kind) === remaining[kind]);
  if (isLast || examples.length === 0) return undefined;
  return makePageCursor(
    call,
    DIFFERENCE_KINDS.map((kind) => (from?.[kind] ?? 0) + shown(kind)),
  );
}

function toCounts([changed = 0, added = 0, removed = 0]: readonly number[]): DifferenceCounts {
  return { changed, added, removed };
}

function conflictingOptions(): QuickscrapeError {
  return new QuickscrapeError('invalid_params', 'key and whole exclude each other', {
    field: 'whole',
    hint: 'Leave one of them out.',
  });
}

function unknownKey(key: string, fields: readonly string[]): QuickscrapeError {
  return new QuickscrapeError('invalid_params', `key: no item of the two runs has the field "${key}"`, {
    field: 'key',
    hint: `Fields that items have: ${fields.join(', ')}.`,
  });
}

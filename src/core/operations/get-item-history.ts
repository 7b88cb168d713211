import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { BUSY_WAIT_MS } from '../database/connection.ts';
import { isBusy } from '../database/sql-errors.ts';
import { HistoryFile } from '../history/history-file.ts';
import {
  type FieldHistory,
  HISTORY_SORTS,
  type HistoryChange,
  type HistoryRange,
  HistoryReader,
  type KeptValue,
} from '../history/read-history.ts';
import { readHistoryRules, settleHistory } from '../history/settle-history.ts';
import { closestNames, hintForName } from '../lib/closest-names.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { once } from '../lib/once.ts';
import type { HistoryRules } from '../model/history-rules.ts';
import { type ConcealRow, createRowConcealer } from '../runs/row-concealer.ts';
import { formatInstant } from '../schedule/engine/instant.ts';
import type { Workspace } from '../workspace.ts';
import { defineOperation, type OperationContext, READ_ONLY } from './define-operation.ts';
import { findJob } from './find-or-throw.ts';
import { instantOutput, jobIdInput, parseInstant } from './operation-fields.ts';
import { makePageCursor, readPageCursor } from './page-cursor.ts';

/** How long the values of a run that has just ended are waited for, in milliseconds. */
const MAX_WAIT_MS = 2_000;
const RETRY_MS = 50;

const valueOutput = once(() =>
  z.object({
    value: z.unknown().describe('null: empty, or the row was not there'),
    at: instantOutput(),
    run_id: z.string(),
    gone: z.literal(true).optional().describe('The row was not in this run'),
  }),
);

const keyPart = () => z.union([z.string().max(2_000), z.number()]);

export const getItemHistory = defineOperation({
  name: 'get_item_history',
  title: 'Values of a row over time',
  description:
    'Values of a row over time, such as its price, lowest and highest; without key, changes of all rows.',
  input: () =>
    z.strictObject({
      job_id: jobIdInput(),
      key: z
        .union([keyPart(), z.array(keyPart()).min(1).max(20)])
        .optional()
        .describe('The row’s value of the key field, a list for several; left out: changes of all rows'),
      fields: z.array(z.string().min(1).max(200)).min(1).max(20).optional().describe('Only these fields'),
      since: z.string().optional().describe('Only values since this instant: RFC 3339, or a date'),
      sort: z
        .enum(HISTORY_SORTS)
        .default('changed')
        .describe('Without key: the newest changes, or the largest rise or fall in percent first'),
      limit: z.int().min(0).max(1_000).default(20).describe('Values at most, newest first'),
      cursor: z.string().optional().describe('next_cursor of the previous answer'),
    }),
  output: () =>
    z.object({
      job_id: z.string(),
      key_fields: z.array(z.string()).describe('The fields that identify a row'),
      fields: z.array(z.string()).describe('The fields with a history'),
      rows: z.int().describe('All rows with a history'),
      key: z.unknown().optional().describe('The row’s value of the key field, a list for several'),
      gone: z.boolean().optional().describe('Whether the last run had no such row'),
      figures: z
        .array(
          z.object({
            field: z.string(),
            values: z.int(),
            first: valueOutput(),
            current: valueOutput(),
            lowest: valueOutput().optional(),
            highest: valueOutput().optional(),
          }),
        )
        .optional()
        .describe('Of the row, by field'),
      values: z
        .array(
          valueOutput().extend({
            field: z.string(),
            key: z.unknown().optional().describe('Without key: the row’s'),
            before: z.unknown().optional().describe('Without key: the value before, if there was one'),
            percent: z.number().optional().describe('Change of a number in percent of the one before'),
          }),
        )
        .describe('Changed values, newest first or as sort says'),
      total: z.int().optional().describe('With key: values on all pages'),
      hint: z.string().optional(),
      next_cursor: z.string().optional(),
    }),
  annotations: READ_ONLY,
  errors: ['job_not_found', 'invalid_job', 'conflict'],
  async handler(workspace, { job_id, key, fields, since, sort, limit, cursor }, context) {
    const { definition } = findJob(workspace, job_id).record;
    const { config_name, schedule } = definition;
    const from = since === undefined ? undefined : parseInstant(since, 'since').getTime();
    const written = readHistoryRules(workspace.configs, config_name);
    if (written !== undefined)
      await settle(workspace, { jobId: job_id, configName: config_name, rules: written });
    const file = HistoryFile.open(workspace.paths, job_id, BUSY_WAIT_MS);
    try {
      const rules = written ?? file?.lastRules();
      if (rules === undefined) throw noHistory(job_id, config_name);
      const about = { job_id, key_fields: [...rules.key] };
      const reader = file && new HistoryReader(file, rules);
      const known = reader?.fields() ?? [];
      if (reader === undefined || known.length === 0)
        return { ...about, fields: [...rules.fields], rows: 0, values: [], hint: NOTHING_YET };
      const all = [...new Set([...rules.fields, ...known])];
      const missing = fields?.find((name) => !all.includes(name));
      if (missing !== undefined) throw unknownField(missing, all);
      const call = [job_id, key, fields, since, sort];
      const [offset = 0, until = reader.lastRun()] =
        cursor === undefined ? [] : readPageCursor(cursor, call, 2);
      const range = { fields, since: from, until, limit, offset };
      const conceal = valueConcealer(workspace, context, config_name, job_id);
      const format = { conceal, timezone: schedule.timezone };
      const answer =
        key === undefined
          ? describeChanges(reader, sort, range, format)
          : describeItem(reader, { key: [key].flat(), rules }, range, format);
      const { isMore, ...shown } = answer;
      const next = offset + answer.values.length;
      return {
        ...about,
        fields: all,
        rows: reader.count(),
        ...shown,
        ...(isMore && limit > 0 && { next_cursor: makePageCursor(call, [next, until]) }),
      };
    } finally {
      file?.close();
    }
  },
});

const NOTHING_YET = 'Nothing is kept yet: the next run that succeeds begins the history.';

/** Writes what runs that have ended have not written; what cannot be written now is missing in the answer. */
async function settle(workspace: Workspace, job: Parameters<typeof settleHistory>[1]): Promise<void> {
  for (const end = performance.now() + MAX_WAIT_MS; ; await delay(RETRY_MS)) {
    try {
      await settleHistory(workspace, job, 0);
      return;
    } catch (error) {
      if (!(error instanceof QuickscrapeError) || error.code !== 'store_unavailable') throw error;
      if (!isBusy(error) || performance.now() > end) return;
    }
  }
}

interface Format {
  conceal: ConcealRow | undefined;
  timezone: string;
}

function describeItem(
  reader: HistoryReader,
  { key, rules }: { key: readonly (string | number)[]; rules: HistoryRules },
  range: HistoryRange,
  format: Format,
) {
  if (key.length !== rules.key.length) throw wrongParts(key.length, rules.key);
  const item = reader.find(key);
  if (item === undefined) throw unknownKey(reader, key, format);
  const { values, total } = reader.values(item, range);
  return {
    key: toKey(item.key, format),
    gone: item.isGone,
    figures: reader.figures(item, range).map((figures) => toFigures(figures, format)),
    values: values.map((value) => toValue(value, format)),
    total,
    isMore: range.offset + values.length < total,
  };
}

function describeChanges(
  reader: HistoryReader,
  sort: (typeof HISTORY_SORTS)[number],
  range: HistoryRange,
  format: Format,
) {
  const { changes, isMore } = reader.changes(sort, range);
  return { values: changes.map((change) => toChange(change, format)), isMore };
}

function toChange(change: HistoryChange, format: Format) {
  return {
    ...toValue(change, format),
    key: toKey(change.key, format),
    ...(change.before !== undefined && { before: show(change.before, format) }),
  };
}

function toValue(value: KeptValue, format: Format) {
  const { field, percent } = value;
  return { field, ...toKept(value, format), ...(percent !== null && { percent: round(percent) }) };
}

function toFigures({ field, values, first, current, lowest, highest }: FieldHistory, format: Format) {
  return {
    field,
    values,
    first: toKept(first, format),
    current: toKept(current, format),
    ...(lowest && { lowest: toKept(lowest, format) }),
    ...(highest && { highest: toKept(highest, format) }),
  };
}

function toKept({ value, at, runId, isGone }: KeptValue, format: Format) {
  const gone = isGone ? ({ gone: true } as const) : {};
  return { value: show(value, format), at: formatInstant(at, format.timezone), run_id: runId, ...gone };
}

function toKey(key: readonly unknown[], format: Format): unknown {
  const shown = key.map((part) => show(part, format));
  return shown.length === 1 ? shown[0] : shown;
}

function show(value: unknown, { conceal }: Format): unknown {
  return conceal === undefined ? value : conceal({ value })['value'];
}

function round(percent: number): number {
  return Math.round(percent * 100) / 100;
}

/** Values were concealed when they were kept; this covers variables that were set since. */
function valueConcealer(
  workspace: Workspace,
  { reviewConfig }: OperationContext,
  configName: string,
  jobId: string,
): ConcealRow | undefined {
  if (reviewConfig === undefined) return undefined;
  return createRowConcealer(workspace, [{ configName, jobId, runId: '', startedAt: null, queuedAt: 0 }])
    .conceal;
}

function noHistory(jobId: string, configName: string): QuickscrapeError {
  return new QuickscrapeError('conflict', `configuration ${configName} of job ${jobId} keeps no history`, {
    hint: 'Add the fields whose values are wanted, and the field that identifies a row: history: [price] and changes: {key: link}.',
  });
}

function wrongParts(count: number, key: readonly string[]): QuickscrapeError {
  return new QuickscrapeError(
    'invalid_params',
    `key: ${count} ${count === 1 ? 'value' : 'values'} given, and the key has ${key.length}: ${key.join(', ')}`,
    { field: 'key', hint: `Give the value of each, in this order: ${key.join(', ')}.` },
  );
}

function unknownField(name: string, known: readonly string[]): QuickscrapeError {
  return new QuickscrapeError('invalid_params', `fields: "${name}" has no history`, {
    field: 'fields',
    hint: hintForName(name, known),
  });
}

/** The most keys in a hint, and the most that are searched for near ones. */
const MAX_NEAR = 3;
const MAX_SEARCHED = 20_000;

function unknownKey(
  reader: HistoryReader,
  wanted: readonly (string | number)[],
  format: Format,
): QuickscrapeError {
  const text = wanted.join(', ');
  const all = reader.keys().map((key) => [toKey(key, format)].flat().join(', '));
  const part = text.toLowerCase();
  const holding = all.filter((key) => key.toLowerCase().includes(part)).slice(0, MAX_NEAR);
  const near = holding.length > 0 ? holding : closestNames(text, all.slice(0, MAX_SEARCHED), MAX_NEAR);
  const found = near.length > 0 ? near : all.slice(0, MAX_NEAR);
  return new QuickscrapeError('invalid_params', 'key: no row has this key', {
    field: 'key',
    hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Keys are such as ${found.join(', ')}.`,
  });
}

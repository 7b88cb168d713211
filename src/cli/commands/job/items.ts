import { type Command, InvalidArgumentError } from 'commander';
import { QuickscrapeError } from '../../../core/lib/errors.ts';
import { pluralize } from '../../../core/lib/text.ts';
import { BROKEN_RULES_FIELD } from '../../../core/model/value-rules.ts';
import type { OperationInput, OperationOutput } from '../../../core/operations/call-operation.ts';
import { type CommandContext, resolveRunId } from '../../context/context.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { integerParser } from '../../flags/flag-values.ts';
import { itemTable } from '../../render/table.ts';
import { writeItemsTo } from './write-items-to.ts';

type Condition = NonNullable<OperationInput<'list_items'>['where']>[number];

interface Flags {
  where?: Condition[];
  sort?: string;
  fields?: string[];
  limit?: number;
  broken?: boolean;
  to?: string;
  force?: boolean;
}

export function jobItems(): Command {
  const command = leafCommand('items <run>', {
    overSsh: true,
    description:
      'Show the items that a run found. A condition is a field, one of = != < <= > >= ~ (contains) and a value; without a value, = and != mean empty and filled. --to writes all that match to a file, as a job writes its output.',
    json: 'list_items: { run_id, items, total, all, fields, stats?, hint?, next_cursor? }; with --to { run_id, file, format, items, bytes, warnings }',
    examples: [
      ['job items k3f9 --limit 5', 'the first five as a table'],
      ["job items k3f9 --where 'price<20' --where 'title~war' --sort=-price", 'some, the dearest first'],
      ['job items k3f9 --broken', 'the rows that break a rule of expect.fields, and which rules'],
      ['job items k3f9 --json | jq .items', 'for a script'],
      ['job items k3f9 --where stock=yes --to books.xlsx', 'all that match, into a workbook'],
    ],
  })
    .option('--where <condition>', 'only items that meet it; several must all hold', addCondition)
    .option('--broken', 'only rows that break a rule of expect.fields, with their number and the rules')
    .option('--sort <fields>', 'sort by these, such as -price,title', String)
    .option('--fields <names>', 'only these fields, separated by commas', (names) => names.split(','))
    .option('--to <file>', `write all that match to a file: ${ENDINGS}`)
    .option('--force', 'with --to: replace an existing file')
    .option('--limit <n>', 'at most this many (default 20)', integerParser(1, 1_000_000));
  return onCommand<[string], Flags>(command, async (context, [run], flags) => {
    const { limit = 20, broken = false, where = [], to, force, ...query } = flags;
    if (force && to === undefined) throw forceWithoutFile();
    const run_id = await resolveRunId(context, run);
    const conditions = broken ? [BROKEN, ...where] : where;
    if (to !== undefined) {
      if (context.isRemote) await rejectFile(context);
      const { limit } = flags;
      return writeItemsTo(context, { run_id, where: conditions, ...query }, { to, force, limit });
    }
    const answer = await listItems(context, { run_id, where: conditions, ...query }, limit);
    const { items, total, all, hint } = answer;
    await context.print(answer, () => (items.length === 0 ? '' : itemTable(items, context.out)));
    if (context.globals.format !== 'table') return;
    if (all === 0) context.printMessage(broken && hint !== undefined ? hint : `Run ${run_id} has no items.`);
    else if (total === 0) context.printMessage(`None of ${pluralize(all, 'item')} matches.`);
    else if (items.length < total)
      context.printMessage(`${pluralize(total - items.length, 'more item')}; raise --limit to see them.`);
    if (broken && total > 0 && hint !== undefined) context.printMessage(hint);
    return undefined;
  });
}

/** A file is written by the process that reads the rows. @throws QuickscrapeError `not_allowed` */
async function rejectFile({ globals: { remote } }: CommandContext): Promise<void> {
  if (remote !== undefined)
    throw (await import('../../context/remote-home.ts')).needsFilesHere(remote, '--to');
}

const ENDINGS = '.csv, .json, .jsonl, .xlsx or .sqlite; text also as .gz';

function forceWithoutFile(): QuickscrapeError {
  return new QuickscrapeError(
    'invalid_params',
    'force: --force replaces the file of --to, which is missing',
    {
      field: 'force',
      hint: 'Add --to FILE.',
    },
  );
}

/** The rows that were kept because they break a rule. */
const BROKEN: Condition = { field: BROKEN_RULES_FIELD, op: 'filled' };

/** The most items in one answer. */
const MAX_PAGE = 1_000;

/** Reads pages until there are enough items. */
async function listItems(
  context: CommandContext,
  query: OperationInput<'list_items'>,
  limit: number,
): Promise<OperationOutput<'list_items'>> {
  const pageOf = (held: number) => Math.min(MAX_PAGE, limit - held);
  const first = await context.call('list_items', { ...query, limit: pageOf(0) });
  const items = [...first.items];
  let cursor = first.next_cursor;
  while (cursor !== undefined && items.length < limit) {
    const page = await context.call('list_items', { ...query, limit: pageOf(items.length), cursor });
    items.push(...page.items);
    cursor = page.next_cursor;
  }
  const { next_cursor, ...answer } = first;
  return { ...answer, items, ...(cursor !== undefined && { next_cursor: cursor }) };
}

const OPERATORS: Record<string, Condition['op']> = {
  '=': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '~': 'contains',
};

function addCondition(text: string, before: Condition[] = []): Condition[] {
  const [, field = '', sign = '', value = ''] = /^(.+?)\s*(!=|<=|>=|=|<|>|~)\s*(.*)$/s.exec(text) ?? [];
  const op = OPERATORS[sign];
  if (op === undefined) throw new InvalidArgumentError("Write a field, an operator and a value: 'price<20'.");
  if (value !== '') return [...before, { field, op, value }];
  if (op !== 'eq' && op !== 'ne') throw new InvalidArgumentError(`After ${sign} stands a value: 'price<20'.`);
  return [...before, { field, op: op === 'eq' ? 'empty' : 'filled' }];
}

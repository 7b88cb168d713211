import { type Command, Option } from 'commander';
import { pluralize } from '../../../core/lib/text.ts';
import type { OperationInput, OperationOutput } from '../../../core/operations/call-operation.ts';
import { type CommandContext, resolveJobId } from '../../context/context.ts';
import { leafCommand, onCommand } from '../../context/define-command.ts';
import { integerParser, parseCommaList } from '../../flags/flag-values.ts';

type Query = OperationInput<'get_item_history'>;

interface Flags {
  fields?: string[];
  since?: string;
  sort?: NonNullable<Query['sort']>;
  limit?: number;
  csv?: boolean;
  chart?: boolean;
}

/** As many values as a table has, and as many as a chart or a CSV file may have, if nothing else is asked for. */
const TABLE_VALUES = 20;
const ALL_VALUES = 1_000_000;

export function jobItemHistory(): Command {
  const command = leafCommand('history <job> [key...]', {
    overSsh: true,
    description:
      'Show the values of a row over time, for the fields in history of the configuration. Without a key, show the newest or largest changes of all rows. A key of several fields is given as several arguments.',
    json: 'get_item_history: { job_id, key_fields, fields, rows, key?, gone?, figures?, values, total?, hint?, next_cursor? }',
    examples: [
      ['job item history shop https://shop.example/lamp --chart', 'a curve of its price'],
      ['job item history shop --sort fall', 'what became cheaper, in percent'],
      ['job item history shop --fields price --since 2026-11-01 --csv > prices.csv', 'for a spreadsheet'],
    ],
  })
    .option('--fields <names>', 'only these fields, separated by commas', parseCommaList)
    .option('--since <instant>', 'only values since this date or RFC 3339 instant')
    .addOption(
      new Option('--sort <order>', 'without a key: the newest changes, or the largest in percent').choices([
        'changed',
        'rise',
        'fall',
      ]),
    )
    .option(
      '--limit <n>',
      'at most this many values (default 20; with --csv or --chart all)',
      integerParser(1),
    )
    .addOption(new Option('--csv', 'print CSV').conflicts('chart'))
    .option('--chart', 'draw numbers as a curve');
  return onCommand<[string], Flags>(command, async (context, [job], flags) => {
    const key = command.args.slice(1);
    const { csv, chart, limit = csv || chart ? ALL_VALUES : TABLE_VALUES, ...query } = flags;
    const input = { job_id: await resolveJobId(context, job), ...query, ...(key.length > 0 && { key }) };
    const answer = await readValues(context, input, limit);
    const view = await import('../../render/history-view.ts');
    const { out } = context;
    if (csv) {
      await printCsv(context, view.historyCells(answer));
      return;
    }
    await context.print(answer, () => {
      if (answer.values.length === 0) return '';
      const charts = chart ? view.historyCharts(answer, out, Date.now()) : '';
      return charts === '' ? view.historyTable(answer, out) : charts;
    });
    if (context.globals.format === 'table') printNotes(context, answer, view.describeFigures(answer), chart);
  });
}

/** The most values in one answer. */
const MAX_PAGE = 1_000;

async function readValues(
  context: CommandContext,
  query: Query,
  limit: number,
): Promise<OperationOutput<'get_item_history'>> {
  const pageOf = (held: number) => Math.min(MAX_PAGE, limit - held);
  const first = await context.call('get_item_history', { ...query, limit: pageOf(0) });
  const values = [...first.values];
  let cursor = first.next_cursor;
  while (cursor !== undefined && values.length < limit) {
    const page = await context.call('get_item_history', { ...query, limit: pageOf(values.length), cursor });
    values.push(...page.values);
    cursor = page.next_cursor;
  }
  const { next_cursor, ...answer } = first;
  return { ...answer, values, ...(cursor !== undefined && { next_cursor: cursor }) };
}

/** As the CSV of outputs: texts that a spreadsheet would run as formulas get a quote before them. */
async function printCsv(context: CommandContext, cells: string[][]): Promise<void> {
  const [{ stringify }, { escapeFormula }] = await Promise.all([
    import('csv-stringify/sync'),
    import('../../../scrape/output/csv.ts'),
  ]);
  context.out.write(
    stringify(
      cells.map((row) => row.map(escapeFormula)),
      { quoted_match: /[\r\n]/ },
    ),
  );
}

function printNotes(
  context: CommandContext,
  { values, key, gone, rows, total = 0, hint, next_cursor }: OperationOutput<'get_item_history'>,
  figures: readonly string[],
  isChart = false,
): void {
  if (hint !== undefined) context.printMessage(hint);
  if (gone) context.printMessage('The last run had no such row.');
  for (const line of figures) context.printMessage(line);
  if (isChart && key === undefined) context.printMessage('A chart is of one row: give its key.');
  if (next_cursor === undefined || values.length === 0) return;
  const more =
    key === undefined
      ? `There are more changes, of ${pluralize(rows, 'row')}`
      : pluralize(total - values.length, 'older value');
  context.printMessage(`${more}; raise --limit to see them.`);
}

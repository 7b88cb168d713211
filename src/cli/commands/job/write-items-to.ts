import { formatBytes } from '../../../core/lib/format-bytes.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize } from '../../../core/lib/text.ts';
import { BROKEN_RULES_FIELD } from '../../../core/model/value-rules.ts';
import type { OperationInput } from '../../../core/operations/call-operation.ts';
import type { CommandContext } from '../../context/context.ts';

interface Destination {
  to: string;
  force: boolean | undefined;
  limit: number | undefined;
}

/** Writes all items of a query to a file; of `job items --to`. */
export async function writeItemsTo(
  context: CommandContext,
  query: OperationInput<'list_items'>,
  { to, force = false, limit }: Destination,
): Promise<number | undefined> {
  const [{ resolveItemDestination }, { writeRunItems }, { parseItemOrder }] = await Promise.all([
    import('../../../core/items/item-destination.ts'),
    import('../../../core/operations/write-run-items.ts'),
    import('../../../core/runs/select-items.ts'),
  ]);
  const workspace = await context.workspace();
  // Reading a million items takes seconds, after which a wrong file would be bad news.
  resolveItemDestination(workspace.paths, to, { force });
  const { fields: known } = await context.call('list_items', { ...query, limit: 0 });
  const run = workspace.runs.find(query.run_id);
  const { where = [], fields, sort } = query;
  const progress = progressLine(context);
  try {
    const written = await writeRunItems(workspace, run, {
      broken: where.some(({ field }) => field === BROKEN_RULES_FIELD),
      selection: { terms: [], where, order: parseItemOrder(sort), fields, limit },
      fields: fields ?? known,
      to,
      force,
      signal: context.interrupt.signal,
      onProgress: progress.show,
    });
    progress.clear();
    for (const warning of written.warnings) context.printMessage(`warning: ${sanitizeText(warning)}`);
    const answer = { run_id: run.runId, ...written };
    await context.print(answer, () =>
      sanitizeText(
        `Wrote ${pluralize(written.items, 'item')} (${formatBytes(written.bytes)}) to ${written.file}`,
      ),
    );
    return undefined;
  } catch (error) {
    progress.clear();
    if (context.interrupt.code === undefined) throw error;
    context.printMessage('Interrupted: nothing was written.');
    return context.interrupt.code;
  }
}

/** A line on a terminal that says how far it is. */
function progressLine({ err, globals }: CommandContext) {
  const isShown = err.isTerminal && globals.format === 'table';
  const write = (text: string) => {
    if (isShown) err.write(`\r\u001B[K${text}`);
  };
  return {
    show: (share: number) =>
      write(share < 1 ? `Collecting items… ${Math.floor(100 * share)} %` : 'Writing the file…'),
    clear: () => write(''),
  };
}

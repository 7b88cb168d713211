import { formatBytes } from '../../../core/lib/format-bytes.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize } from '../../../core/lib/text.ts';
import { BROKEN_RULES_FIELD } from '../../../core/model/value-rules.ts';
import type { OperationInput } from '../../../core/operations/call-operation.ts';
import type { Workspace } from '../../../core/workspace.ts';
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
  const [{ resolveItemDestination }, { writeItems }, { parseItemOrder }, { runFiles }] = await Promise.all([
    import('../../../core/items/item-destination.ts'),
    import('../../../core/items/write-items.ts'),
    import('../../../core/runs/select-items.ts'),
    import('../../../core/runs/run-files.ts'),
  ]);
  const workspace = await context.workspace();
  const { paths } = workspace;
  // Reading a million items takes seconds, after which a wrong file would be bad news.
  resolveItemDestination(paths, to, { force });
  const { fields: known } = await context.call('list_items', { ...query, limit: 0 });
  const run = workspace.runs.find(query.run_id);
  const { items, broken } = runFiles(paths, run.jobId, run.runId);
  const { where = [], fields, sort } = query;
  const progress = progressLine(context);
  try {
    const written = await writeItems({
      paths,
      itemsFile: where.some(({ field }) => field === BROKEN_RULES_FIELD) ? broken : items,
      selection: { terms: [], where, order: parseItemOrder(sort), fields, limit },
      fields: fields ?? known,
      yaml: readConfig(workspace, run.configName),
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

function readConfig({ configs }: Workspace, name: string): string | undefined {
  try {
    return configs.read(name).yaml;
  } catch {
    return undefined;
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

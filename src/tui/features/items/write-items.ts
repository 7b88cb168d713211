import { QuickscrapeError } from '../../../core/lib/errors.ts';
import { formatBytes } from '../../../core/lib/format-bytes.ts';
import { late } from '../../../core/lib/late-modules.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize, withHint } from '../../../core/lib/text.ts';
import { describeMachine } from '../../home/openable-home.ts';
import { toFailure } from '../../kernel/call.ts';
import type { EffectOf } from '../../kernel/model.ts';
import type { EffectContext } from '../../runtime/effect-context.ts';
import { shownFields, shownItems, toRowQuery } from './item-table.ts';
import { type ItemsEvent, type ItemsSlice, noticeSubject, type WriteRequest } from './model.ts';
import { fileOfRows } from './open-readers.ts';

const loadWriteRunItems = late(() => import('../../../core/operations/write-run-items.ts'));

/** What is written: the items that are shown, or only those that are marked, with the columns as they are arranged. */
export function toWriteRequest(slice: ItemsSlice, to: string, force: boolean): WriteRequest {
  const { table, columns } = slice;
  const shown = toRowQuery(slice);
  const query = table.marked.size > 0 ? { ...shown, terms: [], rows: [...table.marked] } : shown;
  const fields = shownFields(slice);
  if (fields === undefined) return { to, force, selection: query, fields: columns.map(({ field }) => field) };
  return { to, force, selection: { ...query, fields }, fields };
}

/** How many items are written, in words: `Write 3 marked items to: `. */
export function writeLabel(slice: ItemsSlice): string {
  const { size } = slice.table.marked;
  return size > 0
    ? `Write ${pluralize(size, 'marked item')} to: `
    : `Write ${pluralize(shownItems(slice), 'item')} to: `;
}

/** Writes items to a file. A notice says how many went where, or why none did. */
export function writeShownItems(
  { to, force, selection, fields, ...rows }: EffectOf<'write_items'>,
  context: EffectContext,
): void {
  const { workspace, readOnly, send } = context;
  const { jobId, runId } = rows;
  const tell = (event: ItemsEvent) => send({ kind: 'items', runId, event });
  const write = async () => {
    const { writeRunItems } = await loadWriteRunItems();
    const { configName } = workspace.runs.find(runId);
    const written = await writeRunItems(
      workspace,
      { jobId, runId, configName },
      {
        itemsFile: await fileOfRows(rows, context),
        to,
        force,
        selection,
        fields,
        isHomeReadOnly: readOnly,
        onProgress: (share) => tell({ kind: 'writing', writing: { to, share } }),
      },
    );
    const { items, bytes, file, warnings } = written;
    tell({ kind: 'writing', writing: undefined });
    const [count, size] = [pluralize(items, 'item'), formatBytes(bytes)];
    const where = `${file}${describeMachine(process.env)}`;
    // A long path at the end is cut before what is said of the items.
    const text =
      warnings.length === 0
        ? `Wrote ${count} (${size}) to ${where}`
        : `Wrote ${[count, ...warnings].join('; ')}: ${size} in ${where}`;
    const tone = warnings.length > 0 ? 'warning' : 'good';
    send({ kind: 'said', tone, text: sanitizeText(text) });
  };
  write().catch((error: unknown) => {
    tell({ kind: 'writing', writing: undefined });
    if (error instanceof QuickscrapeError && error.code === 'conflict') return tell({ kind: 'exists', to });
    const { message, hint } = toFailure(error);
    const text = sanitizeText(withHint(message.replace(/^to: /, ''), hint));
    return send({ kind: 'said', tone: 'bad', text, subject: noticeSubject(runId) });
  });
}

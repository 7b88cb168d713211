import { displayWidth, truncateToWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import type { RunOutput } from '../../../core/operations/run-output.ts';
import { isFilled } from '../../../core/runs/item-values.ts';
import type { State } from '../../kernel/model.ts';
import { fitTo } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import { cellText, formatItemValue } from './item-columns.ts';
import type { ItemColumn } from './model.ts';

/** The fields that each item of a run must have, as the run was checked (`expect.required_fields`). */
export function requiredFields(run: Pick<RunOutput, 'checks'> | undefined): string[] {
  return (run?.checks ?? []).flatMap(({ check, field }) =>
    check === 'required_fields' && field !== null ? [field] : [],
  );
}

/** What stands in place of a value that is not there. */
export function missingSign(isRequired: boolean): { text: string; style: StyleName } {
  return isRequired ? { text: '—', style: 'warning' } : { text: '·', style: 'faint' };
}

/** The text of a cell in its width, and its style. A cell without a value has a sign: `—` where the run needs one. */
export function itemCell(
  value: unknown,
  column: Pick<ItemColumn, 'cells' | 'align' | 'prefix'> & { wanted?: number },
  isRequired: boolean,
): { text: string; style: StyleName } {
  if (isFilled(value)) return { text: cellText(value, column), style: 'plain' };
  const { text, style } = missingSign(isRequired);
  // An empty list stays visible as one.
  const shown = formatItemValue(value).trim() || text;
  return { text: fitTo(shown, column.cells, column.align), style };
}

/** How many of the items have a value, for the title of a column: ` 98 %`. */
export function fillShare(
  filled: number,
  total: number,
  isRequired: boolean,
): { text: string; style: StyleName | undefined } {
  const style = filled === 0 ? 'bad' : isRequired && filled < total ? 'warning' : undefined;
  return { text: ` ${formatShare(filled, total)}`, style };
}

/** A share: `98 %`. It is 0 or 100 per cent only if it is exactly that. */
export function formatShare(part: number, whole: number): string {
  const percent = Math.round((100 * part) / Math.max(1, whole));
  if (part > 0 && percent === 0) return '<1 %';
  return `${part < whole ? Math.min(99, percent) : percent} %`;
}

/** The title of a column in its width, and behind it the share of items with a value where that fits. */
export function titleWithShare(
  { field, cells, align }: Pick<ItemColumn, 'field' | 'cells' | 'align'>,
  share: string,
): { title: string; share: string } {
  const name = sanitizeText(field);
  const isFitting = displayWidth(name) + displayWidth(share) <= cells;
  const shown = isFitting ? share : '';
  const room = cells - displayWidth(shown);
  return { title: align === 'right' ? fitTo(name, room, align) : truncateToWidth(name, room), share: shown };
}

/** The fields that each item must have; none of a run that is no longer in the list. */
export function requiredOf({ items: { jobId, runId }, runs }: State): string[] {
  return runs.jobId === jobId ? requiredFields(runs.runs?.find(({ run_id }) => run_id === runId)) : [];
}

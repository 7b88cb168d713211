import type { State } from '../../kernel/model.ts';
import { computeLayout, type Rect } from '../../ui/layout.ts';
import { scrollIntoView } from '../../ui/scroll.ts';
import type { Form } from './model.ts';

import { type FormRow, focusedRow, formRows } from './rows.ts';

/**
 * The panes are beside each other only on wide screens: labels and values need few columns, and rows for fields are
 * worth more.
 */
export const FORM_WIDE_FROM = 120;

/** The rows of the form, and the part of them in sight. */
export function formWindow(state: State, form: Form): { rect: Rect; rows: readonly FormRow[]; top: number } {
  const { main, side } = computeLayout(state, { hasSide: true, pane: 'main', wideFrom: FORM_WIDE_FROM });
  const dense = formRows(state, form, { columns: main.columns, inline: side === undefined });
  const loose = withGaps(dense);
  const rows = loose.length <= main.rows ? loose : dense;
  return { rect: main, rows, top: scrollIntoView(focusedRow(form, rows), form.top, main.rows, rows.length) };
}

/** Adds a blank line before each group, for screens with enough rows. */
function withGaps(rows: readonly FormRow[]): readonly FormRow[] {
  return rows.flatMap((row, index) =>
    index > 0 && (row.kind === 'group' || row.kind === 'more') ? [{ kind: 'gap' as const }, row] : [row],
  );
}

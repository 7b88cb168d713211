import { layoutOf, type Rect } from '../layout.ts';
import { scrolledTo } from '../state/scroll.ts';
import type { State } from '../state/state.ts';
import type { Form } from './form.ts';
import { type FormRow, focusedRow, formRows } from './rows.ts';

/** The rows of the form and which of them are shown. */
export function formWindow(state: State, form: Form): { rect: Rect; rows: readonly FormRow[]; top: number } {
  const { main, side } = layoutOf(state, { hasSide: true, pane: 'main' });
  const rows = formRows(state, form, { columns: main.columns, inline: side === undefined });
  return { rect: main, rows, top: scrolledTo(focusedRow(form, rows), form.top, main.rows, rows.length) };
}

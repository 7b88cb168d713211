import type { DialogOf, State, Step } from '../../kernel/model.ts';
import { step } from '../../kernel/step.ts';
import {
  boxColumns,
  centerRect,
  gapLine,
  Overlay,
  type OverlayLine,
  queryLine,
  rowInBox,
} from '../../ui/components/overlay.tsx';
import { Spans } from '../../ui/components/text.tsx';
import { type Input, keyOf } from '../../ui/input.ts';
import type { Rect } from '../../ui/layout.ts';
import { clamp, indexAfter, listMove, listMoveInField } from '../../ui/scroll.ts';
import { plainRow, rowCells, type StyledRow, styledRow } from '../../ui/styled-row.ts';
import { editLine } from '../../ui/text/edit-line.ts';
import type { DialogProps, DialogRules } from '../define-feature.ts';
import { resolveConflicts, toNewJobForm, unresolvedConflicts } from './changes.ts';
import { withChoice } from './edit-form.ts';
import { type Option, pickRows } from './field-choices.ts';
import { closePanel, nextTag, openPanel, withForm, withTexts } from './form.ts';
import { afterFormChange, reviewForm, storeForm } from './form-calls.ts';
import type { Form, FormPanel } from './model.ts';
import { closeForm, discardJsonDraft, editAgain } from './open-form.ts';
import { firstLine, panelContent } from './panel-lines.ts';

type PanelOf<K extends FormPanel['is']> = Extract<FormPanel, { is: K }>;
type OnKey<K extends FormPanel['is']> = (state: State, panel: PanelOf<K>, key: string, input: Input) => Step;

export const formPanelRules: DialogRules<'form'> = {
  onInput(state, dialog, input) {
    const key = keyOf(input);
    if (key === 'escape') return afterFormChange(step(closePanel(state)));
    const onKey = PANEL_KEYS[dialog.panel.is] as OnKey<FormPanel['is']>;
    return afterFormChange(onKey(state, panelOf(dialog), key, input));
  },
  // Only the choices are a list: in the others, a second click must not save.
  rowAt: (state, { panel }, click, body) =>
    panel.is === 'pick' ? rowInBox(panelBox(state, panel, body), click) : undefined,
  selectRow: (dialog, index) =>
    dialog.panel.is === 'pick' ? { ...dialog, panel: { ...dialog.panel, index } } : dialog,
};

/** The keys of each panel. Esc closes every panel. */
const PANEL_KEYS: { readonly [K in FormPanel['is']]: OnKey<K> } = {
  pick: onPick,
  review: (state, panel, key, input) => {
    if (key === 'enter' || key === 'ctrl+s') return storeForm(state);
    return step(scrolledBy(state, panel, input));
  },
  merge: onMerge,
  leave: (state, _, key) => {
    if (key === 'y') return step(closeForm(state));
    if (key === 's' || key === 'ctrl+s') return reviewForm(closePanel(state));
    return step(key === 'n' ? closePanel(state) : state);
  },
  gone: onGone,
  test: (state, panel, key, input) =>
    step(key === 'enter' ? closePanel(state) : scrolledBy(state, panel, input)),
  rejected: (state, { jobId }, key) => {
    if (key === 'e') return editAgain(closePanel(state), jobId);
    return step(key === 't' ? discardJsonDraft(closePanel(state), jobId) : state);
  },
};

function panelOf({ panel }: DialogOf<'form'>): FormPanel {
  return panel;
}

function scrolledBy(state: State, panel: PanelOf<'review' | 'test'>, input: Input): State {
  const by = keyOf(input) === 'space' ? 10 : listMove(input);
  // Only the view can compute the last position, and it clamps the value. 500 is just an upper bound.
  return by === undefined ? state : openPanel(state, { ...panel, top: clamp(panel.top + by, 0, 500) });
}

function onPick(state: State, panel: PanelOf<'pick'>, key: string, input: Input): Step {
  const form = state.form.open;
  if (form === undefined) return step(closePanel(state));
  const { path, query } = panel;
  const rows = pickRows(form, path, query.text);
  if (key === 'enter') return step(withForm(closePanel(state), picked(form, panel, rows, state.now)));
  const by = listMoveInField(input);
  if (by !== undefined)
    return step(openPanel(state, { ...panel, index: indexAfter(panel.index, by, rows.length) }));
  const line = editLine(query, input);
  return step(line === undefined ? state : openPanel(state, { ...panel, query: line, index: 0 }));
}

/** A name that is not in the list is accepted as typed, for fields that accept free text. */
function picked(
  form: Form,
  { path, query, index }: PanelOf<'pick'>,
  rows: readonly Option[],
  now: number,
): Form {
  const chosen = rows[index];
  if (chosen === undefined) {
    const isFree = path === 'config_name' || path === 'schedule.timezone';
    return isFree && query.text.trim() !== '' ? withTexts(form, { [path]: query.text.trim() }) : form;
  }
  const value = chosen.patch[path];
  if (Object.keys(chosen.patch).length === 1 && value !== undefined)
    return withChoice(form, path, value, now);
  return withTexts(form, chosen.patch);
}

function onMerge(state: State, panel: PanelOf<'merge'>, key: string, input: Input): Step {
  const form = state.form.open;
  if (form === undefined) return step(closePanel(state));
  const conflicts = unresolvedConflicts(form);
  if (key === 'enter' || key === 'ctrl+s')
    return reviewForm(withForm(closePanel(state), resolveConflicts(form, panel.theirs)));
  const by = listMove(input);
  if (by !== undefined)
    return step(openPanel(state, { ...panel, index: indexAfter(panel.index, by, conflicts.length) }));
  const field = conflicts[Math.min(panel.index, conflicts.length - 1)]?.field;
  if (field === undefined) return step(state);
  const isTheirs = panel.theirs.includes(field);
  const wanted = key === 'm' ? false : key === 't' ? true : isToggle(key) ? !isTheirs : isTheirs;
  if (wanted === isTheirs) return step(state);
  const theirs = wanted ? [...panel.theirs, field] : panel.theirs.filter((one) => one !== field);
  return step(openPanel(state, { ...panel, theirs }));
}

function isToggle(key: string): boolean {
  return key === 'left' || key === 'right' || key === 'space';
}

function onGone(state: State, _: PanelOf<'gone'>, key: string): Step {
  const form = state.form.open;
  if (form?.jobId === undefined) return step(closePanel(state));
  if (key === 'n') return step(withForm(closePanel(state), toNewJobForm(form)));
  if (key !== 'r' || form.gone?.kind !== 'deleted') return step(state);
  const [counted, tag] = nextTag(closePanel(state), 'restore');
  const restoring = withForm(counted, { ...form, storing: tag });
  const params = { job_id: form.jobId };
  return step(restoring, { kind: 'call', name: 'restore_job', params, tag, quiet: true });
}

const MAX_COLUMNS = 88;

/** The lines of a panel, and which of them are in sight. */
function panelBox(state: State, panel: FormPanel, body: Rect) {
  const inner = boxColumns(body, MAX_COLUMNS) - 4;
  const content = panelContent(state, panel, inner);
  const above = panel.is === 'pick' ? 2 : 0;
  const count = content.lines.length;
  const rect = centerRect(body, MAX_COLUMNS, count + above + 4);
  const height = Math.max(1, rect.rows - 4 - above);
  return { rect, inner, content, above, top: firstLine(content, height), height, count };
}

/** The panel over a form: choices, the review, conflicts, or the results of a test run. */
export function FormDialog({ state, dialog: { panel }, body }: DialogProps<'form'>) {
  const { rect, inner, content, top, height, count } = panelBox(state, panel, body);
  const shown = content.lines.slice(top, top + height);
  const below = content.lines.length - top - shown.length;
  const lines: OverlayLine[] = [
    ...(panel.is === 'pick' ? [queryLine('find', panel.query, inner), gapLine('gap')] : []),
    ...shown.map((line, at) => formatPanelLine(line, `line ${top + at}`, inner)),
    ...Array.from({ length: height - shown.length }, (_, at) => gapLine(`blank ${at}`)),
    below > 0 ? formatPanelLine(plainRow(`${below} more below`, 'faint'), 'more', inner) : gapLine('end'),
    formatPanelLine(
      plainRow(content.keys.map(({ key, word }) => `${key} ${word}`).join('   '), 'key'),
      'keys',
      inner,
    ),
  ];
  const scroll = { top, height, count };
  return <Overlay rect={rect} title={content.title} lines={lines} scroll={scroll} />;
}

function formatPanelLine(row: StyledRow, key: string, inner: number): OverlayLine {
  const shown = { ...row, ...styledRow(inner, ...row.spans) };
  return { key, cells: rowCells(shown), content: <Spans row={shown} /> };
}

import { truncateToWidth } from '../../../core/lib/display-width.ts';
import { formatDuration } from '../../../core/lib/format-duration.ts';
import { capitalized, withHint } from '../../../core/lib/text.ts';
import { DEFINITION_DEFAULTS } from '../../../core/model/definition.ts';
import { describeAuthor } from '../../home/home-data.ts';
import type { JobRow } from '../../home/job-row.ts';
import type { State } from '../../kernel/model.ts';
import { computeLayout, type PaneRules, type Rect } from '../../ui/layout.ts';
import { memoize } from '../../ui/memoize.ts';
import { scrollIntoView } from '../../ui/scroll.ts';
import { wrapText } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import { changedFields, unresolvedConflicts } from './changes.ts';
import { completeField } from './field-choices.ts';
import { definitionFieldOf, type FormGroup, isFolded } from './fields.ts';
import { applicableFields, openFields } from './form.ts';
import { newTexts } from './form-values.ts';
import type { FieldPath, Form } from './model.ts';
import { fieldAt } from './param-fields.ts';
import { isParamPath, textAt } from './param-texts.ts';
import { previewOf } from './preview.ts';
import { visibleProblems } from './problems.ts';

/** A line of the form. */
export type FormRow =
  | { kind: 'banner'; style: StyleName; text: string }
  | { kind: 'gap' }
  | { kind: 'group'; group: FormGroup }
  | { kind: 'field'; path: FieldPath; mark: 'changed' | 'conflict' | 'wrong' | undefined }
  /** A message about the field above. */
  | { kind: 'note'; style: StyleName; text: string }
  /** Unfolds the remaining fields; `set` is the number of those that are not default. */
  | { kind: 'more'; unfolded: boolean; set: number };

/** The width before the value of a field, in cells: pointer, mark, label. */
const FORM_LABEL_CELLS = 24;
const NARROW_FORM_LABEL_CELLS = 18;
const NARROW = 60;

export function labelCells(columns: number): number {
  return columns < NARROW ? NARROW_FORM_LABEL_CELLS : FORM_LABEL_CELLS;
}

/**
 * All lines of the form. The view shows those that fit.
 * @param columns the width of its pane
 * @param inline whether to include the content of the second pane, because there is no room for that pane
 */
export function formRows(
  state: State,
  form: Form,
  { columns, inline }: { columns: number; inline: boolean },
): readonly FormRow[] {
  const rows: FormRow[] = formBanners(form).flatMap(({ style, text }) =>
    wrapText(text, columns).map((line): FormRow => ({ kind: 'banner', style, text: line })),
  );
  const noteColumns = columns - labelCells(columns);
  const note = (style: StyleName, text: string) => {
    for (const line of wrapText(text, noteColumns)) rows.push({ kind: 'note', style, text: line });
  };
  const problems = visibleProblems(form);
  const changed = changedFields(form);
  const conflicting = unresolvedConflicts(form).map(({ field }) => field);
  const fields = openFields(form);
  let group: FormGroup | undefined;
  let hasMoreRow = false;
  const addMoreRow = () => {
    hasMoreRow = true;
    rows.push({ kind: 'more', unfolded: form.unfolded, set: setFolded(form) });
  };
  for (const path of fields) {
    const field = fieldAt(form, path);
    if (isFolded(field.group) && !hasMoreRow) addMoreRow();
    if (field.group !== group) rows.push({ kind: 'group', group: field.group });
    group = field.group;
    const invalid = problems.filter((problem) => problem.path === path);
    const definition = definitionFieldOf(path);
    const own = definition !== undefined && textAt(form.texts, path) !== textAt(form.stored, path);
    const mark =
      invalid.length > 0
        ? 'wrong'
        : own && conflicting.includes(definition)
          ? 'conflict'
          : own && changed.includes(definition)
            ? 'changed'
            : undefined;
    rows.push({ kind: 'field', path, mark });
    for (const { message, hint } of invalid) note('bad', withHint(message, hint));
    if (path === form.focus) {
      const completions = completeField(form, path, () => knownTags(state));
      if (completions.length > 0) note('faint', `→ ${completions.join('   ')}`);
      else if (inline && invalid.length === 0)
        rows.push({ kind: 'note', style: 'faint', text: truncateToWidth(field.help, noteColumns) });
    }
    if (path === 'schedule.timezone') scheduleNotes(form, state.now, inline, note);
  }
  if (!hasMoreRow) addMoreRow();
  return rows;
}

/** The row with the focus; the first row when it is not in the list. */
function focusedRow(form: Form, rows: readonly FormRow[]): number {
  const index = rows.findIndex((row) =>
    form.focus === 'more' ? row.kind === 'more' : row.kind === 'field' && row.path === form.focus,
  );
  return Math.max(0, index);
}

function scheduleNotes(
  form: Form,
  now: number,
  inline: boolean,
  note: (style: StyleName, text: string) => void,
): void {
  const preview = previewOf(form, now);
  if (preview === undefined) return;
  note('accent', preview.words);
  if (!inline) return;
  if (preview.runs.length === 0) note('warning', 'It never runs.');
  for (const { text } of preview.runs) note('plain', text);
  for (const { text } of preview.notes) note('warning', text);
}

/** Messages about the whole form. */
function formBanners(form: Form): { style: StyleName; text: string }[] {
  const { gone, otherChange, storing } = form;
  const banners: { style: StyleName; text: string }[] = [];
  if (storing !== undefined) banners.push({ style: 'accent', text: 'Storing…' });
  if (gone?.kind === 'deleted')
    banners.push({
      style: 'bad',
      text: 'The job has been deleted meanwhile. Ctrl-S: restore it, or save this as a new job.',
    });
  if (gone?.kind === 'unusable')
    banners.push({ style: 'bad', text: `The job's file can no longer be used: ${gone.reason}` });
  const conflicts = unresolvedConflicts(form);
  for (const by of new Set(conflicts.map((conflict) => conflict.by))) {
    const fields = conflicts.filter((conflict) => conflict.by === by).map(({ field }) => field);
    banners.push({
      style: 'warning',
      text: `${authorAtStart(by)} changed the same fields as you: ${fields.join(', ')}. Ctrl-S asks which to keep.`,
    });
  }
  if (otherChange !== undefined && otherChange.taken.length > 0)
    banners.push({
      style: 'accent',
      text: `${authorAtStart(otherChange.by)} changed these fields meanwhile, and the form shows them: ${otherChange.taken.join(', ')}.`,
    });
  return banners;
}

/** The author, for the beginning of a sentence. */
export function authorAtStart(by: Parameters<typeof describeAuthor>[0]): string {
  const words = by === 'tui' ? 'another dashboard' : describeAuthor(by) || 'somebody';
  return capitalized(words);
}

function setFolded(form: Form): number {
  const blank = newTexts('');
  return applicableFields(form).filter((path) => {
    if (isParamPath(path) || !isFolded(fieldAt(form, path).group)) return false;
    const text = form.texts[path];
    const usual = path === 'keep_runs' ? String(DEFINITION_DEFAULTS.keep_runs) : blank[path];
    return text !== '' && text !== usual;
  }).length;
}

/** All tags of the home's jobs, sorted. */
export function knownTags({ home }: State): readonly string[] {
  return home === undefined ? [] : tagsOf(home.jobs);
}

const tagsOf = memoize((jobs: readonly JobRow[]): readonly string[] =>
  [...new Set(jobs.flatMap(({ tags }) => tags))].sort(),
);

/** The placeholder of an empty field. */
export function placeholderOf(form: Form, path: FieldPath): string {
  switch (path) {
    case 'job_id':
      return 'made from the configuration';
    case 'config_name':
      return form.configs?.length === 0
        ? 'there is none yet (c in the list of jobs creates one)'
        : 'Enter shows them';
    case 'schedule.timezone':
      return form.zone;
    case 'schedule.date':
      return 'YYYY-MM-DD';
    case 'schedule.cron_expression':
      return '0 9 * * 1-5';
    case 'keep_runs':
      return form.jobId === undefined ? 'as in the settings' : String(DEFINITION_DEFAULTS.keep_runs);
    case 'misfire_grace_time':
      return 'any';
    case 'expect.min_items':
    case 'expect.min_fill_percent':
    case 'expect.max_drop_percent':
      return 'not checked';
    default:
      return fieldAt(form, path).placeholder ?? (textAt(newTexts(''), path) || 'none');
  }
}

/** The formatted duration behind a number of seconds; empty below a minute. */
export function describeAmount(form: Form, path: FieldPath): string {
  const { kind } = fieldAt(form, path);
  const seconds = Number(textAt(form.texts, path));
  if (kind.is !== 'number' || !kind.seconds || !(seconds >= 60)) return '';
  return formatDuration(seconds * 1000);
}

/**
 * The panes are beside each other only on wide screens: labels and values need few columns, and rows for fields are
 * worth more.
 */
export const FORM_PANES: PaneRules = { wideFrom: 120, minMain: 0, canZoom: false, tallShare: 0.75 };

/** The rows of the form, and the part of them in sight. */
export function formWindow(state: State, form: Form): { rect: Rect; rows: readonly FormRow[]; top: number } {
  const { main, side } = computeLayout(state, { hasSide: true, pane: 'main', panes: FORM_PANES });
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

import { BLANK, type LookRow, plain, rowOf, wrapped } from '../look-row.ts';
import { scrolledTo } from '../state/scroll.ts';
import type { State } from '../state/state.ts';
import { cleanLine } from '../text/clean.ts';
import { cellsOf, fitTo } from '../text/fit.ts';
import { wrapWords } from '../text/wrap-words.ts';
import type { LookName } from '../theme.ts';
import { changedHere, diffOf, shown } from './changes.ts';
import { labelOf } from './fields.ts';
import { openClashes } from './follow.ts';
import type { Form } from './form.ts';
import type { FormPanel } from './panel.ts';
import { pickRows } from './panel-rules.ts';
import { previewOf } from './preview.ts';
import { who } from './rows.ts';
import { testLines } from './test-lines.ts';
import { fieldsOf } from './texts.ts';

export interface PanelContent {
  title: string;
  lines: readonly LookRow[];
  /** The line that is to be seen, with as many around it as fit. */
  focus?: number;
  /** In place of that: the first line that is shown, where there are more than fit. */
  top?: number;
  /** What the keys do. */
  keys: string;
}

/** What a panel says in lines of at most `columns` cells. */
export function panelContent(state: State, panel: FormPanel, columns: number): PanelContent {
  const { open: form, drafts } = state.form;
  if (panel.is === 'rejected') return rejectedContent(panel.jobId, drafts[panel.jobId]?.rejected, columns);
  if (form === undefined) return { title: 'Form', lines: [], keys: 'Esc back' };
  switch (panel.is) {
    case 'pick':
      return pickContent(form, panel, columns);
    case 'review':
      return { ...reviewContent(form, state.now, columns), top: panel.top };
    case 'merge':
      return mergeContent(form, panel, columns);
    case 'leave': {
      const fields = changedHere(form).map((field) => plain(`  ${field}`));
      const title =
        form.jobId === undefined ? 'Throw this new job away?' : `Throw the changes of ${form.jobId} away?`;
      return { title, lines: fields, keys: 'y throw away   n stay   s store' };
    }
    case 'gone':
      return goneContent(form, columns);
    case 'test':
      return {
        title: `Try of ${form.test?.configName ?? ''}`,
        lines: testLines(form.test, columns),
        top: panel.top,
        keys: '↑↓ scroll   Esc back',
      };
    default:
      return panel satisfies never;
  }
}

/** In fewer cells there would be nothing of the words but that they are cut. */
const LEAST_WORDS = 6;

function pickContent(
  form: Form,
  { path, query, index }: Extract<FormPanel, { is: 'pick' }>,
  columns: number,
): PanelContent {
  const rows = pickRows(form, path, query.text);
  const widest = Math.max(0, ...rows.map(({ label }) => cellsOf(label)));
  const hasRoom = columns - widest - 2 >= LEAST_WORDS;
  const lines = rows.map(({ label, words }, at): LookRow => {
    const name = cleanLine(label);
    const text = fitTo(hasRoom ? `${fitTo(name, widest)}  ${words}` : name, columns);
    return { ...plain(text), selected: at === index };
  });
  const none =
    path === 'config_name' && form.configs?.length === 0
      ? 'There is no configuration yet.'
      : 'Nothing has that.';
  return {
    title: labelOf(path),
    lines: lines.length === 0 ? [plain(none, 'faint')] : lines,
    focus: index,
    keys: 'Enter choose   Esc back',
  };
}

function reviewContent(form: Form, now: number, columns: number): PanelContent {
  const diff = diffOf(form);
  const widest = Math.min(22, Math.max(4, ...diff.map(({ field }) => field.length)));
  const lines = diff.flatMap(({ field, before, after }): LookRow[] => {
    const name = fitTo(field, widest);
    if (before === undefined) return behind(`${name}  `, after, columns, 'plain');
    const both = cleanLine(`${name}  ${before} → ${after}`);
    if (cellsOf(both) <= columns) return [plain(both)];
    return [
      ...behind(`${name}  `, `${before} →`, columns, 'faint'),
      ...behind(`${' '.repeat(widest)}  `, after, columns, 'plain'),
    ];
  });
  const preview = previewOf(form, now);
  const [next] = preview?.runs ?? [];
  const runs =
    form.texts.enabled === 'false'
      ? 'It is disabled: the scheduler does not start it.'
      : next === undefined
        ? 'It never runs.'
        : `First run ${next.text}.`;
  const about =
    form.base === undefined || diff.some(({ field }) => field === 'schedule' || field === 'enabled');
  const warnings = form.check.texts === form.texts ? form.check.warnings : [];
  const notes: LookRow[] = [
    ...(about ? [BLANK, ...wrapped(runs, columns, 'accent')] : []),
    ...warnings.flatMap((text) => wrapped(text, columns, 'warning')),
  ];
  const title = form.jobId === undefined ? 'Create this job?' : `Store these changes of ${form.jobId}?`;
  return { title, lines: [...lines, ...notes], keys: 'Enter store   Esc back' };
}

function mergeContent(form: Form, panel: Extract<FormPanel, { is: 'merge' }>, columns: number): PanelContent {
  const { base, texts, zone } = form;
  const mine = fieldsOf(texts, base?.definition);
  let focus = 0;
  const lines = openClashes(form).flatMap(({ field, by, before }, at): LookRow[] => {
    const theirs = panel.theirs.includes(field);
    const selected = at === panel.index;
    if (selected) focus = at * 4;
    const side = (chosen: boolean, name: string, value: unknown) =>
      rowOf(columns, {
        text: `   ${chosen ? '(•)' : '( )'} ${name}: ${shown(field, value, zone)}`,
        look: chosen ? 'plain' : 'faint',
      });
    return [
      { ...plain(fitTo(field, columns)), selected },
      rowOf(columns, { text: `   it was: ${shown(field, before, zone)}`, look: 'faint' }),
      side(!theirs, 'yours', mine[field]),
      side(theirs, who(by).toLowerCase(), base?.definition[field]),
    ];
  });
  return {
    title: 'Changed by two: whose is it to be?',
    lines,
    focus,
    keys: 'm yours   t theirs   Enter go on   Esc back',
  };
}

function goneContent({ jobId = '', gone }: Form, columns: number): PanelContent {
  if (gone?.kind === 'deleted') {
    const text = 'Somebody has deleted it while you were editing. What you have filled in is still here.';
    return {
      title: `${jobId} is deleted`,
      lines: wrapped(text, columns, 'plain'),
      keys: 'r restore it   n a new job   Esc back',
    };
  }
  const reason = gone?.kind === 'unusable' ? gone.reason : '';
  const lines = [
    ...wrapped(reason, columns, 'bad'),
    ...wrapped(
      'Nothing is written over a file that is not understood: mend it (E in the list of jobs), then store this.',
      columns,
    ),
  ];
  return { title: `The file of ${jobId} cannot be used`, lines, keys: 'n a new job   Esc back' };
}

function rejectedContent(
  jobId: string,
  rejected: { message: string; hint?: string; line?: number; column?: number } | undefined,
  columns: number,
): PanelContent {
  const { message = '', hint, line, column } = rejected ?? {};
  const place = line === undefined ? '' : `Line ${line}, column ${column}: `;
  const lines = [
    ...wrapped(`${place}${message}`, columns, 'bad'),
    ...(hint === undefined ? [] : wrapped(hint, columns)),
    BLANK,
    ...wrapped('The job is as it was; your text is kept until you throw it away.', columns, 'faint'),
  ];
  return { title: `${jobId}: this is no job`, lines, keys: 'e edit again   t throw away   Esc later' };
}

/** A text behind a head, broken into rows that begin where it does. */
function behind(head: string, text: string, columns: number, look: LookName): LookRow[] {
  const room = Math.max(8, columns - cellsOf(head));
  return wrapWords(text, room).map((line, at) =>
    plain(`${at === 0 ? head : ' '.repeat(cellsOf(head))}${line}`, look),
  );
}

/** The first line that is shown of a content in `height` lines. */
export function firstLine({ lines, focus, top }: PanelContent, height: number): number {
  if (focus !== undefined) return scrolledTo(focus, 0, height, lines.length);
  return Math.max(0, Math.min(top ?? 0, lines.length - height));
}

import { displayWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize, withHint } from '../../../core/lib/text.ts';
import type { State } from '../../kernel/model.ts';
import { scrollIntoView } from '../../ui/scroll.ts';
import { BLANK, plainRow, type StyledRow, styledRow, wrappedRows } from '../../ui/styled-row.ts';
import { fitTo, wrapText } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import type { FooterPart } from '../define-feature.ts';
import { changedFields, formatFieldValue, formDiff, unresolvedConflicts } from './changes.ts';
import { pickRows } from './field-choices.ts';
import { labelOf } from './fields.ts';
import { authorAtStart } from './form-rows.ts';
import { parseFormTexts } from './form-values.ts';
import type { Form, FormPanel, FormTest } from './model.ts';
import { previewOf } from './preview.ts';

/** The results of a test run: the number of items, the first ones, and what is missing. */
function testLines(test: FormTest | undefined, columns: number): readonly StyledRow[] {
  const line = (style: StyleName, text: string) => wrappedRows(text, columns, style);
  if (test?.outcome === undefined) return [plainRow('Fetching its first page…', 'faint')];
  if (!test.outcome.ok) {
    const { message, hint, issues = [] } = test.outcome.failure;
    return [
      ...line('bad', message),
      ...issues.filter((issue) => issue.message !== message).flatMap((issue) => line('bad', issue.message)),
      ...(hint === undefined ? [] : line('plain', hint)),
    ];
  }
  const { items, pages, error, warnings, sample, matches } = test.outcome.output;
  const summary = `${pluralize(items, 'item')} on ${pluralize(pages, 'page')}.`;
  return [
    ...(error === null ? line('good', summary) : line('bad', withHint(error.message, error.hint))),
    ...warnings.flatMap((text) => line('warning', text)),
    ...matches
      .filter(({ matched }) => matched === 0)
      .flatMap(({ field, selector }) => line('warning', `${field}: ${selector} matched nothing`)),
    ...sample.flatMap((item, index) => [
      BLANK,
      plainRow(`Item ${index + 1}`, 'heading'),
      ...Object.entries(item).map(([field, value]) => {
        const text = `  ${field}: ${typeof value === 'string' ? value : JSON.stringify(value)}`;
        return styledRow(columns, { text, style: 'plain' });
      }),
    ]),
  ];
}

interface PanelContent {
  title: string;
  lines: readonly StyledRow[];
  /** The line to keep in sight, with as many lines around it as fit. */
  focus?: number;
  /** Instead of `focus`: the first line in sight, when not all fit. */
  top?: number;
  keys: readonly FooterPart[];
}

/** The content of a panel in lines of at most `columns` cells. */
export function panelContent(state: State, panel: FormPanel, columns: number): PanelContent {
  const { open: form, drafts } = state.form;
  if (panel.is === 'rejected') return rejectedContent(panel.jobId, drafts[panel.jobId]?.rejected, columns);
  if (form === undefined) return { title: 'Form', lines: [], keys: [{ key: 'Esc', word: 'back' }] };
  switch (panel.is) {
    case 'pick':
      return pickContent(form, panel, columns);
    case 'review':
      return { ...reviewContent(form, state.now, columns), top: panel.top };
    case 'merge':
      return mergeContent(form, panel, columns);
    case 'leave': {
      const fields = changedFields(form).map((field) => plainRow(`  ${field}`));
      const title =
        form.jobId === undefined ? 'Discard this new job?' : `Discard the changes of ${form.jobId}?`;
      return {
        title,
        lines: fields,
        keys: [
          { key: 'y', word: 'discard' },
          { key: 'n', word: 'stay' },
          { key: 's', word: 'save' },
        ],
      };
    }
    case 'gone':
      return goneContent(form, columns);
    case 'test':
      return {
        title: `Test of ${form.test?.configName ?? ''}`,
        lines: testLines(form.test, columns),
        top: panel.top,
        keys: [
          { key: '↑↓', word: 'scroll' },
          { key: 'Esc', word: 'back' },
        ],
      };
    default:
      return panel satisfies never;
  }
}

/** With fewer cells only the ellipsis would fit. */
const MIN_DESCRIPTION_CELLS = 6;

function pickContent(
  form: Form,
  { path, query, index }: Extract<FormPanel, { is: 'pick' }>,
  columns: number,
): PanelContent {
  const rows = pickRows(form, path, query.text);
  const widest = Math.max(0, ...rows.map(({ label }) => displayWidth(label)));
  const hasRoom = columns - widest - 2 >= MIN_DESCRIPTION_CELLS;
  const lines = rows.map(({ label, words }, at): StyledRow => {
    const name = sanitizeText(label);
    const text = fitTo(hasRoom ? `${fitTo(name, widest)}  ${words}` : name, columns);
    return { ...plainRow(text), selected: at === index };
  });
  const none =
    path === 'config_name' && form.configs?.length === 0
      ? 'There is no configuration yet.'
      : 'Nothing matches.';
  return {
    title: labelOf(path),
    lines: lines.length === 0 ? [plainRow(none, 'faint')] : lines,
    focus: index,
    keys: [
      { key: 'Enter', word: 'choose' },
      { key: 'Esc', word: 'back' },
    ],
  };
}

function reviewContent(form: Form, now: number, columns: number): PanelContent {
  const diff = formDiff(form);
  const widest = Math.min(22, Math.max(4, ...diff.map(({ field }) => field.length)));
  const lines = diff.flatMap(({ field, before, after }): StyledRow[] => {
    const name = fitTo(field, widest);
    if (before === undefined) return behind(`${name}  `, after, columns, 'plain');
    const both = sanitizeText(`${name}  ${before} → ${after}`);
    if (displayWidth(both) <= columns) return [plainRow(both)];
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
  const notes: StyledRow[] = [
    ...(about ? [BLANK, ...wrappedRows(runs, columns, 'accent')] : []),
    ...warnings.flatMap((text) => wrappedRows(text, columns, 'warning')),
  ];
  const title = form.jobId === undefined ? 'Create this job?' : `Store these changes of ${form.jobId}?`;
  return {
    title,
    lines: [...lines, ...notes],
    keys: [
      { key: 'Enter', word: 'save' },
      { key: 'Esc', word: 'back' },
    ],
  };
}

function mergeContent(form: Form, panel: Extract<FormPanel, { is: 'merge' }>, columns: number): PanelContent {
  const { base, texts, zone } = form;
  const mine = parseFormTexts(texts, base?.definition);
  let focus = 0;
  const lines = unresolvedConflicts(form).flatMap(({ field, by, before }, at): StyledRow[] => {
    const theirs = panel.theirs.includes(field);
    const selected = at === panel.index;
    if (selected) focus = at * 4;
    const side = (chosen: boolean, name: string, value: unknown) =>
      styledRow(columns, {
        text: `   ${chosen ? '(•)' : '( )'} ${name}: ${formatFieldValue(field, value, zone)}`,
        style: chosen ? 'plain' : 'faint',
      });
    return [
      { ...plainRow(fitTo(field, columns)), selected },
      styledRow(columns, { text: `   it was: ${formatFieldValue(field, before, zone)}`, style: 'faint' }),
      side(!theirs, 'yours', mine[field]),
      side(theirs, authorAtStart(by).toLowerCase(), base?.definition[field]),
    ];
  });
  return {
    title: 'Changed by two: which one is kept?',
    lines,
    focus,
    keys: [
      { key: 'm', word: 'yours' },
      { key: 't', word: 'theirs' },
      { key: 'Enter', word: 'go on' },
      { key: 'Esc', word: 'back' },
    ],
  };
}

function goneContent({ jobId = '', gone }: Form, columns: number): PanelContent {
  if (gone?.kind === 'deleted') {
    const text = 'Somebody has deleted it while you were editing. Your entries are still here.';
    return {
      title: `${jobId} is deleted`,
      lines: wrappedRows(text, columns, 'plain'),
      keys: [
        { key: 'r', word: 'restore it' },
        { key: 'n', word: 'a new job' },
        { key: 'Esc', word: 'back' },
      ],
    };
  }
  const reason = gone?.kind === 'unusable' ? gone.reason : '';
  const lines = [
    ...wrappedRows(reason, columns, 'bad'),
    ...wrappedRows(
      'A file that cannot be read is never overwritten: fix it (E in the list of jobs), then save this.',
      columns,
    ),
  ];
  return {
    title: `The file of ${jobId} cannot be used`,
    lines,
    keys: [
      { key: 'n', word: 'a new job' },
      { key: 'Esc', word: 'back' },
    ],
  };
}

function rejectedContent(
  jobId: string,
  rejected: { message: string; hint?: string; line?: number; column?: number } | undefined,
  columns: number,
): PanelContent {
  const { message = '', hint, line, column } = rejected ?? {};
  const place = line === undefined ? '' : `Line ${line}, column ${column}: `;
  const lines = [
    ...wrappedRows(`${place}${message}`, columns, 'bad'),
    ...(hint === undefined ? [] : wrappedRows(hint, columns)),
    BLANK,
    ...wrappedRows('The job is as it was; your text is kept until you discard it.', columns, 'faint'),
  ];
  return {
    title: `${jobId}: not a valid job`,
    lines,
    keys: [
      { key: 'e', word: 'edit again' },
      { key: 't', word: 'discard' },
      { key: 'Esc', word: 'later' },
    ],
  };
}

/** A head followed by a text whose lines are aligned behind it. */
function behind(head: string, text: string, columns: number, style: StyleName): StyledRow[] {
  const room = Math.max(8, columns - displayWidth(head));
  return wrapText(text, room).map((line, at) =>
    plainRow(`${at === 0 ? head : ' '.repeat(displayWidth(head))}${line}`, style),
  );
}

/** The first line in sight when the content is shown in `height` lines. */
export function firstLine({ lines, focus, top }: PanelContent, height: number): number {
  if (focus !== undefined) return scrollIntoView(focus, 0, height, lines.length);
  return Math.max(0, Math.min(top ?? 0, lines.length - height));
}

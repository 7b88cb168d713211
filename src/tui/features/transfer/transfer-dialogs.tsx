import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize, truncateList } from '../../../core/lib/text.ts';
import type { ImportEntry } from '../../../core/operations/import-bundle.ts';
import type { DialogOf, Effect, Reducer, State, Step } from '../../kernel/model.ts';
import { withNotice } from '../../kernel/notices.ts';
import { closeDialog, openDialog, step } from '../../kernel/step.ts';
import { Field } from '../../ui/components/field.tsx';
import {
  boxColumns,
  centerRect,
  gapLine,
  Overlay,
  type OverlayLine,
  textLine,
} from '../../ui/components/overlay.tsx';
import { Text } from '../../ui/components/text.tsx';
import { keyOf } from '../../ui/input.ts';
import { clamp, listMove, overlayRows } from '../../ui/scroll.ts';
import { editLine } from '../../ui/text/edit-line.ts';
import { fitTo, wrapText } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import { CLOSE, type DialogProps, type DialogRules, type FooterPart, SCROLL } from '../define-feature.ts';
import type { FileTask, TransferResult } from './model.ts';

/** Enter writes or reads the file. An existing file is replaced only by a second Enter. */
export const filePathRules: DialogRules<'file_path'> = {
  onInput(state, dialog, input) {
    const key = keyOf(input);
    if (key === 'escape') return closeDialog(state);
    if (dialog.isBusy) return step(state);
    if (key === 'enter') return submit(state, dialog);
    const line = editLine(dialog.line, input);
    if (line === undefined) return step(state);
    const { problem: _, ...rest } = dialog;
    return step({ ...state, dialog: { ...rest, line } });
  },
};

function submit(state: State, dialog: DialogOf<'file_path'>): Step {
  const { task, line, jobIds, replaces } = dialog;
  const path = line.text.trim();
  if (path === '')
    return step({ ...state, dialog: { ...dialog, problem: 'Type the path of a file, such as ~/a.json.' } });
  if (task === 'restore') return askToRestore(state, path);
  const replace = replaces === path;
  const effects: Record<Exclude<typeof task, 'restore'>, Effect> = {
    export: { kind: 'export_bundle', path, replace, ...(jobIds && { jobIds }) },
    import: { kind: 'read_bundle', path },
    backup: { kind: 'back_up', path, replace },
  };
  const { problem: _, ...rest } = dialog;
  return step({ ...state, dialog: { ...rest, isBusy: true } }, effects[task]);
}

function askToRestore(state: State, path: string): Step {
  const { homeName, paths } = state;
  return openDialog(state, {
    kind: 'confirm',
    title: 'Restore the history of this home?',
    names: [path],
    lines: [
      'The runs, the queue and each job’s state become those of the backup.',
      'Jobs and configurations stay. The present database is kept beside it.',
      'Changes made here can then no longer be undone with u.',
    ],
    effects: [
      { kind: 'open_home', home: { label: homeName, place: homeName, folder: paths.home, restore: path } },
    ],
    typed: '',
  });
}

/** Shows in the prompt, or as a notice when it was closed, what came of a file. */
export const transferReducer: Reducer = (state, event) => {
  if (event.kind !== 'transfer') return step(state);
  const { path, result } = event;
  const { dialog } = state;
  const isAsked = dialog?.kind === 'file_path' && dialog.line.text.trim() === path;
  if (!isAsked) return step(withResult(state, path, result));
  const { isBusy: _, ...prompt } = dialog;
  switch (result.kind) {
    case 'done':
      return step(withResult(closeDialog(state).state, path, result));
    case 'exists':
      return step({ ...state, dialog: { ...prompt, replaces: path } });
    case 'problem':
      return step({ ...state, dialog: { ...prompt, problem: result.text } });
    case 'read':
      return openDialog(state, { kind: 'import_preview', ...result.plan, top: 0 });
    default:
      return result satisfies never;
  }
};

function withResult(state: State, path: string, result: TransferResult): State {
  switch (result.kind) {
    case 'done':
      return withNotice(state, result.tone, result.text);
    case 'exists':
      return withNotice(state, 'bad', `${path} exists already; it was left as it is.`);
    case 'problem':
      return withNotice(state, 'bad', result.text);
    default:
      // The prompt was closed while the file was read: nothing is imported.
      return state;
  }
}

const PROMPT_COLUMNS = 84;

interface TaskTexts {
  title: string;
  /** What the file has, and what it has not. */
  about: string;
  placeholder: string;
  enter: string;
  busy: string;
}

const TASKS: Readonly<Record<FileTask, TaskTexts>> = {
  export: {
    title: 'Export all jobs',
    about: 'A .json file with jobs, configurations and settings. Runs, output and secrets are not in it.',
    placeholder: '~/quickscrape.json',
    enter: 'write the file',
    busy: 'Writing…',
  },
  import: {
    title: 'Import',
    about: 'A .json file that an export has written. You see what it would change first.',
    placeholder: '~/quickscrape.json',
    enter: 'preview',
    busy: 'Reading…',
  },
  backup: {
    title: 'Back up',
    about:
      'A copy of the database: history, queue and each job’s state. Put it outside the home, best on another disk. An export has the jobs themselves.',
    placeholder: '~/quickscrape.db',
    enter: 'write the file',
    busy: 'Copying the database…',
  },
  restore: {
    title: 'Restore the history',
    about: 'A file that a backup has written. You are asked before anything is replaced.',
    placeholder: '~/quickscrape.db',
    enter: 'go on',
    busy: '',
  },
};

export function FilePathDialog({ dialog, body }: DialogProps<'file_path'>) {
  const { task, line, jobIds } = dialog;
  const { title, about, placeholder } = TASKS[task];
  const inner = Math.max(1, boxColumns(body, PROMPT_COLUMNS) - 4);
  const intro = jobIds === undefined ? about : describeJobs(jobIds);
  const [text, style] = describeState(dialog);
  const lines = [
    ...wrapText(intro, inner).map((each, at) => textLine(`about ${at}`, each, 'faint', inner)),
    gapLine('gap'),
    {
      key: 'field',
      cells: inner,
      content: <Field line={line} columns={inner} placeholder={placeholder} />,
    },
    gapLine('gap 2'),
    ...wrapText(text, inner).map((each, at) => textLine(`state ${at}`, each, style, inner)),
  ];
  const heading = jobIds === undefined ? title : `Export ${pluralize(jobIds.length, 'job')}`;
  return <Overlay rect={centerRect(body, PROMPT_COLUMNS, lines.length + 2)} title={heading} lines={lines} />;
}

function describeJobs(jobIds: readonly string[]): string {
  return `A .json file with ${truncateList(jobIds)} and the configurations they use. Runs, output and secrets are not in it.`;
}

/** What is wrong, what Enter replaces, or how a path is read. */
function describeState(dialog: DialogOf<'file_path'>): [string, StyleName] {
  if (dialog.isBusy) return [TASKS[dialog.task].busy, 'running'];
  if (dialog.problem !== undefined) return [sanitizeText(dialog.problem), 'bad'];
  if (replacesFile(dialog)) return ['This file exists: Enter replaces it.', 'warning'];
  return ['~/ is your own folder. Other paths begin where the dashboard was started.', 'faint'];
}

function replacesFile({ replaces, line }: DialogOf<'file_path'>): boolean {
  return replaces !== undefined && replaces === line.text.trim();
}

export function filePathKeys(dialog: DialogOf<'file_path'>): readonly FooterPart[] {
  if (dialog.isBusy) return [CLOSE];
  const word = replacesFile(dialog) ? 'replace it' : TASKS[dialog.task].enter;
  return [
    { key: 'Enter', word },
    { key: 'Esc', word: 'cancel' },
  ];
}

/** Enter imports what is new. */
export const importPreviewRules: DialogRules<'import_preview'> = {
  onInput(state, dialog, input) {
    const key = keyOf(input);
    if (key === 'escape' || key === 'q') return closeDialog(state);
    if (key === 'enter') {
      const { path, revision } = dialog;
      const closed = closeDialog(state);
      return isNewIn(dialog) ? step(closed.state, { kind: 'import_bundle', path, revision }) : closed;
    }
    const move = listMove(input);
    if (move === undefined) return step(state);
    const top = clamp(dialog.top + move, 0, Math.max(0, dialog.entries.length - previewRows(state, dialog)));
    return step({ ...state, dialog: { ...dialog, top } });
  },
};

/** How many entries are in sight. */
function previewRows(state: State, dialog: DialogOf<'import_preview'>): number {
  return Math.max(1, Math.min(dialog.entries.length, overlayRows(state) + 1 - notesOf(dialog).length));
}

/** Whether there is anything to import. */
function isNewIn({ entries }: Pick<DialogOf<'import_preview'>, 'entries'>): boolean {
  return entries.some(({ outcome }) => outcome === 'new');
}

const PREVIEW_COLUMNS = 100;
const OUTCOME_CELLS = 8;

/** What is imported, what stays as it is and why, in this order. */
export function ImportPreview({ state, dialog, body }: DialogProps<'import_preview'>) {
  const { entries, path, top } = dialog;
  const inner = Math.max(1, boxColumns(body, PREVIEW_COLUMNS) - 4);
  const notes = notesOf(dialog);
  const height = previewRows(state, dialog);
  const lines: OverlayLine[] = [
    ...notes.map(([text, style], at) => textLine(`note ${at}`, text, style, inner)),
    ...entries.slice(top, top + height).map((entry, at) => entryLine(entry, `${top + at}`, inner)),
  ];
  const rect = centerRect(body, PREVIEW_COLUMNS, lines.length + 2);
  const scroll = { top, height, count: entries.length };
  return <Overlay rect={rect} title={`Import ${sanitizeText(path)}`} lines={lines} scroll={scroll} />;
}

const OUTCOMES: Readonly<Record<ImportEntry['outcome'], [string, StyleName]>> = {
  new: ['new', 'good'],
  conflict: ['kept', 'warning'],
  same: ['same', 'faint'],
};

function entryLine(entry: ImportEntry, key: string, inner: number): OverlayLine {
  const [word, style] = OUTCOMES[entry.outcome];
  return {
    key,
    cells: inner,
    content: (
      <>
        <Text style={style}>{fitTo(word, OUTCOME_CELLS)}</Text>
        <Text style={entry.outcome === 'same' ? 'faint' : 'plain'}>
          {fitTo(describeEntry(entry), inner - OUTCOME_CELLS)}
        </Text>
      </>
    ),
  };
}

function describeEntry({ kind, name, reason, missing = [] }: ImportEntry): string {
  const needs = missing.length === 0 ? undefined : `copy its addresses, too: ${missing.join(', ')}`;
  const about = reason ?? needs;
  return sanitizeText(`${kind} ${name}${about === undefined ? '' : `: ${about}`}`);
}

function notesOf({ entries, enabled }: DialogOf<'import_preview'>): [string, StyleName][] {
  const count = (outcome: ImportEntry['outcome']) =>
    entries.filter((entry) => entry.outcome === outcome).length;
  const [added, same, kept] = [count('new'), count('same'), count('conflict')];
  const parts = [
    `${added} new`,
    ...(same > 0 ? [`${same} the same`] : []),
    ...(kept > 0 ? [`${kept} differ and stay as they are here`] : []),
  ];
  const summary =
    added === 0
      ? `Nothing to import: ${parts.slice(1).join(', ') || 'the file is empty'}.`
      : `${parts.join(', ')}. Nothing is overwritten.`;
  const runs = `${pluralize(enabled, 'new job')} ${enabled === 1 ? 'is' : 'are'} enabled and will run when due.`;
  return [[summary, 'heading'], ...(enabled === 0 ? [] : [[runs, 'warning'] as [string, StyleName]])];
}

export function importPreviewKeys(dialog: DialogOf<'import_preview'>): readonly FooterPart[] {
  return isNewIn(dialog)
    ? [{ key: 'Enter', word: 'import what is new' }, SCROLL, { key: 'Esc', word: 'cancel' }]
    : [SCROLL, CLOSE];
}

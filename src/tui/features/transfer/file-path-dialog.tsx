import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize, truncateList } from '../../../core/lib/text.ts';
import type { DialogOf } from '../../kernel/model.ts';
import { Field } from '../../ui/components/field.tsx';
import { centerRect, gapLine, Overlay, textLine } from '../../ui/components/overlay.tsx';
import { wrapText } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import { CLOSE, type DialogProps, type FooterPart } from '../define-feature.ts';
import type { FileTask } from './model.ts';

const MAX_COLUMNS = 84;

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
  const inner = Math.max(1, Math.min(MAX_COLUMNS, body.columns) - 4);
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
  return <Overlay rect={centerRect(body, MAX_COLUMNS, lines.length + 2)} title={heading} lines={lines} />;
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

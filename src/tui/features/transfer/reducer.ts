import type { DialogOf, Effect, Reducer, State, Step } from '../../kernel/model.ts';
import { withNotice } from '../../kernel/notices.ts';
import { closeDialog, openDialog, step } from '../../kernel/step.ts';
import { keyOf } from '../../ui/input.ts';
import { clamp, listMove, overlayRows } from '../../ui/scroll.ts';
import { editLine } from '../../ui/text/edit-line.ts';
import type { DialogRules } from '../define-feature.ts';
import type { TransferResult } from './model.ts';

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
    const top = clamp(dialog.top + move, 0, Math.max(0, dialog.entries.length - overlayRows(state) + 1));
    return step({ ...state, dialog: { ...dialog, top } });
  },
};

/** Whether there is anything to import. */
export function isNewIn({ entries }: Pick<DialogOf<'import_preview'>, 'entries'>): boolean {
  return entries.some(({ outcome }) => outcome === 'new');
}

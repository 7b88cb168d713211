import { unstoredJobs } from '../form/open-form.ts';
import { openDialog } from '../state/dialog.ts';
import type { State } from '../state/state.ts';
import type { Step } from '../state/step.ts';

/** Asks before texts that were edited and not saved are lost by leaving; `undefined` when there are none. */
export function askAboutDrafts(state: State): Step | undefined {
  const names = [...Object.keys(state.configs.drafts), ...unstoredJobs(state.form)];
  if (names.length === 0) return undefined;
  return openDialog(state, {
    kind: 'confirm',
    title: 'Quit without saving?',
    lines: [...names, '', 'These texts were edited and are not saved.'],
    effects: [{ kind: 'quit', exitCode: 0 }],
    typed: '',
  });
}

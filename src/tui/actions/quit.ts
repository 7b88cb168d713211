import { unfinishedBatches } from '../batch/batches.ts';
import { unsavedJobs } from '../form/open-form.ts';
import { openDialog } from '../state/dialog.ts';
import type { Effect } from '../state/effect.ts';
import type { State } from '../state/state.ts';
import { type Step, step } from '../state/step.ts';

const QUIT: Effect = { kind: 'quit', exitCode: 0 };

/** Leaves the dashboard; asks before texts that are not saved are lost, and before a batch is broken off. */
export function quit(state: State): Step {
  const texts = [...Object.keys(state.configs.drafts), ...unsavedJobs(state.form)];
  const batches = unfinishedBatches(state.batches);
  if (texts.length + batches.length === 0) return step(state, QUIT);
  const lines = [
    ...(texts.length === 0 ? [] : [[...texts, '', 'These texts were edited and are not saved.']]),
    ...(batches.length === 0
      ? []
      : [
          [
            ...batches.map(({ title, steps }) => `${title}: not all of ${steps.length} have had their turn.`),
            'What is under way is finished, the others stay as they are.',
          ],
        ]),
  ];
  return openDialog(state, {
    kind: 'confirm',
    title: texts.length > 0 ? 'Quit without saving?' : 'Quit before all is done?',
    lines: lines.flatMap((part, index) => (index === 0 ? part : ['', ...part])),
    effects: [QUIT],
    typed: '',
  });
}

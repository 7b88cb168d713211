import type { Action } from '../../kernel/action.ts';
import type { State } from '../../kernel/model.ts';
import { openDialog, step } from '../../kernel/step.ts';
import { isFinished } from '../batch/reducer.ts';
import { describeEntry, nextEntry, pendingChanges } from './journal.ts';
import type { Direction } from './model.ts';
import { startUndo } from './start-undo.ts';

export const UNDO = {
  ...undoAction('jobs.undo', 'Undo the last change made here', ['u'], 'undo'),
  synonyms: ['revert'],
};

/** Actions that undo and redo changes made in this dashboard. */
export const undoActions: readonly Action[] = [
  UNDO,
  { ...undoAction('jobs.redo', 'Redo what was undone', ['ctrl+r'], 'redo'), synonyms: ['repeat'] },
  {
    id: 'jobs.journal',
    title: 'Show the changes made here, to undo any of them',
    synonyms: ['history', 'audit'],
    group: 'Job',
    scope: 'everywhere',
    keys: ['U'],
    perform: (state) => openDialog(state, { kind: 'journal', index: 0 }),
  },
];

function undoAction(id: string, title: string, keys: readonly string[], direction: Direction): Action {
  return {
    id,
    title,
    group: 'Job',
    scope: 'everywhere',
    keys,
    changes: true,
    available: (state) => {
      // Until the active undo has finished, the next entry is still the same one.
      if (state.batches.list.some((batch) => batch.undoes !== undefined && !isFinished(batch)))
        return 'The previous one has not finished yet.';
      if (nextEntry(state.journal, direction) !== undefined) return true;
      return direction === 'undo' ? 'Nothing was changed here.' : 'Nothing was undone.';
    },
    perform: (state) => {
      const entry = nextEntry(state.journal, direction);
      return entry === undefined
        ? step(state)
        : startUndo(state, entry, pendingChanges(entry, direction), direction);
    },
    command: (state) => commandOf(state, direction),
  };
}

function commandOf({ journal }: State, direction: Direction): string | undefined {
  const entry = nextEntry(journal, direction);
  const [first] = entry === undefined ? [] : pendingChanges(entry, direction);
  if (entry === undefined || first === undefined) return undefined;
  if (first.of === 'config') return undefined;
  const [from, to] = direction === 'undo' ? [first.after, first.before] : [first.before, first.after];
  if (from === null) return `quickscrape job restore ${first.jobId}`;
  if (to === null) return `quickscrape job delete ${first.jobId} --force`;
  return `quickscrape job update ${first.jobId} …  # ${describeEntry(entry)}`;
}

import type { BatchPlan } from '../batch/batch.ts';
import type { NewConfig } from '../configs/new-config.ts';
import type { FormPanel } from '../form/panel.ts';
import type { Input } from '../input/input.ts';
import type { EditedLine } from '../text/edit-line.ts';
import type { Effect } from './effect.ts';
import type { State } from './state.ts';
import { type Step, step } from './step.ts';

/** The dialogs and what each holds. A dialog lies over the view and has all keys. */
export interface DialogParams {
  /** Asks before something that is not easily undone. The default is No: Enter does nothing, only `y` applies. */
  confirm: {
    title: string;
    /** The jobs it happens to: the first few are shown, and how many more there are. */
    names?: readonly string[];
    /** What will happen, a sentence a line. */
    lines: readonly string[];
    /** What is carried out after a yes. */
    effects: readonly Effect[];
    /** What is begun after a yes: something to several jobs, or that can be taken back. */
    plan?: BatchPlan;
    /** Set: this number has to be typed in place of `y`. */
    count?: number;
    typed: string;
  };
  /** All actions of the view, found by letters. */
  palette: { query: EditedLine; index: number };
  /** What the jobs can be sorted by. */
  sort: { index: number };
  /** What lies over the form of a job. */
  form: { panel: FormPanel };
  /** Asks for the address and the name of a new configuration. */
  new_config: NewConfig;
  /** All keys of the view, found by words. */
  help: { query: EditedLine; top: number };
  /** What became of each job of a batch. */
  results: { batch: number; top: number };
  /** What was done from here, to be taken back or done again; `index` counts from the newest. */
  journal: { index: number };
  /** What has happened in the home; `index` counts from the newest. */
  activity: { index: number };
  /** The tags to give to these jobs, or to take from them. */
  tags: { jobIds: readonly string[]; line: EditedLine; problem?: string };
  /** What the scheduler does, and why nothing runs. */
  scheduler: object;
}

export type DialogKind = keyof DialogParams;
export type DialogOf<K extends DialogKind> = { kind: K } & DialogParams[K];
export type Dialog = { [K in DialogKind]: DialogOf<K> }[DialogKind];

/** How a dialog behaves; how it looks is in `src/tui/views/dialog-components.tsx`. */
export interface DialogRules<K extends DialogKind> {
  onInput(state: State, dialog: DialogOf<K>, input: Input): Step;
}

export function openDialog(state: State, dialog: Dialog): Step {
  return step({ ...state, dialog, chord: [] });
}

export function closeDialog(state: State): Step {
  return step({ ...state, dialog: undefined });
}

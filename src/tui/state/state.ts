import type { HomePaths } from '../../core/fs/paths.ts';
import type { Activity } from '../activity/activity.ts';
import type { Batches } from '../batch/batches.ts';
import type { ConfigsState } from '../configs/configs-state.ts';
import type { JobDetail } from '../detail/job-detail.ts';
import type { FormState } from '../form/form-state.ts';
import type { HomeData } from '../home/home-data.ts';
import type { ItemsState } from '../items/items-view.ts';
import type { JobsState } from '../jobs/jobs-view.ts';
import type { KeyBindings } from '../keys/key-bindings.ts';
import type { LogState } from '../log/log-view.ts';
import type { SignSet, ThemeName } from '../preferences/preferences.ts';
import type { RunsState } from '../runs/runs-view.ts';
import type { TimelineState } from '../timeline/timeline-view.ts';
import type { TrashState } from '../trash/trash-view.ts';
import type { Journal } from '../undo/journal.ts';
import type { Dialog } from './dialog.ts';
import type { Notice } from './notices.ts';
import type { View } from './view.ts';

/** All that the dashboard knows. Plain data, never changed in place. */
export interface State {
  /** Size of the terminal in cells. */
  columns: number;
  rows: number;
  /** Epoch milliseconds of the last tick. Drawn from it may be what changes by the minute; for seconds see `ClockText`. */
  now: number;
  /** The machine's time zone, an IANA name. */
  timezone: string;
  /** Nothing may be changed from here (`--read-only`). */
  readOnly: boolean;
  /** Whether the terminal tells us of the mouse. */
  mouse: boolean;
  /** Drawn for a screen reader: one thing below the other, in words. */
  linear: boolean;
  /** How it is drawn. */
  appearance: Appearance;
  /** The keys of actions that the user has given others. */
  keys: KeyBindings;
  /** Where the home's files lie. */
  paths: HomePaths;
  /** The home as people write it: `~/.quickscrape`. */
  homeName: string;
  /** What is known of the home; `undefined` until it was read. */
  home: HomeData | undefined;
  /** The open views; the last one is shown. Never empty. */
  views: readonly View[];
  /** Which of the two panes of the view has the keys. */
  pane: Pane;
  /** What lies over the view and has the keys. */
  dialog: Dialog | undefined;
  /** The keys of a chord so far, such as `g` of `g g`. */
  chord: readonly string[];
  /** Newest last. */
  notices: readonly Notice[];
  jobs: JobsState;
  /** What is told of the selected job. */
  detail: JobDetail;
  runs: RunsState;
  log: LogState;
  items: ItemsState;
  timeline: TimelineState;
  /** What is being done to jobs, and what became of it. */
  batches: Batches;
  /** What was changed from here, for undo. */
  journal: Journal;
  /** What anybody has done, for those who come back. */
  activity: Activity;
  form: FormState;
  configs: ConfigsState;
  trash: TrashState;
}

/** What of the looks somebody can choose. */
export interface Appearance {
  readonly theme: ThemeName;
  readonly signs: SignSet;
}

export type Pane = 'main' | 'side';

/** What is known before anything has happened. */
export type StateOptions = Pick<
  State,
  'columns' | 'rows' | 'now' | 'timezone' | 'readOnly' | 'mouse' | 'linear' | 'paths' | 'homeName'
>;

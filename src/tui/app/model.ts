import type { HomePaths } from '../../core/fs/paths.ts';
import type { OperationInput } from '../../core/operations/call-operation.ts';
import type { Activity } from '../features/activity/model.ts';
import type { Batches, BatchPlan } from '../features/batch/model.ts';
import type {
  ConfigCheck,
  ConfigRow,
  ConfigsState,
  NewConfig,
  SuggestionOutcome,
  TestRunOutcome,
} from '../features/config-editor/model.ts';
import type { ItemsEvent, ItemsState } from '../features/items/model.ts';
import type { JobDetail, JobDetailEvent } from '../features/job-detail/model.ts';
import type { FormPanel, FormState } from '../features/job-form/model.ts';
import type { JobsState, Sort } from '../features/jobs/model.ts';
import type { LogEvent, LogRequest, LogState } from '../features/log/model.ts';
import type { RunsState } from '../features/runs/model.ts';
import type { TimelineData, TimelineQuery, TimelineSpan, TimelineState } from '../features/timeline/model.ts';
import type { TrashRow, TrashState } from '../features/trash/model.ts';
import type { ConfigVersion, Journal } from '../features/undo/model.ts';
import type { HomeData, HomeEvent } from '../home/home-data.ts';
import type { Input } from '../ui/input.ts';
import type { EditedLine } from '../ui/text/edit-line.ts';
import type { Appearance, SignSet, ThemeName } from '../ui/theme.ts';
import type { AnswerEvent, CallEffect } from './call.ts';

/** All that can happen to the dashboard. */
export type Event =
  | Input
  | { kind: 'resize'; columns: number; rows: number }
  /** Once a second, and when something else needs the time: the clock of the state. */
  | { kind: 'tick'; now: number }
  /** What the home is like now, and what happened in it. */
  | HomeEvent
  | AnswerEvent
  | JobDetailEvent
  /** What was read of a log, of the items of a run, for the timeline. */
  | { kind: 'log'; runId: string; event: LogEvent }
  | { kind: 'items'; runId: string; event: ItemsEvent }
  | { kind: 'timeline'; data: TimelineData }
  /** An editor or pager has ended. */
  | { kind: 'outside_ended'; tag: string; ok: boolean; problem?: string }
  /** An editor that had a copy of a text has ended. `text` is what the copy is now; without one it could not be read. */
  | { kind: 'text_edited'; tag: string; text?: string; problem?: string }
  /** All configurations, sorted by name. */
  | { kind: 'configs'; rows: readonly ConfigRow[] }
  /** What lies in the trash, the latest first. */
  | { kind: 'trash'; rows: readonly TrashRow[] }
  | { kind: 'config_checked'; name: string; check: ConfigCheck }
  /** A version of a configuration was brought back from the trash, over what was there. */
  | { kind: 'config_restored'; name: string; before: ConfigVersion | null; after: ConfigVersion }
  | { kind: 'trial_ended'; id: number; outcome: TestRunOutcome }
  /** What was found on the page of a new configuration. */
  | { kind: 'proposed'; id: number; outcome: SuggestionOutcome }
  /** Something that people should know, from the effect runner. */
  | { kind: 'said'; tone: 'info' | 'good' | 'warning' | 'bad'; text: string };

/** What a reducer wants done, as plain data. `src/tui/runtime/effects.ts` has one function a kind. */
export type Effect =
  | CallEffect
  /** Opens a file in `$EDITOR` or `$PAGER`; comes back as an `outside_ended` event. */
  | { kind: 'edit_file'; path: string; tag: string }
  | { kind: 'page_file'; path: string; tag: string }
  /**
   * Opens a copy of a text in `$EDITOR`, in a file of this name; what it is afterwards comes back as a `text_edited` event.
   */
  | { kind: 'edit_text'; text: string; fileName: string; tag: string }
  /** Shows a text in `$PAGER`, through a file of its own. */
  | { kind: 'page_text'; text: string; tag: string }
  /** Puts a text on the clipboard (OSC 52). `what` is named in the notice: `3 lines`. */
  | { kind: 'copy'; text: string; what: string }
  /** Reads more of the log that is open. It comes back as `log` events. */
  | { kind: 'read_log'; runId: string; request: LogRequest }
  /** Shows what a run has left behind in `$PAGER`: its log, or the first page that it kept. */
  | { kind: 'page_run'; jobId: string; runId: string; file: 'log' | 'page'; tag: string }
  /** Reads items of a run. They come back as an `items` event. */
  | { kind: 'read_items'; jobId: string; runId: string; first: number; count: number }
  /**
   * Brings a version of a configuration back from its file in the trash; `ifRevision` is what must be there now, `null` for
   * none.
   */
  | { kind: 'restore_config'; name: string; file: string; ifRevision: string | null }
  /** Keeps what somebody prefers for the next time. */
  | { kind: 'save_preferences'; changed: Partial<Preferences> }
  | { kind: 'use_mouse'; on: boolean }
  /** Ctrl-Z: stops the program until the shell lets it go on. */
  | { kind: 'suspend' }
  | { kind: 'quit'; exitCode: number };

export type EffectOf<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

/** How somebody likes the dashboard: kept from one time to the next, and apart from the home of the jobs. */
export interface Preferences {
  readonly sort: Sort;
  /** Of this home; others have filters of their own. */
  readonly filter: string;
  readonly timelineSpan: TimelineSpan;
  readonly logWrap: boolean;
  readonly mouse: boolean;
  readonly theme: ThemeName;
  readonly signs: SignSet;
}

/** What is kept from one time to the next: what somebody prefers, and when the dashboard of this home was left, epoch ms. */
export interface SavedPreferences extends Preferences {
  readonly leftAt: number;
}

/** The views and what each is opened with; what it remembers beyond that is a field of the state. */
export interface ViewParams {
  jobs: object;
  runs: { jobId: string };
  /** `since`: the job's newest run is shown, which began then or was queued; one that begins later takes its place. */
  log: { jobId: string; runId: string; since?: number };
  items: { jobId: string; runId: string };
  timeline: object;
  /** A job's form; what is in it is in the state's `form`. */
  form: object;
  configs: object;
  /** What was deleted. */
  trash: object;
  /** A configuration that is worked on: the state's `configs.bench`. */
  config: object;
}

export type ViewName = keyof ViewParams;

export type View = { [N in ViewName]: { name: N } & ViewParams[N] }[ViewName];

/** The dialogs and what each holds. A dialog lies over the view and has all keys. */
interface DialogParams {
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

/** What an event leads to: the next state, and what is to be done. */
export interface Step {
  state: State;
  effects: readonly Effect[];
}

/**
 * How one share of the state follows what happens: told of every event that is no input, in the order of `reducers.ts`. It
 * changes its own field of the state only, and returns the very state it was given when nothing of it changes.
 */
export type Reducer = (state: State, event: Event) => Step;

export type Tone = 'info' | 'good' | 'warning' | 'bad';

/** Something that happened, said in one line. It is shown for a while and kept in the list of notices. */
export interface Notice {
  /** Epoch milliseconds. */
  at: number;
  tone: Tone;
  text: string;
  /** Shown on the notice line until then (epoch ms); 0 when it was shown long enough. */
  until: number;
}

/** The keys of those actions that have others than the table gives them, by the action's id; none: an empty list. */
export type KeyBindings = ReadonlyMap<string, readonly string[]>;

export const NO_BINDINGS: KeyBindings = new Map();

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

type Pane = 'main' | 'side';

/** What is known before anything has happened. */
export type StateOptions = Pick<
  State,
  'columns' | 'rows' | 'now' | 'timezone' | 'readOnly' | 'mouse' | 'linear' | 'paths' | 'homeName'
>;

/**
 * Something that is to be looked after for as long as the state asks for it, as plain data: equal ones are one. What is
 * noticed comes as events. `src/tui/runtime/subscriptions.ts` has one function a kind.
 */
export type Subscription =
  /** A `tick` once a second. */
  | { kind: 'clock' }
  /** `home` events: all jobs, and what happens to them. */
  | { kind: 'home' }
  /** One `job_detail` event: what there is to say of a job. With another `mark` it is asked anew. */
  | { kind: 'job_detail'; jobId: string; version: string }
  /** `log` events: the log of a run, as it grows. */
  | { kind: 'log'; jobId: string; runId: string }
  /** `timeline` events: what ran and what comes in a period. */
  | { kind: 'timeline'; query: TimelineQuery }
  /** `trash` events: what was deleted and can be brought back. */
  | { kind: 'trash' }
  /** `configs` events: all configurations, and again when one changes. */
  | { kind: 'configs' }
  /** One `config_checked` event: whether a stored text can run. */
  | { kind: 'config_check'; name: string; yaml: string }
  /** One `proposed` event: what could be taken from a page. */
  | { kind: 'proposal'; id: number; url: string; name: string }
  /** One `trial_ended` event: what a text takes from its pages. It is called off when nobody asks for it any more. */
  | { kind: 'trial'; id: number; params: OperationInput<'test_config'> };

export type SubscriptionOf<K extends Subscription['kind']> = Extract<Subscription, { kind: K }>;

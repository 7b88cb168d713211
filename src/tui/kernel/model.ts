import type { HomePaths } from '../../core/fs/paths.ts';
import type { HomeData, HomeEvent } from '../home/home-data.ts';
import type { Input } from '../ui/input.ts';
import type { EditedLine } from '../ui/text/edit-line.ts';
import type { Appearance, SignSet, ThemeName } from '../ui/theme.ts';
import type { AnswerEvent, CallEffect } from './call.ts';

/** What can happen, by kind; the models of the features add theirs. */
export interface EventKinds {
  resize: { columns: number; rows: number };
  /** Once a second, and when something else needs the time: the clock of the state. */
  tick: { now: number };
  /** An editor or pager has ended. */
  outside_ended: { tag: string; ok: boolean; problem?: string };
  /** An editor that had a copy of a text has ended. `text` is what the copy is now; without one it could not be read. */
  text_edited: { tag: string; text?: string; problem?: string };
  /** Something that people should know, from the effect runner. */
  said: { tone: 'info' | 'good' | 'warning' | 'bad'; text: string };
}

type EventOf<K extends keyof EventKinds> = { kind: K } & EventKinds[K];

/** All that can happen to the dashboard; a home event says what the home is like now, and what happened in it. */
export type Event =
  | Input
  | HomeEvent
  | AnswerEvent
  | { [K in keyof EventKinds]: EventOf<K> }[keyof EventKinds];

/** What can be wanted done beside calls, by kind; the models of the features add theirs. */
export interface EffectKinds {
  /** Opens a file in `$EDITOR` or `$PAGER`; comes back as an `outside_ended` event. */
  edit_file: { path: string; tag: string };
  page_file: { path: string; tag: string };
  /** Opens a copy of a text in `$EDITOR`, in a file of this name; what it is afterwards comes back as a `text_edited` event. */
  edit_text: { text: string; fileName: string; tag: string };
  /** Shows a text in `$PAGER`, through a file of its own. */
  page_text: { text: string; tag: string };
  /** Puts a text on the clipboard (OSC 52). `what` is named in the notice: `3 lines`. */
  copy: { text: string; what: string };
  /** Shows what a run has left behind in `$PAGER`: its log, or the first page that it kept. */
  page_run: { jobId: string; runId: string; file: 'log' | 'page'; tag: string };
  /** Keeps what somebody prefers for the next time. */
  save_preferences: { changed: Partial<Preferences> };
  use_mouse: { on: boolean };
  /** Ctrl-Z: stops the program until the shell lets it go on. */
  suspend: object;
  quit: { exitCode: number };
}

/** What a reducer wants done, as plain data. */
export type Effect =
  | CallEffect
  | { [K in keyof EffectKinds]: { kind: K } & EffectKinds[K] }[keyof EffectKinds];

export type EffectOf<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

/**
 * How somebody likes the dashboard: kept from one time to the next, and apart from the home of the jobs. The models of the
 * features add theirs.
 */
export interface Preferences {
  readonly mouse: boolean;
  readonly theme: ThemeName;
  readonly signs: SignSet;
}

/** What is kept from one time to the next: what somebody prefers, and when the dashboard of this home was left, epoch ms. */
export interface SavedPreferences extends Preferences {
  readonly leftAt: number;
}

/**
 * The views and what each is opened with; what it remembers beyond that is a field of the state. The models of the features
 * add theirs.
 */
// biome-ignore lint/suspicious/noEmptyInterface: each view is added by its feature
export interface ViewParams {}

export type ViewName = keyof ViewParams;

export type View = { [N in ViewName]: { name: N } & ViewParams[N] }[ViewName];

export interface ConfirmParams {
  title: string;
  /** The jobs it happens to: the first few are shown, and how many more there are. */
  names?: readonly string[];
  /** What will happen, a sentence a line. */
  lines: readonly string[];
  /** What is carried out after a yes. */
  effects: readonly Effect[];
  /** Set: this number has to be typed in place of `y`. */
  count?: number;
  typed: string;
}

/** The dialogs and what each holds; the models of the features add theirs. A dialog lies over the view and has all keys. */
export interface DialogParams {
  /** Asks before something that is not easily undone. The default is No: Enter does nothing, only `y` applies. */
  confirm: ConfirmParams;
  /** All actions of the view, found by letters. */
  palette: { query: EditedLine; index: number };
  /** All keys of the view, found by words. */
  help: { query: EditedLine; top: number };
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
 * How one share of the state follows what happens: told of every event that is no input, in the order of `features.ts`. It
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

/** All that the dashboard knows: plain data, never changed in place. The models of the features add their fields. */
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
}

type Pane = 'main' | 'side';

/** What is known before anything has happened. */
export type StateOptions = Pick<
  State,
  'columns' | 'rows' | 'now' | 'timezone' | 'readOnly' | 'mouse' | 'linear' | 'paths' | 'homeName'
>;

/** What can be looked after, by kind; the models of the features add theirs. */
export interface SubscriptionKinds {
  /** A `tick` once a second. */
  clock: object;
  /** `home` events: all jobs, and what happens to them. */
  home: object;
}

/**
 * Something that is to be looked after for as long as the state asks for it, as plain data: equal ones are one. What is
 * noticed comes as events.
 */
export type Subscription = {
  [K in keyof SubscriptionKinds]: { kind: K } & SubscriptionKinds[K];
}[keyof SubscriptionKinds];

export type SubscriptionOf<K extends Subscription['kind']> = Extract<Subscription, { kind: K }>;

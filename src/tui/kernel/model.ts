import type { HomePaths } from '../../core/fs/paths.ts';
import type { HomeData, HomeEvent } from '../home/home-data.ts';
import type { Input } from '../ui/input.ts';
import type { Background } from '../ui/styles.ts';
import type { EditedLine } from '../ui/text/edit-line.ts';
import type { Appearance, SignSet, ThemeName } from '../ui/theme.ts';
import type { AnswerEvent, CallEffect } from './call.ts';
import type { OwnCommand } from './own-command.ts';

/** The events by kind; the models of the features add theirs. */
export interface EventKinds {
  resize: { columns: number; rows: number };
  /** The terminal has answered what its background is. */
  background: { background: Background };
  /** Sent once a second, and when other code needs the current time; sets the state's clock. */
  tick: { now: number };
  /** An editor or pager has ended. */
  outside_ended: { tag: string; ok: boolean; problem?: string };
  /**
   * An editor with a copy of a text has ended. `text` is the copy's new content; it is absent if the copy was not
   * readable.
   */
  text_edited: { tag: string; text?: string; problem?: string };
  /** The user's key file was read; without a text there is none, or it cannot be read. */
  program: { isReplaced: boolean };
  key_file: { text: string | undefined; problem?: string };
  /** The same for the user's command file. */
  command_file: { text: string | undefined; problem?: string };
  /** A message for the user from the effect runner. */
  said: { tone: Tone; text: string; subject?: string };
}

type EventOf<K extends keyof EventKinds> = { kind: K } & EventKinds[K];

/** All events of the dashboard. A home event has the home's current data and its changes. */
export type Event =
  | Input
  | HomeEvent
  | AnswerEvent
  | { [K in keyof EventKinds]: EventOf<K> }[keyof EventKinds];

/** The effects other than calls, by kind; the models of the features add theirs. */
export interface EffectKinds {
  /** Opens a file in `$EDITOR` or `$PAGER`; returns as an `outside_ended` event. */
  edit_file: { path: string; tag: string };
  page_file: { path: string; tag: string };
  /** Opens a copy of a text in `$EDITOR`, in a file of this name; its new content returns as a `text_edited` event. */
  edit_text: { text: string; fileName: string; tag: string };
  /** Shows a text in `$PAGER`, through a temporary file. */
  page_text: { text: string; tag: string };
  /** Shows what a command of this program prints in `$PAGER`, once it has ended. It must change nothing. */
  page_command: { args: readonly string[]; tag: string };
  /** Copies a text to the clipboard (OSC 52). The notice names `what`: `3 lines`. */
  copy: { text: string; what: string };
  /** Shows a file of a run in `$PAGER`: its log, or the first page that it saved. */
  page_run: { jobId: string; runId: string; file: 'log' | 'page'; tag: string };
  /**
   * Runs a command of the user, on the terminal or in the background. Its failure, and the result of one in the
   * background, return as a `said` event about `id`.
   */
  run_command: {
    id: string;
    title: string;
    argv: readonly string[];
    background: boolean;
    readsOnly: boolean;
  };
  /** Saves preferences for the next start. */
  save_preferences: { changed: Partial<Preferences> };
  use_mouse: { on: boolean };
  /** Ctrl-Z: stops the program until the shell continues it. */
  suspend: object;
  quit: { exitCode: number };
}

/** An effect that a reducer requests, as plain data. */
export type Effect =
  | CallEffect
  | { [K in keyof EffectKinds]: { kind: K } & EffectKinds[K] }[keyof EffectKinds];

export type EffectOf<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

/**
 * The user's preferences for the dashboard. They are saved between starts, outside the home of the jobs. The models of
 * the features add theirs.
 */
export interface Preferences {
  readonly mouse: boolean;
  readonly zoomed: boolean;
  readonly theme: ThemeName;
  readonly signs: SignSet;
}

/** The saved values: the preferences, and when this home's dashboard was closed, in epoch ms. */
export interface SavedPreferences extends Preferences {
  readonly leftAt: number;
}

/**
 * The views and the parameters with which each is opened. Other data of a view is a field of the state. The models of
 * the features add theirs.
 */
// biome-ignore lint/suspicious/noEmptyInterface: each view is added by its feature
export interface ViewParams {}

export type ViewName = keyof ViewParams;

export type View = { [N in ViewName]: { name: N } & ViewParams[N] }[ViewName];

export interface ConfirmParams {
  title: string;
  /** The affected jobs; the first few are listed, then the number of the others. */
  names?: readonly string[];
  /** The consequences, one sentence per line. */
  lines: readonly string[];
  /** The effects to run after a yes. */
  effects: readonly Effect[];
  /** If set, the user must type this number instead of `y`. */
  count?: number;
  typed: string;
  /** The first line in sight, where not all have room. */
  top?: number;
}

/**
 * The dialogs and their data; the models of the features add theirs. A dialog lies over the view and receives all keys.
 */
export interface DialogParams {
  /** Asks before a change that is hard to undo. The default is No: Enter does nothing, only `y` confirms. */
  confirm: ConfirmParams;
  /** All actions of the view, with a fuzzy search. */
  palette: { query: EditedLine; index: number };
  /**
   * All keys of the view, with a search by words. `index` is the selected line, not counting the names of groups. After `/`,
   * all letters are searched for.
   */
  help: { query: EditedLine; index: number; isFinding?: true };
}

export type DialogKind = keyof DialogParams;

export type DialogOf<K extends DialogKind> = { kind: K } & DialogParams[K];

export type Dialog = { [K in DialogKind]: DialogOf<K> }[DialogKind];

/** The result of an event: the next state, and the effects to run. */
export interface Step {
  state: State;
  effects: readonly Effect[];
}

/**
 * Updates one field of the state. It receives every event except input, in the order of `features.ts`. It returns the
 * same state object when its field does not change.
 */
export type Reducer = (state: State, event: Event) => Step;

export type Tone = 'info' | 'good' | 'warning' | 'bad';

/** A message in one line. It is shown for a limited time and stays in the list of notices. */
export interface Notice {
  /** Epoch milliseconds. */
  at: number;
  tone: Tone;
  text: string;
  /** What it is about, such as the id of a job: a newer notice about the same replaces it, even a bad one. */
  subject: string;
  /** The end of its time on the notice line (epoch ms); 0 when that time has passed. */
  until: number;
}

/** The keys of actions whose keys differ from the table, by action id; an empty list means no key. */
export type KeyBindings = ReadonlyMap<string, readonly string[]>;

export const NO_BINDINGS: KeyBindings = new Map();

/**
 * The whole state of the dashboard: plain data, never changed in place. The models of the features add their fields.
 */
export interface State {
  /** Size of the terminal in cells. */
  columns: number;
  rows: number;
  /**
   * Epoch milliseconds of the last tick. Use it only for texts that change by the minute; for seconds see `ClockText`.
   */
  now: number;
  /** The machine's time zone, an IANA name. */
  timezone: string;
  /** Nothing can be changed from this dashboard (`--read-only`). */
  readOnly: boolean;
  /** Whether the terminal reports mouse events. */
  mouse: boolean;
  /** Drawn for a screen reader: one thing below the other, in words. */
  linear: boolean;
  /** The appearance of the dashboard. */
  appearance: Appearance;
  /** The terminal's background; absent while it is not known. */
  background?: Background;
  /** The keys that differ from the table: those that the user has chosen, and what follows from them. */
  keys: KeyBindings;
  /** The keys that the user's key file gives to actions. */
  chosenKeys: KeyBindings;
  /** The user's key file as it was last read; without a text there is none. */
  keyFile: { readonly text: string | undefined; readonly problems: readonly string[] };
  /** The same of the user's command file, and the commands that count. */
  commandFile: {
    readonly text: string | undefined;
    readonly problems: readonly string[];
    readonly commands: readonly OwnCommand[];
  };
  /** The paths of the home's files. */
  paths: HomePaths;
  /** The program was upgraded, or removed, since this dashboard was opened. */
  isReplaced: boolean;
  /** The home as people write it: `~/.quickscrape`. */
  homeName: string;
  /** The home's folder, if the user named it. */
  namedHome?: string | undefined;
  /** The home's data; `undefined` until it was read. */
  home: HomeData | undefined;
  /** The open views; the last one is shown. Never empty. */
  views: readonly View[];
  /** The pane of the view that receives the keys. */
  pane: Pane;
  /** That pane has the room of both. */
  zoomed: boolean;
  /** The dialog over the view, which receives the keys. */
  dialog: Dialog | undefined;
  /** The keys of a chord so far, such as `g` of `g g`. */
  chord: readonly string[];
  /** Newest last. */
  notices: readonly Notice[];
}

type Pane = 'main' | 'side';

/** The fields that are set before the first event. */
export type StateOptions = Pick<
  State,
  | 'columns'
  | 'rows'
  | 'now'
  | 'timezone'
  | 'readOnly'
  | 'mouse'
  | 'linear'
  | 'paths'
  | 'homeName'
  | 'namedHome'
>;

/** The subscriptions by kind; the models of the features add theirs. */
export interface SubscriptionKinds {
  /** A `tick` once a second. */
  clock: object;
  /** `home` events: all jobs, and their changes. */
  home: object;
  /** `key_file` events: the user's own keys. */
  key_file: object;
  /** `command_file` events: the user's own commands. */
  command_file: object;
  /** `program` events: whether the program was upgraded meanwhile. */
  program: object;
}

/** A source of events that is followed as long as the state needs it, as plain data: equal subscriptions are one. */
export type Subscription = {
  [K in keyof SubscriptionKinds]: { kind: K } & SubscriptionKinds[K];
}[keyof SubscriptionKinds];

export type SubscriptionOf<K extends Subscription['kind']> = Extract<Subscription, { kind: K }>;

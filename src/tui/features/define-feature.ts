import type { ComponentType } from 'react';
import type { Action } from '../kernel/action.ts';
import type {
  DialogKind,
  DialogOf,
  Effect,
  Reducer,
  State,
  Step,
  Subscription,
  ViewName,
} from '../kernel/model.ts';
import type { EffectHandler, Subscriber } from '../runtime/effect-context.ts';
import type { Input, MouseInput } from '../ui/input.ts';
import type { PaneRules, Rect } from '../ui/layout.ts';

/** The properties of a pane. A pane fills its rectangle and draws nothing outside it. */
export interface PaneProps {
  state: State;
  rect: Rect;
  /** The pane receives the keys. */
  focused: boolean;
}

/** The properties of a dialog. A dialog is drawn inside the body. */
export interface DialogProps<K extends DialogKind> {
  state: State;
  dialog: DialogOf<K>;
  body: Rect;
}

/** A key in the footer with its description. */
export interface FooterPart {
  key: string;
  word: string;
  /** The key does nothing now, and what is above the footer says why: it is shown faint. */
  isRefused?: true;
}

export const CHOOSE: FooterPart = { key: '↑↓', word: 'choose' };
export const SCROLL: FooterPart = { key: '↑↓', word: 'scroll' };
export const CLOSE: FooterPart = { key: 'Esc', word: 'close' };

/** Enter while what is typed cannot be taken: the reason is above the footer. */
export const REFUSED_ENTER: FooterPart = { key: 'Enter', word: 'refused: see above', isRefused: true };

/** The footer of a list whose selected row some keys take; without a row there is nothing to take. */
export function listKeys(hasRow: boolean, ...keys: readonly FooterPart[]): readonly FooterPart[] {
  return hasRow ? [...keys, CHOOSE, CLOSE] : [CLOSE];
}

/** The behaviour of a view. */
export interface ViewRules {
  /** The title in the header, such as `Jobs` or the job's id. */
  title(state: State): string;
  /** How the panes share the screen. Only set where it differs from the other views. */
  panes?(state: State): PaneRules;
  /** Why the second pane has nothing to show now, so that no key leads there: `There is no worker.` */
  whyNoSide?(state: State): string | undefined;
  /** Tab moves within the first pane, and the second pane only displays. */
  ownsTab?: true;
  /**
   * Handles an input before the actions do, such as letters into a field or a click. `undefined` leaves the input to
   * the actions. While the user types into the view, all text passes through here.
   */
  onInput?(state: State, input: Input): Step | undefined;
  /** The row of the list that is clicked. On such a row, a double click does what Enter does. */
  rowAt?(state: State, click: MouseInput): number | undefined;
  /** Replaces {@link closeView}, for a view that has unsaved work. */
  onLeave?(state: State): Step;
  /** Whether text goes into a field. Then only those keys of the actions work that do not type text. */
  isTyping?(state: State): boolean;
  /** The subscriptions while the view is shown, such as the log that it follows. */
  subscriptions?(state: State): readonly Subscription[];
  /** The footer while the user types into a line of the view; `undefined` leaves the footer to the actions. */
  footer?(state: State): readonly FooterPart[] | undefined;
}

export interface ViewDefinition extends ViewRules {
  /** Where its actions apply, for the palette of other views: `in the log of a run`. */
  where: string;
  Main: ComponentType<PaneProps>;
  /** A second pane, beside or below the first. */
  Side?: ComponentType<PaneProps>;
}

/** The behaviour of a dialog. */
export interface DialogRules<K extends DialogKind> {
  onInput(state: State, dialog: DialogOf<K>, input: Input): DialogStep;
  /** The row of the dialog's list in a cell of the screen. A click selects it; a double click then does what Enter does. */
  rowAt?(state: State, dialog: DialogOf<K>, click: MouseInput, body: Rect): number | undefined;
  /** The dialog with this row selected; default: its `index` is the row. */
  selectRow?(dialog: DialogOf<K>, row: number): DialogOf<K>;
}

/** `thenPerform` is the id of an action of another feature. It runs on the state after the step. */
export interface DialogStep extends Step {
  thenPerform?: string;
}

export interface DialogDefinition<K extends DialogKind> extends DialogRules<K> {
  Component: ComponentType<DialogProps<K>>;
  /** The last part closes the dialog. It is always shown, even when there is little room. */
  footer:
    | readonly FooterPart[]
    | ((state: State, dialog: DialogOf<K>, columns: number) => readonly FooterPart[]);
}

/** Everything that a feature contributes to the dashboard. */
export interface Feature<
  S extends keyof State = never,
  V extends ViewName = never,
  D extends DialogKind = never,
  E extends Effect['kind'] = never,
  W extends Subscription['kind'] = never,
> {
  /** The fields of the state that the feature owns, with their initial values. */
  initial?: Pick<State, S>;
  /** These reducers receive an event before the home is updated, so that they can compare. */
  earlyReducers?: readonly Reducer[];
  reducers?: readonly Reducer[];
  /** These reducers receive an event after all others. */
  lateReducers?: readonly Reducer[];
  views?: { readonly [N in V]: ViewDefinition };
  dialogs?: { readonly [K in D]: DialogDefinition<K> };
  /** The actions, in the order of the footer and of the help. */
  actions?: readonly Action[];
  /** The handlers of the effects. */
  effects?: { readonly [K in E]: EffectHandler<K> };
  /** The functions that start the subscriptions. */
  subscribers?: { readonly [K in W]: Subscriber<K> };
}

/**
 * Declares a feature. Its type records what the feature provides, so that `features.ts` can check that nothing is
 * missing.
 */
export function defineFeature<
  S extends keyof State = never,
  V extends ViewName = never,
  D extends DialogKind = never,
  E extends Effect['kind'] = never,
  W extends Subscription['kind'] = never,
>(feature: Feature<S, V, D, E, W>): Feature<S, V, D, E, W> {
  return feature;
}

type Intersection<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer I) => void
  ? I
  : never;

/**
 * Merges the parts of all features into one object.
 * @throws TypeError when two parts have the same name
 */
export function mergeParts<T extends object>(parts: readonly (T | undefined)[]): Intersection<T> {
  const merged: Record<string, unknown> = {};
  for (const [name, value] of parts.flatMap((part) => Object.entries(part ?? {}))) {
    if (Object.hasOwn(merged, name)) throw new TypeError(`two features have ${name}`);
    merged[name] = value;
  }
  return merged as Intersection<T>;
}

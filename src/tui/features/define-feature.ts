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
import type { Input } from '../ui/input.ts';
import type { Rect } from '../ui/layout.ts';

/** What a pane is drawn from. It fills its rectangle and nothing else. */
export interface PaneProps {
  state: State;
  rect: Rect;
  /** It has the keys. */
  focused: boolean;
}

/** What a dialog is drawn from; it lies somewhere within the body. */
export interface DialogProps<K extends DialogKind> {
  state: State;
  dialog: DialogOf<K>;
  body: Rect;
}

/** A key in the footer, and what it does. */
export interface FooterPart {
  key: string;
  word: string;
}

export const CHOOSE: FooterPart = { key: '↑↓', word: 'choose' };
export const SCROLL: FooterPart = { key: '↑↓', word: 'scroll' };
export const CLOSE: FooterPart = { key: 'Esc', word: 'close' };

/** How a view behaves. */
export interface ViewRules {
  /** For the header, such as `Jobs` or the job's id. */
  title(state: State): string;
  /** From so many columns on the second pane is beside the first, where that is not as with the other views. */
  wideFrom?: number;
  /** Tab moves within the first pane, and the second is only looked at. */
  ownsTab?: true;
  /**
   * Takes an input before the actions do, such as letters into a field or a click; `undefined` leaves it to them. All
   * text goes through here while the view is being typed into.
   */
  onInput?(state: State, input: Input): Step | undefined;
  /** Goes back in place of {@link closeView}, for a view that has something to lose. */
  onLeave?(state: State): Step;
  /** Text goes into a field: actions are reached by those of their keys that write nothing. */
  isTyping?(state: State): boolean;
  /** What is to be looked after while the view is shown, such as the log that it follows. */
  subscriptions?(state: State): readonly Subscription[];
  /** The footer while a line of the view's own is typed into; `undefined` leaves it to the actions. */
  footer?(state: State): readonly FooterPart[] | undefined;
}

export interface ViewDefinition extends ViewRules {
  /** Where its actions count, for the palette of other views: `in the log of a run`. */
  where: string;
  Main: ComponentType<PaneProps>;
  /** A second pane, beside or below the first. */
  Side?: ComponentType<PaneProps>;
}

/** How a dialog behaves. */
export interface DialogRules<K extends DialogKind> {
  onInput(state: State, dialog: DialogOf<K>, input: Input): DialogStep;
}

/** `thenPerform` is the id of an action of another feature, which is done in the state after the step. */
export interface DialogStep extends Step {
  thenPerform?: string;
}

export interface DialogDefinition<K extends DialogKind> extends DialogRules<K> {
  Component: ComponentType<DialogProps<K>>;
  /** The last one is the way out: it is shown whatever the room. */
  footer:
    | readonly FooterPart[]
    | ((state: State, dialog: DialogOf<K>, columns: number) => readonly FooterPart[]);
}

/** All that the dashboard has to know of a feature. */
export interface Feature<
  S extends keyof State = never,
  V extends ViewName = never,
  D extends DialogKind = never,
  E extends Effect['kind'] = never,
  W extends Subscription['kind'] = never,
> {
  /** The fields of the state that it owns, with their first values. */
  initial?: Pick<State, S>;
  /** They are told of an event before the home is changed by it: they compare. */
  earlyReducers?: readonly Reducer[];
  reducers?: readonly Reducer[];
  /** They see what all others have made of an event. */
  lateReducers?: readonly Reducer[];
  views?: { readonly [N in V]: ViewDefinition };
  dialogs?: { readonly [K in D]: DialogDefinition<K> };
  /** In the order of the footer and of help. */
  actions?: readonly Action[];
  /** Who carries out which effect. */
  effects?: { readonly [K in E]: EffectHandler<K> };
  /** Who begins which subscription. */
  subscribers?: { readonly [K in W]: Subscriber<K> };
}

/** Says of a feature what it has, so that `features.ts` can tell what is missing. */
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
 * One object of the parts of all features.
 * @throws TypeError when two parts have the same name
 */
export function mergeParts<T extends object>(parts: readonly (T | undefined)[]): Intersection<T> {
  const merged: Record<string, unknown> = {};
  for (const [name, value] of parts.flatMap((part) => Object.entries(part ?? {}))) {
    if (name in merged) throw new TypeError(`two features have ${name}`);
    merged[name] = value;
  }
  return merged as Intersection<T>;
}

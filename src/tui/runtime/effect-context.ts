import type { Workspace } from '../../core/workspace.ts';
import type {
  Effect,
  EffectOf,
  Event,
  SavedPreferences,
  Subscription,
  SubscriptionOf,
} from '../kernel/model.ts';
import type { LiveHome } from './home/live-home.ts';
import type { Keyboard } from './input/keyboard.ts';
import type { Screen } from './terminal/screen.ts';

/** What effects are carried out with, and watches kept. */
export interface EffectContext {
  readonly workspace: Workspace;
  readonly screen: Screen;
  readonly keyboard: Keyboard;
  readonly preferences: { save(changed: Partial<SavedPreferences>): void };
  /** `--read-only` */
  readonly readOnly: boolean;
  /** The home as it is watched; `undefined` while it is not. */
  live: LiveHome | undefined;
  /** Tells the dashboard what has come of it. */
  readonly send: (event: Event) => void;
  readonly quit: (exitCode: number) => void;
  /** Ends the dashboard with an error that nothing can be done about. */
  readonly fail: (error: unknown) => void;
}

/** Ends a watch; nothing is told any more once it has been called. */
export type Unsubscribe = () => void | Promise<void>;

export type EffectHandler<K extends Effect['kind']> = (effect: EffectOf<K>, context: EffectContext) => void;

export type EffectHandlers = { readonly [K in Effect['kind']]: EffectHandler<K> };

export type Subscriber<K extends Subscription['kind']> = (
  subscription: SubscriptionOf<K>,
  context: EffectContext,
) => Unsubscribe;

export type Subscribers = { readonly [K in Subscription['kind']]: Subscriber<K> };

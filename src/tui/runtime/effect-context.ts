import type { Workspace } from '../../core/workspace.ts';
import type { OpenableHome } from '../home/openable-home.ts';
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

/** The context in which effects run and subscriptions are active. */
export interface EffectContext {
  readonly workspace: Workspace;
  readonly screen: Screen;
  readonly keyboard: Keyboard;
  readonly preferences: { save(changed: Partial<SavedPreferences>): void };
  /** `--read-only` */
  readonly readOnly: boolean;
  /** The subscribed home; `undefined` while there is no subscription. */
  live: LiveHome | undefined;
  /** Sends an event with the result to the dashboard. */
  readonly send: (event: Event) => void;
  readonly quit: (exitCode: number) => void;
  /** The home that the dashboard was opened with. */
  readonly startHome: OpenableHome;
  /** Closes the dashboard of this home and opens that of another one. */
  readonly openHome: (home: OpenableHome) => void;
  /** Ends the dashboard with an error that it cannot handle. */
  readonly fail: (error: unknown) => void;
}

/** Ends a subscription. Afterwards it sends no more events. */
export type Unsubscribe = () => void | Promise<void>;

export type EffectHandler<K extends Effect['kind']> = (effect: EffectOf<K>, context: EffectContext) => void;

export type EffectHandlers = { readonly [K in Effect['kind']]: EffectHandler<K> };

export type Subscriber<K extends Subscription['kind']> = (
  subscription: SubscriptionOf<K>,
  context: EffectContext,
) => Unsubscribe;

export type Subscribers = { readonly [K in Subscription['kind']]: Subscriber<K> };

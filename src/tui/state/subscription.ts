import type { OperationInput } from '../../core/operations/call-operation.ts';
import type { TimelineQuery } from '../timeline/timeline-query.ts';

/**
 * Something that is to be looked after for as long as the state asks for it, as plain data: equal ones are one. What is
 * noticed comes as events. `src/tui/live/subscription-manager.ts` has one function a kind.
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

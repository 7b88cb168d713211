import type { HomeFigures } from './home-figures.ts';
import type { ShownMedians } from './read-medians.ts';

declare module '../../kernel/model.ts' {
  interface EventKinds {
    /** What ran in the home in the last day. */
    home_figures: { figures: HomeFigures };
  }
  interface Preferences {
    /** Charts are drawn in bars in place of Braille. */
    readonly chartBars: boolean;
  }
  interface State {
    charts: ChartsState;
  }
  interface SubscriptionKinds {
    /** `home_figures` events, a new one whenever a run has ended or a minute has passed. */
    home_figures: object;
  }
  interface ViewParams {
    /** The charts of a job. */
    charts: { jobId: string };
    /** The charts of all jobs. */
    home_charts: object;
  }
}

export interface ChartsState {
  /** The first row in sight. */
  readonly top: number;
  /** Bars in place of Braille, whose dots some fonts lack. */
  readonly hasBars: boolean;
  /** `undefined` until they were read. */
  readonly home: HomeFigures | undefined;
  /** Absent when they are not wanted. */
  readonly medians?: ShownMedians;
}

export const NO_CHARTS: ChartsState = { top: 0, hasBars: false, home: undefined };

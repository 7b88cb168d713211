import type { ActivityEntry } from '../../home/home-data.ts';

declare module '../../kernel/model.ts' {
  interface State {
    /** What anybody has done, for those who come back. */
    activity: Activity;
  }
  interface DialogParams {
    /** What has happened in the home; `index` counts from the newest. */
    activity: { index: number };
  }
}

/** What has happened in the home since somebody left the dashboard last, as far as one would want to know of it. */
export interface Activity {
  /** Oldest first. */
  readonly list: readonly ActivityEntry[];
  /** How many of them nobody here has looked at; what was done from here does not count. */
  readonly unseen: number;
  /** When the dashboard of this home was left last, epoch ms; `null` when nobody knows. */
  readonly lastVisitAt: number | null;
}

export const NO_ACTIVITY: Activity = { list: [], unseen: 0, lastVisitAt: null };

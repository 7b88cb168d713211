import type { ActivityEntry } from '../../home/home-data.ts';

declare module '../../kernel/model.ts' {
  interface State {
    /** Activity in the home, for users who return to the dashboard. */
    activity: Activity;
  }
  interface DialogParams {
    /** The activity list; `index` counts from the newest entry. */
    activity: { index: number };
  }
}

/** Notable activity in the home since the last visit to the dashboard. */
export interface Activity {
  /** Oldest first. */
  readonly list: readonly ActivityEntry[];
  /** What failed in the day before the list begins, newest first; read when the list is opened. */
  readonly past: readonly ActivityEntry[];
  /** The number of entries that were not yet shown here. Changes made from this dashboard do not count. */
  readonly unseen: number;
  /** When the dashboard of this home was last left, epoch ms; `null` when that is not known. */
  readonly lastVisitAt: number | null;
  /** When this dashboard was opened, epoch ms; `null` before that is set. */
  readonly openedAt: number | null;
}

export const NO_ACTIVITY: Activity = { list: [], past: [], unseen: 0, lastVisitAt: null, openedAt: null };

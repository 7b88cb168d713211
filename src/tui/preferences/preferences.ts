import { setFind } from '../find/find-state.ts';
import { withFind, withSort } from '../jobs/jobs-view.ts';
import type { Sort } from '../jobs/sort-jobs.ts';
import type { State } from '../state/state.ts';
import type { TimelineSpan } from '../timeline/cell-period.ts';

/** How somebody likes the dashboard: kept from one time to the next, and apart from the home of the jobs. */
export interface Preferences {
  readonly sort: Sort;
  /** Of this home; others have filters of their own. */
  readonly filter: string;
  readonly timelineSpan: TimelineSpan;
  readonly logWrap: boolean;
  readonly mouse: boolean;
  readonly theme: ThemeName;
  readonly signs: SignSet;
}

/** What is kept from one time to the next: what somebody prefers, and when the dashboard of this home was left, epoch ms. */
export interface SavedPreferences extends Preferences {
  readonly leftAt: number;
}

/** `terminal`: the terminal's own sixteen colours; `high_contrast`: its own ink and paper, at full strength. */
export type ThemeName = (typeof THEMES)[number];
export const THEMES = ['terminal', 'high_contrast'] as const;

/** `terminal`: what the terminal can show; `ascii`: nothing but ASCII. */
export type SignSet = (typeof SIGN_SETS)[number];
export const SIGN_SETS = ['terminal', 'ascii'] as const;

/** What somebody prefers at this moment. While a filter is typed, the one before counts. */
export function currentPreferences({ jobs, timeline, log, mouse, appearance }: State): Preferences {
  const { find, table } = jobs;
  return {
    sort: table.sort,
    filter: find.isOpen ? find.before : find.line.text,
    timelineSpan: timeline.slice.span,
    logWrap: log.slice.wrap,
    mouse,
    theme: appearance.theme,
    signs: appearance.signs,
  };
}

/** The state that begins with what was preferred; what is not known of that stays as it is. */
export function withPreferences(state: State, preferred: Partial<Preferences>): State {
  const before = currentPreferences(state);
  const { sort, filter, timelineSpan, logWrap, mouse, theme, signs } = { ...before, ...preferred };
  const filterText = withSort(withFind(state, setFind(state.jobs.find, filter)), sort);
  const { timeline, log } = filterText;
  return {
    ...filterText,
    mouse,
    appearance: { theme, signs },
    timeline: { ...timeline, slice: { ...timeline.slice, span: timelineSpan } },
    log: { ...log, slice: { ...log.slice, wrap: logWrap } },
  };
}

/** Those that are others than before. */
export function changedPreferences(before: State, after: State): Partial<Preferences> | undefined {
  if (before === after) return undefined;
  const [was, is] = [currentPreferences(before), currentPreferences(after)];
  const changed = (Object.keys(is) as (keyof Preferences)[]).filter((key) => is[key] !== was[key]);
  return changed.length === 0 ? undefined : Object.fromEntries(changed.map((key) => [key, is[key]]));
}

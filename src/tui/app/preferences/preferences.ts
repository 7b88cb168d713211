import { setFind } from '../../features/jobs/filter/find-state.ts';
import { withFind, withSort } from '../../features/jobs/reducer.ts';
import type { Preferences, State } from '../../kernel/model.ts';

/** The current preferences. While a filter is typed, the previous one counts. */
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

/** Applies saved preferences to the first state. Fields that they do not set stay unchanged. */
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

/** The preferences that differ from those before. */
export function changedPreferences(before: State, after: State): Partial<Preferences> | undefined {
  if (before === after) return undefined;
  const [was, is] = [currentPreferences(before), currentPreferences(after)];
  const changed = (Object.keys(is) as (keyof Preferences)[]).filter((key) => is[key] !== was[key]);
  return changed.length === 0 ? undefined : Object.fromEntries(changed.map((key) => [key, is[key]]));
}

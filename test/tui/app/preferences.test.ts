import { describe, expect, it } from 'vitest';
import { currentPreferences, withPreferences } from '../../../src/tui/app/preferences.ts';
import { reduce } from '../../../src/tui/app/reduce.ts';
import { currentLog } from '../../../src/tui/features/log/reducer.ts';
import { openView } from '../../../src/tui/kernel/step.ts';
import { applyAppearance, makeTheme } from '../../../src/tui/ui/theme.ts';
import { homeOf, jobRow } from '../job-rows.ts';
import { press, someState } from '../some-state.ts';

const LIKED = {
  ...({ sort: { by: 'items', descending: true }, filter: 'one', timelineSpan: 'week' } as const),
  jobColumns: { hidden: ['took'], order: ['job', 'state'], widths: { job: 30 } },
  ...({
    logWrap: true,
    chartBars: true,
    mouse: false,
    zoomed: true,
    theme: 'high_contrast',
    signs: 'ascii',
  } as const),
};

describe('preferences', () => {
  it('begin the dashboard as it was left', () => {
    const state = withPreferences(someState(), LIKED);
    expect(currentPreferences(state)).toEqual(LIKED);
    const data = homeOf([jobRow('one'), jobRow('two')]);
    const { state: shown } = reduce(state, { kind: 'home', data, changed: [], activity: [] });
    expect(shown.jobs.table.rows.map(({ id }) => id)).toEqual(['one']);
    const open = openView(shown, { name: 'log', jobId: 'one', runId: 'r1' }).state;
    expect(currentLog(open).slice.wrap).toBe(true);
  });

  it('are saved when they change, each for itself', () => {
    const saved = (...keys: string[]) =>
      press(someState(), ...keys).effects.filter(({ kind }) => kind === 'save_preferences');
    expect(saved('m')).toEqual([{ kind: 'save_preferences', changed: { mouse: false } }]);
    expect(saved('S')).toEqual([
      { kind: 'save_preferences', changed: { sort: { by: 'job', descending: true } } },
    ]);
    expect(saved('+')).toEqual([{ kind: 'save_preferences', changed: { zoomed: true } }]);
    expect(saved('T', 'w')).toEqual([{ kind: 'save_preferences', changed: { timelineSpan: 'week' } }]);
    expect(saved('j', '?', 'escape')).toEqual([]);
  });

  it('hold a filter when it is kept, not while it is typed', () => {
    const saved = (...keys: string[]) =>
      press(someState(), ...keys).effects.filter(({ kind }) => kind === 'save_preferences');
    expect(saved('/', 'a', 'b')).toEqual([]);
    expect(saved('/', 'a', 'b', 'escape')).toEqual([]);
    expect(saved('/', 'a', 'b', 'enter')).toEqual([{ kind: 'save_preferences', changed: { filter: 'ab' } }]);
  });

  it('choose the looks by the palette, as far as the terminal can show them', () => {
    const { state } = press(someState(), ':', ...'contrast', 'enter');
    expect(state.appearance).toEqual({ theme: 'high_contrast', signs: 'terminal' });
    const terminal = makeTheme({ colors: true, unicode: true });
    expect(applyAppearance(terminal, state.appearance).style('bad')).toEqual({ bold: true, underline: true });
    expect(applyAppearance(terminal, { theme: 'terminal', signs: 'ascii' }).unicode).toBe(false);
    const poor = makeTheme({ colors: false, unicode: false });
    expect(applyAppearance(poor, state.appearance)).toMatchObject({ colors: false, unicode: false });
  });
});

import { cleanup } from 'ink-testing-library';
import { afterEach, expect, it } from 'vitest';
import { reduce } from '../../../src/tui/reduce.ts';
import { frameOf } from '../frame-of.tsx';
import { homeOf, jobRow, NOW } from '../job-rows.ts';
import { press, someState, typed } from '../some-state.ts';

afterEach(cleanup);

it('says what its signs mean where there is room beside what is under the cursor', () => {
  const wide = frameOf(press(someState({ columns: 120, rows: 24 }), 'T').state).at(-3);
  expect(wide).toMatch(
    /^\w{3} 26 Nov \d\d:\d\d–\d\d:\d\d {2}nothing .* ◇ due {2}2 due twice {2}█ ran {2}✗ failed {2}▚ failed, then ran {2}○ missed$/,
  );
  expect(frameOf(press(someState({ columns: 60, rows: 12 }), 'T').state).join()).not.toContain('due twice');
});

it('says so when a job has nothing to go to', () => {
  const home = { kind: 'home', data: homeOf([jobRow('never')]), changed: [], happened: [] } as const;
  const state = press(reduce(someState({ now: NOW }), home).state, 'T', 'n').state;
  expect(state.notices.at(-1)?.text).toBe('Nothing more of this job is here; > shows the next day.');
});

it('has the filter of the jobs below, also on the least screen', () => {
  const home = {
    kind: 'home',
    data: homeOf([jobRow('books'), jobRow('news')]),
    changed: [],
    happened: [],
  } as const;
  const least = reduce(someState({ now: NOW, columns: 40, rows: 10 }), home).state;
  const frame = frameOf(press(least, 'T', '/', ...typed('news')).state);
  expect(frame.length).toBeLessThanOrEqual(10);
  expect(frame.join('\n')).toMatch(/news[\s\S]*\n\/news *1 of 2/);
  expect(frameOf(press(least, 'T', '/', ...typed('none'), 'enter').state).join('\n')).toContain(
    'None of 2 jobs fits',
  );
});

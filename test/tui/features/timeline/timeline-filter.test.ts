import { expect, it } from 'vitest';
import { footerParts } from '../../../../src/tui/app/footer.ts';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import { timelineView } from '../../../../src/tui/features/timeline/reducer.ts';
import { currentView } from '../../../../src/tui/kernel/step.ts';
import { homeOf, jobRow } from '../../job-rows.ts';
import { press, someState, typed } from '../../some-state.ts';

const JOBS = [
  jobRow('books', { tags: ['price'] }),
  jobRow('news', { state: 'failed' }),
  jobRow('wine', { tags: ['price'] }),
];
const listed = reduce(someState(), { kind: 'home', data: homeOf(JOBS), changed: [], activity: [] }).state;
const opened = press(listed, 'T').state;
const shown = (state: typeof opened) => timelineView(state).jobs.map(({ id }) => id);

it('/ filters the jobs of the timeline, with the words and fields that the jobs have', () => {
  expect(shown(opened)).toEqual(['books', 'news', 'wine']);
  expect(shown(press(opened, '/', ...typed('tag:price')).state)).toEqual(['books', 'wine']);
  expect(shown(press(opened, '/', ...typed('!tag:price'), 'enter').state)).toEqual(['news']);
});

it('while it is typed no letter is a key; Enter keeps it, here and in the jobs', () => {
  const typing = press(opened, '/', ...typed('news')).state;
  expect([currentView(typing).name, typing.jobs.filterPrompt.isOpen]).toEqual(['timeline', true]);
  expect(footerParts(typing, 80)).toEqual(footerParts(press(listed, '/').state, 80));
  const kept = press(typing, 'enter').state;
  expect(press(kept, 'w').state.timeline.slice.span).not.toBe(opened.timeline.slice.span);
  const jobs = press(kept, 'escape').state;
  expect([currentView(jobs).name, jobs.jobs.table.rows.map(({ id }) => id)]).toEqual(['jobs', ['news']]);
});

it('Esc brings the filter before back, and the strips make room for the line', () => {
  const typing = press(opened, '/', ...typed('nothing')).state;
  expect(timelineView(typing).height).toBe(timelineView(opened).height - 2);
  const back = press(typing, 'escape').state;
  expect([currentView(back).name, shown(back).length]).toEqual(['timeline', 3]);
});

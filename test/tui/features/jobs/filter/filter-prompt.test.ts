import { expect, it } from 'vitest';
import {
  inputToFilterPrompt,
  openFilterPrompt,
  setFilterText,
  statesInGroup,
  toggleStates,
} from '../../../../../src/tui/features/jobs/filter/filter-prompt.ts';
import { EMPTY_FILTER_PROMPT, type FilterPrompt } from '../../../../../src/tui/features/jobs/model.ts';
import { keyInput } from '../../../../../src/tui/ui/input.ts';
import { jobRow } from '../../../job-rows.ts';

const ROWS = [jobRow('books', { tags: ['price'] }), jobRow('news', { state: 'failed', tags: ['press'] })];

const typed = (text: string, prompt = openFilterPrompt(EMPTY_FILTER_PROMPT)) =>
  [...text].reduce((state, letter) => inputToFilterPrompt(state, keyInput(letter, letter), ROWS), prompt);
const pressed = (prompt: FilterPrompt, ...keys: string[]) =>
  keys.reduce((state, key) => inputToFilterPrompt(state, keyInput(key), ROWS), prompt);
const shown = ({ line: { text, cursor } }: FilterPrompt) => `${text.slice(0, cursor)}|${text.slice(cursor)}`;

it('filters with every key', () => {
  expect(typed('sta').filter.terms).toMatchObject([{ kind: 'text', text: 'sta' }]);
  expect(typed('state:f').filter.terms).toMatchObject([{ kind: 'state', states: ['failed'] }]);
});

it('Enter keeps the filter, Esc brings back the one that was there before', () => {
  const kept = pressed(typed('books'), 'enter');
  expect(kept).toMatchObject({ isOpen: false, filter: { text: 'books' } });
  const again = typed(' x', openFilterPrompt(kept));
  expect(shown(again)).toBe('books x|');
  expect(pressed(again, 'escape')).toMatchObject({ isOpen: false, filter: { text: 'books' } });
});

it('edits within the line, and takes a paste', () => {
  const moved = pressed(typed('one two'), 'ctrl+left', 'backspace');
  expect(shown(moved)).toBe('one|two');
  expect(shown(inputToFilterPrompt(moved, { kind: 'paste', text: ' and ' }, ROWS))).toBe('one and |two');
});

it('Tab walks through what may stand there, Shift+Tab back, and any other key ends it', () => {
  const first = pressed(typed('tag:pr'), 'tab');
  expect(shown(first)).toBe('tag:press|');
  const second = pressed(first, 'tab');
  expect(shown(second)).toBe('tag:price|');
  expect(shown(pressed(second, 'tab'))).toBe('tag:press|');
  expect(shown(pressed(second, 'shift+tab'))).toBe('tag:press|');
  expect(typed(' ', second).completing).toBeNull();
});

it('where only one thing fits, the next Tab completes what follows', () => {
  const field = pressed(typed('sta'), 'tab');
  expect(shown(field)).toBe('state:|');
  expect(shown(pressed(field, 'tab'))).toBe('state:invalid|');
});

it('Up brings filters that were kept, Down the present one', () => {
  const keep = (prompt: FilterPrompt, text: string) =>
    pressed(typed(text, openFilterPrompt(setFilterText(prompt, ''))), 'enter');
  const open = openFilterPrompt(setFilterText(['one', 'two'].reduce(keep, EMPTY_FILTER_PROMPT), ''));
  const texts = [['up'], ['up', 'up'], ['up', 'up', 'up'], ['up', 'down'], ['down']].map(
    (keys) => pressed(open, ...keys).line.text,
  );
  expect(texts).toEqual(['two', 'one', 'one', '', '']);
});

it('a toggle adds states to any text and removes them again', () => {
  const on = toggleStates('books', ['failed']);
  expect(on).toBe('books state:failed');
  expect(toggleStates(`${on} tag:x`, ['running'])).toBe('books state:failed,running tag:x');
  expect(toggleStates(on, ['failed'])).toBe('books');
  expect(toggleStates('state:failed books', ['failed'])).toBe('books');
  expect(toggleStates('!state:ok', ['ok'])).toBe('!state:ok state:ok');
});

it('a toggle of a group uses its short name', () => {
  const bad = toggleStates('', statesInGroup('bad'));
  expect(bad).toBe('state:bad');
  const both = toggleStates(bad, statesInGroup('active'));
  expect(both).toBe('state:bad,active');
  expect(toggleStates(both, statesInGroup('bad'))).toBe('state:active');
  expect(toggleStates('state:failed', statesInGroup('bad'))).toBe('state:bad');
});

import { expect, it } from 'vitest';
import * as find from '../../../src/tui/find/find-state.ts';
import { toggledStates, toggleState } from '../../../src/tui/find/toggle-state.ts';
import { jobRow } from '../job-rows.ts';

const ROWS = [jobRow('books', { tags: ['price'] }), jobRow('news', { state: 'failed', tags: ['press'] })];
const typed = (...texts: string[]) => texts.reduce(find.typeFind, find.openFind(find.NO_FIND));
const shown = ({ text, cursor }: find.FindState) => `${text.slice(0, cursor)}|${text.slice(cursor)}`;

it('filters with every key', () => {
  expect(typed('s', 't', 'a').filter.terms).toMatchObject([{ kind: 'text', text: 'sta' }]);
  expect(typed('state:', 'f').filter.terms).toMatchObject([{ kind: 'state', states: ['failed'] }]);
});

it('Esc brings back what was there before the prompt, and without a prompt clears the filter', () => {
  const kept = find.keepFind(typed('books'));
  expect(kept).toMatchObject({ text: 'books', isOpen: false });
  const again = find.typeFind(find.openFind(kept), ' x');
  expect(find.leaveFind(again)).toMatchObject({ text: 'books', isOpen: false });
  expect(find.leaveFind(kept)).toMatchObject({ text: '', isOpen: false, filter: { terms: [] } });
});

it('moves and erases by what people see as one character, and by words', () => {
  const line = typed('a 👩‍👧 e\u0301');
  expect(shown(find.eraseFind(line, 'back'))).toBe('a 👩‍👧 |');
  expect(shown(find.moveFind(find.moveFind(find.moveFind(line, 'left'), 'left'), 'left'))).toBe(
    'a |👩‍👧 e\u0301',
  );
  expect(shown(find.eraseFind(typed('one two '), 'wordBack'))).toBe('one |');
  expect(shown(find.eraseFind(find.moveFind(typed('one'), 'start'), 'forward'))).toBe('|ne');
  expect(shown(find.eraseFind(find.moveFind(typed('one two'), 'wordLeft'), 'toStart'))).toBe('|two');
});

it('a paste of several lines becomes one, without control characters', () => {
  expect(typed('a\r\nb\u001b[31m').text).toBe('a b[31m');
});

it('Tab walks through what may stand there, Shift+Tab back, and any key ends it', () => {
  const first = find.completeFind(typed('tag:pr'), 1, ROWS);
  expect(shown(first)).toBe('tag:press|');
  const second = find.completeFind(first, 1, ROWS);
  expect(shown(second)).toBe('tag:price|');
  expect(shown(find.completeFind(second, 1, ROWS))).toBe('tag:press|');
  expect(shown(find.completeFind(second, -1, ROWS))).toBe('tag:press|');
  expect(find.typeFind(second, ' ').completing).toBeNull();
});

it('where only one thing fits, the next Tab completes what follows', () => {
  const field = find.completeFind(typed('sta'), 1, ROWS);
  expect(shown(field)).toBe('state:|');
  expect(shown(find.completeFind(field, 1, ROWS))).toBe('state:invalid|');
});

it('Up brings filters that were kept, Down the present one', () => {
  const kept = ['one', 'two'].reduce(
    (state, text) => find.keepFind(find.typeFind(find.openFind(find.leaveFind(state)), text)),
    find.NO_FIND,
  );
  const open = find.openFind(find.leaveFind(kept));
  const older = find.recallFind(find.recallFind(open, 1), 1);
  expect([find.recallFind(open, 1).text, older.text, find.recallFind(older, 1).text]).toEqual([
    'two',
    'one',
    'one',
  ]);
  expect(find.recallFind(find.recallFind(older, -1), -1).text).toBe('');
});

it('a toggle puts a state into the text and takes it out again, whatever else is there', () => {
  const on = toggleState('books', 'failed');
  expect(on).toBe('books state:failed');
  expect(toggleState(`${on} tag:x`, 'running')).toBe('books state:failed,running tag:x');
  expect(toggledStates(on)).toEqual(['failed']);
  expect(toggleState(on, 'failed')).toBe('books');
  expect(toggleState('state:failed books', 'failed')).toBe('books');
  expect(toggleState('', 'ok')).toBe('state:ok');
  expect(toggleState('!state:ok', 'ok')).toBe('!state:ok state:ok');
});

import { expect, it } from 'vitest';
import { reduce } from '../../../src/tui/app/reduce.ts';
import type { AnswerEvent } from '../../../src/tui/kernel/call.ts';
import { visibleNotice, withNotice } from '../../../src/tui/kernel/notices.ts';
import { someState } from '../some-state.ts';

const failed: AnswerEvent = {
  ...{ kind: 'answer', name: 'cancel_run', tag: 'any', ok: false },
  failure: { code: 'conflict', message: 'It has ended.', hint: 'Run it again.' },
};

it('is shown for a while, and kept after that', () => {
  const state = withNotice(someState(), 'good', 'Done.');
  expect(visibleNotice(state)?.text).toBe('Done.');
  const later = reduce(state, { kind: 'tick', now: state.now + 5000 }).state;
  expect(visibleNotice(later)).toBeUndefined();
  expect(later.notices).toHaveLength(1);
});

it('does not come back after a newer one that is shown for less time, but something bad about something else does', () => {
  const after = (notices: readonly (readonly ['good' | 'warning' | 'bad', string, string?])[]) => {
    const said = notices.reduce(
      (state, [tone, text, subject]) => withNotice(state, tone, text, subject),
      someState(),
    );
    return visibleNotice(reduce(said, { kind: 'tick', now: said.now + 5000 }).state)?.text;
  };
  expect(
    after([
      ['warning', 'Save: it is still being checked.'],
      ['good', 'It is saved.'],
    ]),
  ).toBeUndefined();
  expect(
    after([
      ['bad', 'shop: cannot be used', 'shop'],
      ['good', 'shop was edited.', 'shop'],
    ]),
  ).toBeUndefined();
  expect(
    after([
      ['bad', 'shop: failed', 'shop'],
      ['good', 'books: succeeded', 'books'],
    ]),
  ).toBe('shop: failed');
  // A colon in a text means nothing.
  expect(
    after([
      ['bad', 'Not saved: the disk is full'],
      ['good', 'Not saved: nothing'],
    ]),
  ).toBe('Not saved: the disk is full');
});

it('reports a failed call with what to do next, unless its view does', () => {
  expect(visibleNotice(reduce(someState(), failed).state)).toMatchObject({
    ...{ tone: 'bad', text: 'It has ended. Run it again.' },
  });
  expect(reduce(someState(), { ...failed, quiet: true }).state.notices).toEqual([]);
});

it('reports why an editor did not start', () => {
  const { state } = reduce(someState(), {
    kind: 'outside_ended',
    tag: 'x',
    ok: false,
    problem: 'vi was not found',
  });
  expect(visibleNotice(state)?.text).toBe('vi was not found');
});

it('keeps no more than 200', () => {
  let state = someState();
  for (let index = 0; index < 300; index += 1) state = withNotice(state, 'info', String(index));
  expect(state.notices).toHaveLength(200);
  expect(state.notices.at(-1)?.text).toBe('299');
});

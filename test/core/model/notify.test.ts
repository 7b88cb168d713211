import fc from 'fast-check';
import { expect, it } from 'vitest';
import { notifyInput, readNotify } from '../../../src/core/model/notify.ts';
import { formatNotify, NOTIFY_EVENTS, parseNotify } from '../../../src/core/model/notify-events.ts';

it('channels as one text are those of the list, for any list', () => {
  const entry = fc.record({
    channel: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,20}$/),
    on: fc.uniqueArray(fc.constantFrom(...NOTIFY_EVENTS), { minLength: 1 }),
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 5 }), (notify) => {
      expect(notifyInput().parse(parseNotify(formatNotify(notify)))).toEqual(notify);
    }),
  );
});

it('a text that names no channel or a wrong event is refused, not guessed', () => {
  for (const text of ['me:sometimes', 'a/b', ':failure'])
    expect(notifyInput().safeParse(parseNotify(text)).success).toBe(false);
  expect(parseNotify(' off ')).toEqual([]);
  expect(parseNotify('  me   team:change ')).toEqual([
    { channel: 'me' },
    { channel: 'team', on: ['change'] },
  ]);
});

it('a stored list that this program does not write is none', () => {
  expect(readNotify([{ channel: 'me' }])).toEqual([{ channel: 'me', on: ['failure', 'recovery', 'paused'] }]);
  for (const value of [null, 3, 'me', [{ on: [] }]]) expect(readNotify(value)).toBeNull();
});

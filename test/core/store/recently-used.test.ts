import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RecentlyUsed } from '../../../src/core/store/recently-used.ts';

const step = fc.record({
  how: fc.constantFrom('get', 'set', 'delete'),
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
});

it('the values that were used last are kept, and no more than so many', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 1, max: 4 }), (steps, most) => {
      const recent = new RecentlyUsed<number>(most);
      let model: [string, number][] = [];
      for (const [index, { how, id }] of steps.entries()) {
        const known = model.find(([each]) => each === id);
        const others = model.filter(([each]) => each !== id);
        if (how === 'get') {
          expect(recent.get(id)).toBe(known?.[1]);
          if (known) model = [...others, known];
        } else if (how === 'set') {
          recent.set(id, index);
          model = [...others, [id, index] as [string, number]].slice(-most);
        } else {
          recent.delete(id);
          model = others;
        }
      }
      for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) {
        const isKept = model.some(([each]) => each === id);
        expect(recent.get(id) !== undefined).toBe(isKept);
      }
    }),
  );
});

it('without a limit all are kept', () => {
  const all = new RecentlyUsed<number>();
  for (let index = 0; index < 5_000; index += 1) all.set(String(index), index);
  expect([0, 2_500, 4_999].map((index) => all.get(String(index)))).toEqual([0, 2_500, 4_999]);
});

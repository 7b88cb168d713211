import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWorkerName, parseWorkerName, tagsOfPool, toPool } from '../../../src/core/model/worker-names.ts';

describe('the name of a worker', () => {
  it.each(['a', '7', 'paris-1', 'a'.repeat(40), 'eu-'])('may be %s', (name) => {
    expect(parseWorkerName(name, 'name')).toBe(name);
  });

  it.each(['', '-a', 'Paris', 'a_b', 'a.b', 'a,b', 'a b', 'a\n', 'é', 'a'.repeat(41)])(
    'is not %j',
    (name) => {
      expect(isWorkerName(name)).toBe(false);
      expect(() => parseWorkerName(name, 'name')).toThrow(
        expect.objectContaining({ code: 'invalid_params', field: 'name' }),
      );
    },
  );
});

describe('a pool', () => {
  it('is the tags sorted, each once, and nothing for a job that asks for none', () => {
    expect(toPool(['eu', 'browser', 'eu'])).toBe('browser,eu');
    expect(toPool([])).toBe('');
    expect(toPool(null)).toBe('');
  });

  it('is the same for the same tags in any order, and gives them back', () => {
    const tags = fc.uniqueArray(fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,39}$/), { maxLength: 8 });
    fc.assert(
      fc.property(tags, tags, (some, more) => {
        expect(toPool([...some, ...more])).toBe(toPool([...more, ...some]));
        expect(tagsOfPool(toPool(some))).toEqual([...some].sort());
      }),
    );
  });
});

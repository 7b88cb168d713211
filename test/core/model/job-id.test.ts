import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isName, makeJobId, parseName } from '../../../src/core/model/ids.ts';

describe('a name', () => {
  it.each(['a', '7', 'news', 'news_scraper', 'a-b_c', 'com', 'com10', 'a'.repeat(64)])(
    'may be %s',
    (name) => {
      expect(parseName(name, 'job_id')).toBe(name);
    },
  );

  it.each([
    ...['', ' ', 'A', 'ä', '-a', 'a-', '_a', 'a_', 'a b', 'a.b', 'a/b', '..', 'a\n', 'a\0', 'a'.repeat(65)],
    ...['con', 'nul', 'prn', 'aux', 'com0', 'com1', 'lpt9', '__proto__', 'é'.normalize('NFD')],
  ])('may not be %j, and the error says what is allowed', (name) => {
    expect(() => parseName(name, 'config_name')).toThrow(
      expect.objectContaining({
        code: 'invalid_params',
        field: 'config_name',
        hint: expect.stringMatching(/lower-case/),
      }),
    );
  });
});

it('an id made from any configuration name is a name, and not a taken one', () => {
  const names = fc.stringMatching(/^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/);
  fc.assert(
    fc.property(names, (name) => {
      let refusals = 3;
      const refused: string[] = [];
      const id = makeJobId(name, (candidate) => {
        if (refusals === 0) return false;
        refusals -= 1;
        refused.push(candidate);
        return true;
      });
      expect(isName(id)).toBe(true);
      expect(id).toMatch(/-[b-z2-9]{4}$/);
      expect(refused).toHaveLength(3);
    }),
  );
  expect(makeJobId('news_scraper', () => false)).toMatch(/^news-scraper-[a-z0-9]{4}$/);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { getSelectors } from '../../../src/scrape/config/config-fields.ts';
import { countFilled, hasValue } from '../../../src/scrape/crawl/count-filled.ts';
import { ScrapeStats } from '../../../src/scrape/crawl/scrape-stats.ts';
import { extractRows } from '../../../src/scrape/extract/extract-rows.ts';
import type { Item } from '../../../src/scrape/lib/page.ts';
import { configOf, pageOf } from '../extract/fixtures.ts';

describe('the rows in which a field has a value', () => {
  it('are counted for each name, also one that every object has', () => {
    const name = fc.constantFrom('a', 'constructor', 'toString', '__proto__');
    const value = fc.constantFrom<Item[string]>(null, [], ['x'], '', 0, 'x', {});
    const row = fc.dictionary(name, value).map((fields) => JSON.parse(JSON.stringify(fields)) as Item);
    fc.assert(
      fc.property(fc.array(row), name, (rows, key) => {
        expect(countFilled(rows, [key])).toBe(rows.filter((each) => hasValue(each, [key])).length);
      }),
    );
  });

  it('are counted with the matches of a field that is called constructor', () => {
    const config = configOf('item: li\nselectors: {constructor: b, points: i}');
    const page = pageOf('<ul><li><b>Lotus</b><i>7</i><li><i>0</i></ul>');
    const { rows, matches } = extractRows(page, config);
    const stats = new ScrapeStats();
    const source = { body: Buffer.alloc(0), contentType: 'text/html', status: 200, fetchedAt: 0 };
    stats.addRows(rows, getSelectors(config), { url: page.url, source });
    expect(matches).toEqual({ constructor: 1, points: 2 });
    expect(stats.filled).toEqual({ constructor: 1, points: 2 });
  });
});

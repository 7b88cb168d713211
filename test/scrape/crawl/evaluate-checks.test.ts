import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/scrape/config/parse-config.ts';
import { evaluateChecks, getStatsOptions } from '../../../src/scrape/crawl/evaluate-checks.ts';
import { ScrapeStats } from '../../../src/scrape/crawl/scrape-stats.ts';
import { withRun } from './with-run.ts';

const { site, run } = withRun();

const YAML = `url: "{site}/list"
item: li
selectors:
  title: b
  reviews: { selector: .review, multiple: true, children: { stars: i, text: p } }
follow: { selector: a, selectors: { isbn: .isbn, by: { selector: .by, children: { name: b, born: i } } } }
delays: { type: fixed, value: 0 }
`;

/** Three books with two reviews each; of the second book a review lacks its stars, and its page the author's birth. */
function threeBooks() {
  const review = (stars: string) => `<div class="review"><p>good</p>${stars}</div>`;
  const row = (n: number, stars: string) =>
    `<li><b>${n}</b><a href="/${n}">see</a>${review('<i>5</i>')}${review(stars)}</li>`;
  site().html('/list', `${row(1, '<i>4</i>')}${row(2, '')}${row(3, '<i>1</i>')}`);
  for (const n of [1, 2, 3])
    site().html(`/${n}`, `<p class="by"><b>A</b>${n === 2 ? '' : '<i>1970</i>'}</p><p class="isbn">${n}</p>`);
}

async function judged(expected: string) {
  threeBooks();
  const { config, warnings } = parseConfig(
    `${YAML.replaceAll('{site}', 'http://a.test')}expect: ${expected}\n`,
    'x',
  );
  const tally = new ScrapeStats(getStatsOptions(config.expect));
  await run(YAML, {}, tally);
  return { checks: evaluateChecks(config.expect, config, tally), tally, warnings };
}

describe('fields within others are expected by their path', () => {
  it('and are filled in a row when each entry of a list has them', async () => {
    const { checks, warnings } = await judged(
      '{ required_fields: [reviews.text, by.name, isbn, reviews.stars], min_fill_percent: { by.born: 66, reviews.stars: 67 } }',
    );
    expect(warnings).toEqual([]);
    expect(checks.map(({ field, passed, found }) => [field, passed, found])).toEqual([
      ['reviews.text', true, 100],
      ['by.name', true, 100],
      ['isbn', true, 100],
      ['reviews.stars', false, 66.6],
      ['by.born', true, 66.6],
      ['reviews.stars', false, 66.6],
    ]);
    expect(checks[3]?.message).toMatch(/^reviews\.stars is empty in 1 item of 3 /);
  });

  it('so that the page to look at is the one that lacks them: that of the rows, or of the row', async () => {
    const { tally } = await judged('{ required_fields: [reviews.stars, by.born] }');
    const pages = Object.fromEntries([...tally.gaps].map(([field, { url }]) => [field, url]));
    expect(pages).toEqual({ 'reviews.stars': site().url('/list'), 'by.born': site().url('/2') });
  });

  it('of which one that there is not is a warning of the configuration, and fails with the names of all', async () => {
    const { checks, warnings } = await judged(
      '{ required_fields: [by.nam, publisher], min_fill_percent: { reviews.star: 50 } }',
    );
    expect(warnings).toMatchObject([
      {
        path: 'expect.required_fields[0]',
        message: 'there is no field "by.nam"',
        hint: 'Did you mean "by.name"?',
      },
      { path: 'expect.required_fields[1]', hint: expect.stringContaining('reviews.stars') },
      { path: 'expect.min_fill_percent."reviews.star"', line: 8, hint: 'Did you mean "reviews.stars"?' },
    ]);
    expect(checks.map(({ passed }) => passed)).toEqual([false, false, false]);
    expect(checks[1]?.message).toBe(
      'no item has a field "publisher"; the configuration takes title, reviews, reviews.stars, reviews.text, isbn, by, by.name, by.born',
    );
  });
});

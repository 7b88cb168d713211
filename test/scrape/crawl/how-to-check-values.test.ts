import { expect, it } from 'vitest';
import { ScrapeStats } from '../../../src/scrape/crawl/scrape-stats.ts';
import { codeBlocks } from '../../docs-pages.ts';
import { withRun } from './with-run.ts';

const { site, run, staged } = withRun();
const [strict = '', tolerant = ''] = codeBlocks('docs/how-to/check-values.md', 'yaml');

/** Runs an example of docs/how-to/check-values.md on the site of the test. */
async function rulesOf(example: string): Promise<string[]> {
  const stats = new ScrapeStats();
  await run(example.replaceAll('https://shop.example', '{site}'), {}, stats);
  return stats.rules.flatMap(({ passed, message }) => (passed ? [] : [message]));
}

const book = (link: string, price: string) =>
  `<article><h3><a href="${link}">Book</a></h3><p class="price">${price}</p><time>25 Nov 2026</time></article>`;

it('rules find wrong values', async () => {
  site().html('/books', book('/1', '£5') + book('/2', '£9.99'));
  expect(await rulesOf(strict)).toEqual([]);
  site().html('/books', book('/1', '£0') + book('/1', 'soon'));
  expect(await rulesOf(strict)).toEqual([
    expect.stringMatching(/^link: 1 of 2 rows repeats an earlier value/),
    'price: 1 of 2 rows is below min 0.01 (row 1: 0)',
    expect.stringMatching(/^price: 1 of 2 values could not be read/),
  ]);
});

it('broken rows are dropped within a limit', async () => {
  const good = Array.from({ length: 19 }, (_, n) => book(`/${n}`, '£5'));
  site().html('/offers', [...good, book('/19', '£0')].join(''));
  expect(await rulesOf(tolerant)).toEqual([]);
  expect(staged()).toHaveLength(19);
  site().html('/offers', [...good, book('/19', '£0'), book('/20', '£0')].join(''));
  expect(await rulesOf(tolerant)).toHaveLength(1);
  expect(staged()).toHaveLength(21);
});

import { expect, it } from 'vitest';
import { codeBlocks } from '../../docs-pages.ts';
import { withRun } from './with-run.ts';

const { site, run, staged, traces } = withRun();
const [books = ''] = codeBlocks('docs/how-to/crawl-a-site.md', 'yaml');

const links = (...paths: string[]) => paths.map((path) => `<a href="${path}">to</a>`).join('');

it('the books of a shop are found by its links', async () => {
  site().html('/', links('/category/1', '/login', '/about', 'https://www.facebook.example/books'));
  site().html('/category/1', links('/book/1', '/category/1?page=2', '/category/1?sort=price'));
  site().html('/category/1?page=2', links('/book/2', '/category/1'));
  for (const n of [1, 2])
    site().html(`/book/${n}`, `<h1>Book ${n}</h1><b class="price">£${n}.50</b>${links('/book/1', '/about')}`);
  const { pages, warnings } = await run(books.replaceAll('https://books.example', '{site}'));
  expect(staged()).toEqual([
    { title: 'Book 1', price: { amount: 1.5, currency: 'GBP' }, link: site().url('/book/1') },
    { title: 'Book 2', price: { amount: 2.5, currency: 'GBP' }, link: site().url('/book/2') },
  ]);
  expect(pages).toBe(5);
  expect(warnings).toEqual([]);
  for (const text of [
    '1 address matched by no pattern of crawl.match',
    '1 address of other hosts',
    '2 addresses matched by a pattern of crawl.not',
  ])
    expect(traces.lines.join('\n')).toContain(`the crawl left out ${text}`);
});

import { expect, it } from 'vitest';
import { codeBlocks } from '../../docs-pages.ts';
import { withRun } from './with-run.ts';

const { site, run, staged } = withRun();
const [one = '', two = ''] = codeBlocks('docs/how-to/detail-pages.md', 'yaml');

/** Runs an example of docs/how-to/detail-pages.md on the site of the test. */
const runExample = (example: string) => run(example.replaceAll('https://shop.example', '{site}'));

function shop() {
  const row = (name: string) =>
    `<article class="book"><h3><a href="/b/${name}">${name}</a></h3><i class="price">£5</i></article>`;
  site().html('/books', row('A') + row('B'));
  for (const name of ['A', 'B'])
    site().html(
      `/b/${name}`,
      `<p class="isbn">978-${name}</p><p class="pages">320</p><a class="publisher" href="/house">House</a>`,
    );
  site().html('/house', '<h1>House</h1><div class="address"><b class="city">Rome</b></div>');
}

it('rows get the fields of their own pages', async () => {
  shop();
  await runExample(one);
  expect(staged()).toEqual(
    ['A', 'B'].map((title) => ({
      title,
      price: { amount: 5, currency: 'GBP' },
      isbn: `978-${title}`,
      pages: 320,
    })),
  );
});

it('and those of the pages after them, each fetched once', async () => {
  shop();
  await runExample(two);
  expect(staged()).toEqual(
    ['A', 'B'].map((title) => ({ title, isbn: `978-${title}`, publisher: 'House', city: 'Rome' })),
  );
  expect(site().visitsOf('/house')).toHaveLength(1);
});

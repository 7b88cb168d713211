import { expect, it } from 'vitest';
import { codeBlocks } from '../../docs-pages.ts';
import { withRun } from './with-run.ts';

const { site, run, staged } = withRun();
const [whole = '', chosen = '', rss = '', atom = ''] = codeBlocks('docs/how-to/tables-and-feeds.md', 'yaml');

/** Runs an example of docs/how-to/tables-and-feeds.md on the site of the test. */
const runExample = (example: string) => run(example.replaceAll('https://shop.example', '{site}'));

const TABLE = `<table id="prices"><tr><th>City</th><th>Price (new)</th></tr>
  <tr><td rowspan="2"><a href="/rome">Rome</a></td><td>5 €</td></tr><tr><td>7 €</td></tr></table>`;

it('a table gives its columns, or those that are chosen', async () => {
  site().html('/prices', TABLE);
  await runExample(whole);
  expect(staged()).toEqual([
    { City: 'Rome', 'Price (new)': '5 €' },
    { City: 'Rome', 'Price (new)': '7 €' },
  ]);
  await runExample(chosen);
  expect(staged()).toEqual([
    { city: 'Rome', price: { amount: 5, currency: 'EUR' }, link: site().url('/rome') },
    { city: 'Rome', price: { amount: 7, currency: 'EUR' }, link: site().url('/rome') },
  ]);
});

it('a feed gives its entries', async () => {
  site().html(
    '/feed.rss',
    `<rss xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title><item><title><![CDATA[A & B]]></title>
      <link>https://a.example/1</link><pubDate>Wed, 25 Nov 2026 10:00:00 GMT</pubDate><dc:creator>Ann</dc:creator></item></channel></rss>`,
    { 'content-type': 'application/rss+xml' },
  );
  await runExample(rss);
  expect(staged()).toEqual([
    { title: 'A & B', link: 'https://a.example/1', published: '2026-11-25T10:00:00Z', author: 'Ann' },
  ]);
  site().html(
    '/atom.xml',
    `<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry><title>A</title>
      <link rel="self" href="/self"/><link href="/1"/><updated>2026-11-25T10:00:00Z</updated></entry></feed>`,
    { 'content-type': 'application/atom+xml' },
  );
  await runExample(atom);
  expect(staged()).toEqual([{ title: 'A', link: site().url('/1'), updated: '2026-11-25T10:00:00Z' }]);
});

import { expect, it } from 'vitest';
import { withRun } from '../crawl/with-run.ts';
import { noBrowserHere } from './browser-site.ts';

const { site, run, staged } = withRun();

/** A page that is empty until its script has run. */
const made = (markup: string) =>
  `<!DOCTYPE html><title>page</title><div id="root"></div><script>root.innerHTML = ${JSON.stringify(markup)}</script>`;
const CRAWL = `url: "{site}/"
selectors: { name: h1 }
crawl: { rows_from: /book/ }
delays: { type: fixed, value: 0 }
`;

it.skipIf(noBrowserHere !== undefined).each(['browser', 'auto'])(
  'a crawl follows the links that scripts make, with backend %s',
  async (backend) => {
    site().html('/', made('<a href="/list">list</a>'));
    site().html('/list', made('<a href="/book/1">one</a><a href="/book/2">two</a>'));
    for (const n of [1, 2]) site().html(`/book/${n}`, made(`<h1>Book ${n}</h1><a href="/list">back</a>`));
    await run(`${CRAWL}backend: ${backend}\n`);
    expect(staged()).toEqual([{ name: 'Book 1' }, { name: 'Book 2' }]);
  },
);

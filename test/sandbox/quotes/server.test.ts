import { load } from 'cheerio';
import { expect, it } from 'vitest';
import { makeQuotes } from '../../../src/sandbox/quotes/quotes.ts';
import { READER } from '../../../src/sandbox/quotes/sign-in.ts';
import { openQuotes } from './open-quotes.ts';

async function page(url: string, init: RequestInit = {}) {
  const response = await fetch(url, init);
  return { response, $: load(await response.text()) };
}

it('has a hundred different quotes, the same each time, of many authors with one to four tags', () => {
  const quotes = makeQuotes();
  expect(quotes).toEqual(makeQuotes());
  expect(makeQuotes(7)).not.toEqual(quotes);
  expect(new Set(quotes.map(({ text }) => text)).size).toBe(100);
  expect(new Set(quotes.map(({ author }) => author)).size).toBeGreaterThan(30);
  for (const { tags } of quotes) expect(new Set(tags).size).toBe(tags.length);
});

it('shows ten a page on ten pages, with links to the neighbours, and none beyond', async () => {
  const { url } = await openQuotes();
  const texts: string[] = [];
  let next: string | undefined = url;
  let pages = 0;
  for (; next !== undefined; pages++) {
    const { $ } = await page(next);
    texts.push(
      ...$('.quote .text')
        .map((_, span) => $(span).text())
        .get(),
    );
    const href: string | undefined = $('ul.pager li.next a').attr('href');
    next = href === undefined ? undefined : new URL(href, url).href;
  }
  expect(pages).toBe(10);
  expect(texts).toEqual(makeQuotes().map(({ text }) => `“${text}”`));
  const beyond = await page(`${url}page/11/`);
  expect([beyond.response.status, beyond.$('.quote').length]).toEqual([200, 0]);
});

it.each(['js/', 'js-delayed/', 'js-onclick/', 'scroll/', 'load-more/'])(
  'has no quote in the source of %s',
  async (variant) => {
    const { url } = await openQuotes();
    const { response, $ } = await page(url + variant);
    expect(response.status).toBe(200);
    expect($('.quotes').length).toBe(1);
    expect($('.quote').length).toBe(0);
  },
);

it('has two rows of a table for each quote, and those of a tag on a page', async () => {
  const { url } = await openQuotes();
  const { $ } = await page(`${url}tableful/page/2/`);
  expect($('table tr').length).toBe(20);
  const [first] = makeQuotes();
  const tagged = await page(`${url}tag/${encodeURIComponent(first?.tags[0] ?? '')}/`);
  expect(tagged.$('.quote .text').first().text()).toBe(`“${first?.text}”`);
  expect((await fetch(`${url}tag/nothing/`)).status).toBe(404);
});

it('answers its own scripts page by page', async () => {
  const { url } = await openQuotes();
  const api = async (number: number) => (await fetch(`${url}api/quotes?page=${number}`)).json();
  expect(await api(1)).toMatchObject({ has_next: true, page: 1, quotes: { length: 10 } });
  expect(await api(10)).toMatchObject({ has_next: false, quotes: { length: 10 } });
  expect(await api(11)).toMatchObject({ has_next: false, quotes: [] });
});

it('lets in who sends the form back with its token and the right password, and shows them more', async () => {
  const { url } = await openQuotes();
  const form = await page(`${url}login`);
  const cookie = form.response.headers.get('set-cookie')?.split(';')[0] ?? '';
  const token = form.$('input[name=csrf_token]').attr('value') ?? '';
  const send = (fields: Record<string, string>) =>
    fetch(`${url}login`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { cookie },
      redirect: 'manual',
    });
  expect((await send(READER)).status).toBe(403);
  const wrong = await send({ ...READER, password: 'guess', csrf_token: token });
  const again = load(await wrong.text());
  expect(again('.error').text()).toContain('Wrong');
  // A form counts once.
  expect((await send({ ...READER, csrf_token: token })).status).toBe(403);
  const fresh = again('input[name=csrf_token]').attr('value') ?? '';
  const done = await send({ ...READER, csrf_token: fresh });
  expect([done.status, done.headers.get('location')]).toEqual([302, '/']);
  const inside = await page(url, { headers: { cookie } });
  expect([inside.$('.likes').length, inside.$('.logout').length]).toEqual([10, 1]);
  expect((await page(url)).$('.likes, .logout').length).toBe(0);
  await fetch(`${url}logout`, { headers: { cookie } });
  expect((await page(url, { headers: { cookie } })).$('.likes').length).toBe(0);
});

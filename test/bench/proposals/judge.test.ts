import { describe, expect, it } from 'vitest';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { getText, select } from '../../../src/scrape/extract/select.ts';
import type { Page } from '../../../src/scrape/lib/page.ts';

// A plain module outside the typed program.
const { judge } = await import(new URL('../../../bench/proposals/judge.mjs', import.meta.url).href);

const ROWS = Array.from(
  { length: 10 },
  (_, n) =>
    `<li><div class="card"><h2><a href="/${n}">Thing number ${n}</a></h2><p>About ${n}</p></div></li>`,
);
const PAGE = `<ul id="menu"><li>Home</li><li>Shop</li><li>Help</li></ul><ul id="list">${ROWS.join('')}</ul>
  <a class="more" href="?page=2">2</a><a class="next" href="?page=2#top">Next</a><a class="other" href="?page=9">9</a>`;
const LABEL = { id: 'page', items: ['#list > li'], title: 'h2 a', link: true, next: ['a.next'] };
const TITLE = { name: 'title', selector: 'h2', attribute: null };
const LINK = { name: 'link', selector: 'a', attribute: 'href' };

function judged(
  proposal: { item: string | null; fields?: object[]; next?: string | null },
  label: object = {},
  choices: string[] = [],
) {
  const proposed = { fields: [TITLE, LINK], next: 'a.next', ...proposal };
  const scraper = {
    ...{ select, textOf: getText, propose: (_page: Page) => proposed },
    choicesOf: (_page: Page) => choices.map((item) => ({ item })),
  };
  const page = loadPage(Buffer.from(PAGE), 'text/html', 'http://site.example/list');
  return judge(page, { ...LABEL, ...label }, scraper);
}

describe('what is proposed, beside what a person has marked', () => {
  it.each(['#list > li', '#list .card', '#list h2', '#list > li, #menu li:first-child'])(
    'has the right rows when each is one, is around one, or lies in one, and hardly any are too many: %s',
    (item) => {
      const fields = [{ ...TITLE, selector: item.endsWith('h2') ? ':scope' : 'h2' }, LINK];
      expect(judged({ item, fields })).toMatchObject({ verdict: 'right', missing: [] });
    },
  );

  it.each(['li', '#list', '#list > li:nth-child(-n+8)', '#list > li > div, #list h2'])(
    'has the wrong rows when many are too many, missing, or not one for each: %s',
    (item) => {
      expect(judged({ item })).toMatchObject({ verdict: 'wrong' });
      expect(judged({ item }, {}, ['h1', '#list > li']).verdict).toBe('wrong, among choices');
    },
  );

  it('is half right when no field has the title, or none leads on', () => {
    const item = '#list > li';
    expect(judged({ item, fields: [LINK] })).toMatchObject({ verdict: 'half', missing: ['title'] });
    expect(judged({ item, fields: [TITLE] })).toMatchObject({ verdict: 'half', missing: ['link'] });
    expect(judged({ item, fields: [TITLE] }, { link: false }).verdict).toBe('right');
  });

  it('takes a title that is cut short or has a little around it, and nothing that is something else', () => {
    const item = '#list > li';
    const about = { ...TITLE, selector: 'p' };
    expect(judged({ item, fields: [about, LINK] })).toMatchObject({ verdict: 'half', missing: ['title'] });
    const all = { ...TITLE, selector: '.card' };
    expect(judged({ item, fields: [all, LINK] }).verdict).toBe('right');
  });

  it('is nothing when nothing is proposed, and further down when it was found', () => {
    expect(judged({ item: null }).verdict).toBe('nothing');
    expect(judged({ item: null }, {}, ['#list > li']).verdict).toBe('nothing, further down');
  });

  it.each([
    ['right', 'a.more', ['a.next']],
    ['right', null, null],
    ['missed', null, ['a.next']],
    ['wrong', 'a.other', ['a.next']],
    ['wrong', 'a.next', null],
    ['right', 'a.other', ['a.next', 'a.other']],
  ])('has the next link %s: %s for %j', (verdict, next, wanted) => {
    expect(judged({ item: '#list > li', next }, { next: wanted }).next).toBe(verdict);
  });
});
